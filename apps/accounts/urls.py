"""URLs of sign-in and users."""

from django.urls import path

from apps.accounts.views import TokenViewSet, UserViewSet

urlpatterns = [
    path("api/auth/token", TokenViewSet.as_view({"post": "create"}), name="auth-token"),
    path("api/auth/user", UserViewSet.as_view({"get": "retrieve"}), name="auth-user"),
]
