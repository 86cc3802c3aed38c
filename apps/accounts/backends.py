"""Signing in to the admin site."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from apps.accounts.models import User
from apps.accounts.services import sign_in
from liberty.api.throttling import address_of
from liberty.errors import Unauthenticated


class PasswordBackend(BaseBackend):
    """The rules of the API's sign-in, for users of the default catalogue."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """Raises TooManyAttempts, for the form to tell."""
        user_id = username or kwargs.get(User.USERNAME_FIELD)
        if user_id is None or password is None:
            return None
        try:
            address = address_of(request) if request is not None else ""
            caller = sign_in(user_id=user_id, password=password, address=address)
        except Unauthenticated:
            return None
        return User.objects.get(usr_id=caller.user_id)

    def get_user(self, user_id: str) -> User | None:
        user = User.objects.filter(usr_id=user_id).first()
        return user if user is not None and user.is_active else None
