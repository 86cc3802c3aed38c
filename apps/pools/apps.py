"""The `pools` app."""

from django.apps import AppConfig


class PoolsConfig(AppConfig):
    name = "apps.pools"

    def ready(self) -> None:
        # Importing registers the system checks.
        from apps.pools import checks  # noqa: F401
