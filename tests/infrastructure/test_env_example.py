import re
from pathlib import Path

from django.conf import settings


def test_every_variable_of_the_settings_is_in_the_example() -> None:
    sources = [path.read_text() for path in (settings.BASE_DIR / "liberty" / "settings").glob("*.py")]
    read = set(re.findall(r"""(?:env\.\w+|secret)\(\s*"(\w+)\"""", "\n".join(sources)))
    example = Path(settings.BASE_DIR / ".env.example").read_text()
    listed = set(re.findall(r"^# (\w+)=", example, re.MULTILINE))
    assert listed == read | {"LIBERTY_SECRET_KEY_FILE", "LIBERTY_ENCRYPTION_KEY_FILE"}
