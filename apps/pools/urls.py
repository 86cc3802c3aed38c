"""URLs of pools."""

from django.urls import path

from apps.pools.views import PoolViewSet

urlpatterns = [
    path("api/db/check", PoolViewSet.as_view({"get": "check"}), name="db-check"),
    path("api/db/open", PoolViewSet.as_view({"get": "open"}), name="db-open"),
    path("api/db/close", PoolViewSet.as_view({"get": "close"}), name="db-close"),
]
