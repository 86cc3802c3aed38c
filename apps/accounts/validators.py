"""What a new password must be, wherever Django asks for one."""

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS

from apps.accounts.models import User
from apps.accounts.new_password import must_change, note_own_password
from liberty.secrets import MAX_PASSWORD_BYTES, is_usable_password


class UsablePasswordValidator:
    """Refuses a password that sign-in would refuse to check."""

    def validate(self, password: str, user: User | None = None) -> None:
        if not is_usable_password(password):
            raise ValidationError(self.get_help_text(), code="password_unusable")
        if user is not None and user.pk and must_change(user.pk) and user.check_password(password):
            raise ValidationError("This is the one-time password: choose another.", code="password_one_time")

    def password_changed(self, password: str, user: User | None = None) -> None:
        """Django's forms and commands call it when a new password is stored."""
        if user is not None and user._state.db == DEFAULT_DB_ALIAS:
            note_own_password(user)

    def get_help_text(self) -> str:
        return f"A password has 1 to {MAX_PASSWORD_BYTES} bytes."
