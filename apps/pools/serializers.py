"""Which pool a caller means: `framework_pool` is where it is described, `target_pool` the pool itself.

Other endpoints call it `pool`, and clients write `targetPool`. Taken for nothing, such an argument would mean
the framework database, which is not what was asked for; so what names a pool is understood or refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from liberty.api.arguments import Arguments
from liberty.errors import ArgumentFault, InvalidArgument

FRAMEWORK_POOL = ("framework_pool", "frameworkPool")
TARGET_POOL = ("target_pool", "targetPool", "pool")


@dataclass(frozen=True, slots=True)
class NamedPool:
    """A pool by name, and the name of the catalogue that describes it."""

    name: str
    catalogue: str


def read_pool(query_params: Mapping[str, Any]) -> NamedPool:
    """Raises InvalidArgument, also where two spellings of an argument name different pools."""
    arguments = Arguments(query_params)
    named = NamedPool(
        name=arguments.agreed(*TARGET_POOL, default=DEFAULT_DB_ALIAS),
        catalogue=arguments.agreed(*FRAMEWORK_POOL, default=DEFAULT_DB_ALIAS),
    )
    arguments.check()
    for name in query_params:
        if "pool" in name.lower() and name not in (*FRAMEWORK_POOL, *TARGET_POOL):
            message = (
                "Unknown argument; the pool is named by target_pool, and its catalogue by framework_pool"
            )
            raise InvalidArgument(ArgumentFault(("query", name), message, "extra_forbidden"))
    return named
