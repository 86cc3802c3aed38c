"""URLs of pools."""

from django.urls import path

from apps.pools.views import DatabaseViewSet, PoolViewSet

urlpatterns = [
    path("api/db/check", PoolViewSet.as_view({"get": "check"}), name="db-check"),
    path("api/db/open", PoolViewSet.as_view({"get": "open"}), name="db-open"),
    path("api/db/close", PoolViewSet.as_view({"get": "close"}), name="db-close"),
    path("api/db/create", DatabaseViewSet.as_view({"post": "create"}), name="db-create"),
    path("api/db/drop", DatabaseViewSet.as_view({"post": "drop"}), name="db-drop"),
]
