"""Passphrases of commands: from a file, or from a prompt."""

from argparse import ArgumentParser
from getpass import getpass
from pathlib import Path

from apps.setup.services import read_passphrase
from liberty.errors import MalformedRequest


def add_passphrase_arguments(parser: ArgumentParser, purpose: str) -> None:
    either = parser.add_mutually_exclusive_group()
    either.add_argument(
        "--passphrase-file", metavar="FILE", type=Path, help=f"file with the passphrase that {purpose}"
    )
    either.add_argument("--passphrase", action="store_true", help="ask for this passphrase")


def passphrase_of(*, file: Path | None, asks: bool, twice: bool = False) -> str | None:
    """Return the passphrase that the arguments lead to, or None where they name none.

    Raises MalformedRequest for a file without one, and where the second entry is not the first.
    """
    if file is not None:
        return read_passphrase(file)
    if not asks:
        return None
    entered = getpass("Passphrase: ")
    if twice and getpass("Passphrase (again): ") != entered:
        raise MalformedRequest("The two passphrases differ")
    return entered
