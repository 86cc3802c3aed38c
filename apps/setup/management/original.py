"""Arguments of commands that read an installation of the original: no secret stands on a command line."""

from argparse import ArgumentParser
from getpass import getpass
from pathlib import Path
from typing import Any

from apps.setup import services
from apps.setup.original.applications import Choices
from apps.setup.original.database import Address
from liberty.errors import MalformedRequest
from liberty.settings.env import original_database_url, original_master_key

_ADDRESS = "address of the original's default database"


def add_original_arguments(parser: ArgumentParser) -> None:
    group = parser.add_argument_group(
        "the original", "What neither a file nor the environment says is asked for."
    )
    group.add_argument(
        "--original-url-file",
        metavar="FILE",
        type=Path,
        help="file with the address of its default database, postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
        " (else LIBERTY_ORIGINAL_DATABASE_URL)",
    )
    group.add_argument(
        "--master-key-file",
        metavar="FILE",
        type=Path,
        help="file with its master key, which is not kept (else LIBERTY_ORIGINAL_MASTER_KEY)",
    )
    group.add_argument(
        "--host",
        metavar="NAME=ADDRESS",
        action="append",
        default=[],
        help="a database server by the name that the original has for it, HOST or HOST:PORT, and by the one"
        " that leads to it from here; its pools are moved so",
    )


def add_choice_arguments(parser: ArgumentParser) -> None:
    group = parser.add_argument_group(
        "applications with a catalogue of their own", "Each of them needs one of these, by its pool."
    )
    group.add_argument(
        "--adopt",
        metavar="POOL",
        action="append",
        default=[],
        help="take its database over where it is: the secrets in it become ours, and the original no longer"
        " signs anybody in to it",
    )
    group.add_argument(
        "--catalogue",
        metavar="POOL=FILE",
        action="append",
        default=[],
        help="copy it into another database, such as a copy of the application's: FILE has the address",
    )
    group.add_argument(
        "--leave",
        metavar="POOL",
        action="append",
        default=[],
        help="move its pool alone: its queries run here, its users stay behind",
    )


def address_of(options: dict[str, Any]) -> Address:
    """Return where the original's default database is. Raises MalformedRequest."""
    file = options["original_url_file"]
    if file is not None:
        return Address.of_url(services.read_key(file, _ADDRESS))
    return Address.of_url(original_database_url() or getpass("Address of the original's default database: "))


def master_key_of(options: dict[str, Any]) -> str:
    """Return the original's master key. Raises MalformedRequest."""
    file = options["master_key_file"]
    if file is not None:
        return services.read_master_key(file)
    key = original_master_key() or getpass("Master key of the original: ").strip()
    if not key:
        raise MalformedRequest("The master key of the original is needed")
    return key


def choices_of(options: dict[str, Any]) -> Choices:
    """Return what the arguments say of applications and servers. Raises MalformedRequest."""
    targets = dict(_pair(text, "--catalogue", "POOL=FILE") for text in options["catalogue"])
    return Choices(
        adopt=frozenset(options["adopt"]),
        targets={
            pool: Address.of_url(services.read_key(Path(file), f"address of the database for `{pool}`"))
            for pool, file in targets.items()
        },
        leave=frozenset(options["leave"]),
        hosts=dict(_host(text) for text in options["host"]),
    )


def _host(text: str) -> tuple[str, str]:
    name, address = _pair(text, "--host", "NAME=ADDRESS")
    port = address.partition(":")[2]
    if port and not port.isdecimal():
        raise MalformedRequest("--host needs NAME=ADDRESS, where ADDRESS is HOST or HOST:PORT")
    return name, address


def _pair(text: str, option: str, form: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise MalformedRequest(f"{option} needs {form}")
    return name, value
