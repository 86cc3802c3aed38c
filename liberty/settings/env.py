"""The environment, read once. Every variable is listed in `.env.example`."""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env", overwrite=False)


def secret(name: str, file: Path) -> str:
    """Return the secret in variable `name`, or the content of the file in `NAME_FILE`, or of `file`.

    Empty where none of them is there: a secret has no default. Django and our system checks say so.
    """
    value: str = env.str(name, default="")
    if value:
        return value
    path = Path(env.str(f"{name}_FILE", default=str(file)))
    return path.read_text().strip() if path.is_file() else ""
