"""`manage.py encrypt [--literal] [--for-original --master-key-file FILE]`."""

import getpass
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from apps.framework.encryption import Form, encrypt_text
from apps.setup.services import read_master_key
from liberty.errors import LibertyError


class Command(BaseCommand):
    help = (
        "Encrypt a text under the key of stored secrets. It is asked for, or read from standard input: as an "
        "argument it would be seen by everybody on this machine."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--literal", action="store_true", help="encrypt a text that begins with `ENC:` as well"
        )
        parser.add_argument(
            "--for-original",
            action="store_true",
            help="encrypt for an installation of the original, by its master key",
        )
        parser.add_argument(
            "--master-key-file",
            metavar="FILE",
            type=Path,
            help="file with the master key of that installation; it is not kept",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path | None = options["master_key_file"]
        if options["for_original"] is not (file is not None):
            raise CommandError("--for-original and --master-key-file go together")
        try:
            encrypted = encrypt_text(
                _asked_text(),
                form=Form.STORAGE if file is None else Form.ORIGINAL,
                master_key="" if file is None else read_master_key(file),
                is_literal=options["literal"],
            )
        except (LibertyError, ImproperlyConfigured) as exc:
            raise CommandError(str(exc)) from exc
        self.stdout.write(encrypted)


def _asked_text() -> str:
    """Return what is typed, or all of standard input without the line end that `echo` adds."""
    if sys.stdin.isatty():
        return getpass.getpass("Text: ")
    try:
        text = sys.stdin.read()
    except UnicodeDecodeError as exc:
        # `from None`: the exception carries the text.
        raise CommandError(f"Standard input is not {exc.encoding}") from None
    return text.removesuffix("\n").removesuffix("\r")
