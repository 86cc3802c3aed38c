"""What a new password must be, wherever Django asks for one."""

from django.core.exceptions import ValidationError

from apps.accounts.models import User
from liberty.secrets import MAX_PASSWORD_BYTES, is_usable_password


class UsablePasswordValidator:
    """Refuses a password that sign-in would refuse to check."""

    def validate(self, password: str, user: User | None = None) -> None:
        if not is_usable_password(password):
            raise ValidationError(self.get_help_text(), code="password_unusable")

    def get_help_text(self) -> str:
        return f"A password has 1 to {MAX_PASSWORD_BYTES} bytes."
