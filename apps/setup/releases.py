"""What each version of the product consists of: the last migration of each of our apps.

A release adds an entry and changes none. The last is the code's own version, and names the newest migrations.
Migrations of other packages (sessions, permissions) belong to no entry: they go forward only.
"""

from collections.abc import Mapping
from typing import Final

Release = Mapping[str, str]
"""App → name of its last migration; an app that is missing did not exist."""

RELEASES: Final[Mapping[str, Release]] = {
    "1.0.0": {
        "pools": "0001_initial",
        "accounts": "0004_sign_in_failures",
        "framework": "0003_reservations",
        "queries": "0001_initial",
        "audit": "0001_initial",
        "setup": "0001_initial",
    },
}
