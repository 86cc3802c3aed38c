"""All checks of a catalogue that is imported and served.

`python -m scripts.check_repository.checks SITE USER` runs with the environment of the served site. The user's
password is in DJANGO_SUPERUSER_PASSWORD.
"""

import os
import sys
from collections.abc import Sequence

import django

django.setup()

from apps.pools.catalogue import touch  # noqa: E402 (models need Django to be set up)
from apps.queries.models import FrameworkSwitch  # noqa: E402
from scripts.check_repository.chains import check_chains  # noqa: E402
from scripts.check_repository.client import Client  # noqa: E402
from scripts.check_repository.database import database  # noqa: E402
from scripts.check_repository.definitions import (  # noqa: E402
    Stored,
    Values,
    imported_framework_queries,
    own_framework_queries,
    stored_queries,
)
from scripts.check_repository.outcome import Outcome, show  # noqa: E402
from scripts.check_repository.reads import check_reads  # noqa: E402
from scripts.check_repository.writes import check_writes  # noqa: E402


def main(arguments: Sequence[str]) -> int:
    site, user = arguments
    client = Client(site, user=user, password=os.environ["DJANGO_SUPERUSER_PASSWORD"])
    return 0 if show(_outcomes(client)) else 1


def _outcomes(client: Client) -> list[Outcome]:
    queries, own, imported = stored_queries(), own_framework_queries(), imported_framework_queries()
    values = Values.of_dictionary()
    with database(os.environ["LIBERTY_DATABASE_URL"]) as asked:
        outcomes = [
            *check_reads("GET of queries,", queries, client, asked, values),
            *check_reads("GET of framework,", own, client, asked, values),
        ]
        _switch_to_imported(imported)
        outcomes += check_reads("GET of imported framework,", imported, client, asked, values)
        outcomes += check_writes("writes of queries", queries, asked, values)
        outcomes += check_writes("writes of framework", own, asked, values)
        outcomes += check_writes("writes of imported framework", imported, asked, values)
        outcomes += check_chains("create, read, update, delete", queries, client)
    return outcomes


def _switch_to_imported(imported: Sequence[Stored]) -> None:
    """Have the imported definitions answer `source=framework` from now on."""
    numbers = {definition.number for definition in imported}
    FrameworkSwitch.objects.bulk_create([FrameworkSwitch(fmw_id=number) for number in sorted(numbers)])
    touch("default")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
