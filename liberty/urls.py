"""The composition root of URLs: the admin site, the apps' endpoints, and the pages that document them."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView
from rest_framework.permissions import AllowAny

OPEN_TO_ALL = {"permission_classes": [AllowAny], "authentication_classes": []}

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("apps.accounts.urls")),
    path("", include("apps.pools.urls")),
    path("", include("apps.framework.urls")),
    path("", include("apps.queries.urls")),
    path("api", SpectacularRedocView.as_view(url_name="schema", **OPEN_TO_ALL), name="redoc"),
    path("api/test", SpectacularSwaggerView.as_view(url_name="schema", **OPEN_TO_ALL), name="swagger-ui"),
    path("api/schema", SpectacularAPIView.as_view(**OPEN_TO_ALL), name="schema"),
]

handler404 = "liberty.api.exception_handler.unknown_path"
handler500 = "liberty.api.exception_handler.unforeseen"
