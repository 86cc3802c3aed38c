"""The password hasher of the tests."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2 at its least cost: 8 KiB and one pass."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
