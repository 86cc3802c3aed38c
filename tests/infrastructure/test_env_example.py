import re

from liberty.settings.env import BASE_DIR


def test_every_variable_of_the_settings_is_in_the_example() -> None:
    sources = [path.read_text() for path in (BASE_DIR / "liberty" / "settings").glob("*.py")]
    read = set(re.findall(r"""(?:env\.\w+|secret)\(\s*"(\w+)\"""", "\n".join(sources)))
    example = (BASE_DIR / ".env.example").read_text()
    listed = set(re.findall(r"^# (\w+)=", example, re.MULTILINE))
    secrets = set(re.findall(r"""secret\(\s*"(\w+)\"""", "\n".join(sources)))
    assert listed == read | {f"{name}_FILE" for name in secrets}
