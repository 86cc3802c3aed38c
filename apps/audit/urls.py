"""URLs of the audit."""

from django.urls import path

from apps.audit.views import AuditViewSet

urlpatterns = [
    path("api/db/audit/<str:table>/<str:user>", AuditViewSet.as_view({"post": "create"}), name="db-audit"),
]
