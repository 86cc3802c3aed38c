"""URLs of set-up, export, and of whoever asks whether the server lives."""

from django.urls import path

from apps.setup.installing import views as installing
from apps.setup.version_views import VersionViewSet
from apps.setup.views import ExportViewSet

urlpatterns = [
    path("health", installing.health, name="health"),
    path("setup", installing.setup, name="setup"),
    path("setup/progress", installing.InstallViewSet.as_view({"get": "progress"}), name="setup-progress"),
    path(
        "api/setup/install",
        installing.InstallViewSet.as_view({"post": "install"}),
        name="setup-install",
    ),
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
