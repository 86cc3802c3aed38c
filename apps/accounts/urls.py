"""URLs of sign-in and users."""

from django.urls import path

from apps.accounts.oidc.views import CallbackView, SignInView, SignOutView
from apps.accounts.views import TokenViewSet, UserViewSet

urlpatterns = [
    path("api/auth/token", TokenViewSet.as_view({"post": "create"}), name="auth-token"),
    # The first two names are the library's.
    path("oidc/sign-in", SignInView.as_view(), name="oidc_authentication_init"),
    path("oidc/callback", CallbackView.as_view(), name="oidc_authentication_callback"),
    path("oidc/sign-out", SignOutView.as_view(), name="oidc_sign_out"),
    path("api/auth/user", UserViewSet.as_view({"get": "retrieve"}), name="auth-user"),
]
