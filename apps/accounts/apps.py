"""The `accounts` app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.accounts"

    def ready(self) -> None:
        # They need the models, which are loaded by now.
        from apps.accounts import checks, signals  # noqa: F401
