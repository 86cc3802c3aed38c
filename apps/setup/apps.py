"""The `setup` app."""

from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "apps.setup"
