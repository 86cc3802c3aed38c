"""Arguments that the commands of exports and imports share."""

from argparse import ArgumentParser
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from apps.setup.selection import Selection, pool_of_application


def add_selection_arguments(parser: ArgumentParser) -> None:
    either = parser.add_mutually_exclusive_group()
    either.add_argument(
        "--pool",
        metavar="ALIAS",
        default=DEFAULT_DB_ALIAS,
        help="pool whose framework tables are meant (default: the framework database)",
    )
    either.add_argument(
        "--application",
        metavar="ID",
        type=int,
        help="application whose framework tables are meant: those in its own pool",
    )
    parser.add_argument(
        "--tables", metavar="NAMES", default="", help="only these tables; names with commas between them"
    )
    parser.add_argument(
        "--without", metavar="NAMES", default="", help="not these tables; names with commas between them"
    )


def pool_of(options: dict[str, Any]) -> str:
    """Return the name of the pool that is meant. Raises MalformedRequest for an unknown application."""
    application: int | None = options["application"]
    pool: str = options["pool"]
    return pool if application is None else pool_of_application(application)


def selection_of(options: dict[str, Any]) -> Selection:
    """Return the tables that are meant. Raises MalformedRequest for an unknown name."""
    return Selection.of(options["tables"], options["without"])
