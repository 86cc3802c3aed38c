"""URLs of set-up and export."""

from django.urls import path

from apps.setup.version_views import VersionViewSet
from apps.setup.views import ExportViewSet

urlpatterns = [
    path("api/export/repository", ExportViewSet.as_view({"get": "repository"}), name="export-repository"),
    path("api/setup/current", VersionViewSet.as_view({"get": "current"}), name="setup-current"),
    path("api/setup/upgrade", VersionViewSet.as_view({"post": "upgrade"}), name="setup-upgrade"),
    path(
        "api/setup/downgrade/<str:version>",
        VersionViewSet.as_view({"post": "downgrade"}),
        name="setup-downgrade",
    ),
    path("api/setup/revision", VersionViewSet.as_view({"post": "revision"}), name="setup-revision"),
]
