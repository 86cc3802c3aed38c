"""The `setup` app."""

from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "apps.setup"

    def ready(self) -> None:
        # Importing registers the system checks.
        from apps.setup import checks  # noqa: F401
