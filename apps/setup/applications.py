"""The application that an installation has from the beginning: the framework itself."""

from django.db import models

from apps.pools.models import Pool

THEME = "liberty"


def add_default_application() -> None:
    """Add the application of the framework database, unless it is there: clients sign in to one."""
    if Pool.objects.filter(apps_pool="default").exists():
        return
    Pool.objects.create(
        apps_id=next_application_id(),
        apps_name="LIBERTY",
        apps_description="Framework",
        apps_pool="default",
        apps_offset=1000,
        apps_limit=10_000,
        apps_theme=THEME,
    )


def next_application_id() -> int:
    """Return the lowest number above those of all applications."""
    highest: int | None = Pool.objects.aggregate(highest=models.Max("apps_id"))["highest"]
    return (highest or 0) + 1
