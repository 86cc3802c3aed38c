"""URLs of set-up and export."""

from django.urls import path

from apps.setup.views import ExportViewSet

urlpatterns = [
    path("api/export/repository", ExportViewSet.as_view({"get": "repository"}), name="export-repository"),
]
