#!/usr/bin/env python
"""Run an administrative command of the project."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liberty.settings.base")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ModuleNotFoundError as missing:
        sys.exit(
            f"{missing.name} is not installed here: `make environment` makes .venv, and "
            "`.venv/bin/python manage.py` runs in it."
        )
    # Imported after Django: it needs it.
    from liberty.errors import NotInstalled

    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, NotInstalled) as refusal:
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"Refused: {refusal}")


if __name__ == "__main__":
    main()
