"""Passwords that Django's own pages and commands refuse."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from liberty.secrets import MAX_PASSWORD_BYTES


def test_a_password_that_can_sign_in_is_taken() -> None:
    validate_password("x" * MAX_PASSWORD_BYTES)


@pytest.mark.parametrize("password", ["", "x" * (MAX_PASSWORD_BYTES + 1), "é" * MAX_PASSWORD_BYTES])
def test_a_password_that_could_never_sign_in_is_refused(password: str) -> None:
    with pytest.raises(ValidationError, match=f"1 to {MAX_PASSWORD_BYTES} bytes"):
        validate_password(password)
