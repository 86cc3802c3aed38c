"""URLs of the framework."""

from django.urls import path
from django.views.generic import RedirectView

from apps.framework.log_views import LogViewSet
from apps.framework.not_offered import NOT_OFFERED, refusing_view
from apps.framework.socket_views import SocketViewSet
from apps.framework.views import EncryptViewSet, SignInPageViewSet, VersionViewSet

urlpatterns = [
    path("api/fmw/modules", SignInPageViewSet.as_view({"get": "modules"}), name="fmw-modules"),
    path("api/fmw/applications", SignInPageViewSet.as_view({"get": "applications"}), name="fmw-applications"),
    path("api/fmw/themes", SignInPageViewSet.as_view({"get": "themes"}), name="fmw-themes"),
    path("api/fmw/encrypt", EncryptViewSet.as_view({"post": "create"}), name="fmw-encrypt"),
    path("api/fmw/version", VersionViewSet.as_view({"get": "retrieve"}), name="fmw-version"),
    path("api/logs", LogViewSet.as_view({"get": "list", "post": "create"}), name="logs"),
    path("socket/", RedirectView.as_view(pattern_name="socket-applications", query_string=True)),
    path("socket/applications", SocketViewSet.as_view({"get": "connections"}), name="socket-applications"),
    path("api/logs/details", LogViewSet.as_view({"get": "retrieve"}), name="logs-details"),
    *(path(address, refusing_view(address)) for address in NOT_OFFERED),
]
