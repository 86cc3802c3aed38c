"""The versions of the product, and the two later ones."""

from apps.setup.releases import RELEASES as REAL

_NOW = list(REAL.values())[-1]
_FIRST_LATER = {**_NOW, "framework": "9001_split_labels"}
_SECOND_LATER = {**_NOW, "framework": "9002_groups", "queries": "9001_weights"}

RELEASES = {**REAL, "1.1.0": _FIRST_LATER, "1.2.0": _SECOND_LATER}
MODULES = {"framework": "tests.setup.later.framework", "queries": "tests.setup.later.queries"}
