"""A framework database that has moved away: it can be read, and refuses to be written.

`manage.py install --from-current` copies it while nobody else may write. Whoever has waited for that must not
write into the copy's source afterwards, where nobody would find it again.
"""

from liberty.errors import Unavailable

MOVED = "liberty: the framework database has moved"
"""What the triggers of its tables say."""


def is_moved(exc: BaseException) -> bool:
    """Whether a refusal, or what lies behind it, is one of those triggers'."""
    while True:
        if MOVED in str(exc):
            return True
        if exc.__cause__ is None:
            return False
        exc = exc.__cause__


def moved() -> Unavailable:
    """Return what to tell whoever has waited to write."""
    return Unavailable("The framework database has just moved: nothing was written, send it again.")
