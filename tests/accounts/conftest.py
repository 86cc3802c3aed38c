"""What tests of sign-in share."""

from collections.abc import Callable

import pytest

from apps.accounts import passwords
from tests.hashers import QuickArgon2PasswordHasher


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hashes that are computed, by the method of the hasher."""
    passwords._decoy()
    done: list[str] = []

    def counted(name: str, method: Callable[..., object]) -> Callable[..., object]:
        def count(*args: object) -> object:
            done.append(name)
            return method(*args)

        return count

    for name in ("encode", "verify"):
        method = getattr(QuickArgon2PasswordHasher, name)
        monkeypatch.setattr(QuickArgon2PasswordHasher, name, counted(name, method))
    return done
