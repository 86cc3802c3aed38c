"""URLs of stored queries."""

from django.urls import path

from apps.queries.rest_views import RestViewSet
from apps.queries.views import QueryViewSet

urlpatterns = [
    path(
        "api/db/query",
        QueryViewSet.as_view({"get": "list", "post": "create", "put": "update", "delete": "destroy"}),
        name="db-query",
    ),
    path("api/rest", RestViewSet.as_view({"post": "create"}), name="rest"),
]
