"""Two later versions of the product, 1.1.0 and 1.2.0, with migrations that change data up and down.

They follow the real ones of today: the packages here hold the real modules besides their own.
"""

from pathlib import Path

from liberty.settings.env import BASE_DIR


def real_folder(app: str) -> str:
    return str(BASE_DIR / "apps" / app / "migrations")


def last_real(app: str) -> str:
    """Return the newest of an app's real migrations."""
    return max(file.stem for file in Path(real_folder(app)).glob("[0-9]*.py"))
