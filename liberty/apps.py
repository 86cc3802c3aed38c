"""The admin site as an app: Django's own, with our site in the place of the default one."""

from django.contrib.admin.apps import AdminConfig


class LibertyAdminConfig(AdminConfig):
    default_site = "liberty.admin.LibertyAdminSite"

    def ready(self) -> None:
        super().ready()
        # Importing registers the system checks.
        from liberty import checks  # noqa: F401
