"""The composition root of URLs: the admin site, the apps' endpoints, and the pages that document them."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from liberty import frontend
from liberty.api import pages

urlpatterns = [
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    path("", include("apps.accounts.urls")),
    path("", include("apps.pools.urls")),
    path("", include("apps.framework.urls")),
    path("", include("apps.queries.urls")),
    path("", include("apps.setup.urls")),
    path("", include("apps.audit.urls")),
    path("", frontend.root, name="root"),
    path("api", pages.redoc(), name="redoc"),
    path("api/test", pages.swagger(), name="swagger-ui"),
    path("api/schema", pages.document(), name="schema"),
    # Last: whatever nobody else knows.
    re_path("", frontend.page),
]

handler404 = "liberty.api.exception_handler.unknown_path"
handler500 = "liberty.api.exception_handler.unforeseen"
