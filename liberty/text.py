"""Which texts can travel on, to a database or as UTF-8 at all; numbers of things as text."""


def counted(number: int, one: str, several: str = "") -> str:
    """Return a number with what is counted: `1 row`, `2 rows`; `several` is for what takes no plain "s"."""
    return f"{number} {one if number == 1 else several or f'{one}s'}"


def has_lone_surrogate(text: str) -> bool:
    """Whether half a surrogate pair is in it: JSON can spell one, UTF-8 cannot."""
    return any("\ud800" <= character <= "\udfff" for character in text)


def is_sendable(text: str) -> bool:
    """Whether a database can be asked for it: drivers fail on NUL and on half a surrogate pair."""
    return "\x00" not in text and not has_lone_surrogate(text)
