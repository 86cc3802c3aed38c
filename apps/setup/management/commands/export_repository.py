"""`manage.py export_repository FILE`: see `docs/exporting.md`."""

import os
import tempfile
from argparse import ArgumentParser
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from apps.setup import export, services
from apps.setup.management.arguments import add_selection_arguments, pool_of, selection_of
from apps.setup.management.keys import add_passphrase_arguments, passphrase_of
from liberty.errors import LibertyError, MalformedRequest
from liberty.passphrase import new_key


class Command(BaseCommand):
    help = "Write the framework tables of a catalogue to an archive that import_repository loads elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", metavar="FILE", type=Path, help="archive to write; it is replaced if it is there"
        )
        add_selection_arguments(parser)
        add_passphrase_arguments(parser, "passwords of databases and services are encrypted under")
        parser.add_argument(
            "--original",
            action="store_true",
            help="write one JSON file as the original does, without users and applications",
        )
        parser.add_argument(
            "--master-key-file",
            metavar="FILE",
            type=Path,
            help="with --original: file with the master key that passwords are encrypted under",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            size = _write(options["file"], _pieces(options))
        except (LibertyError, ImproperlyConfigured) as exc:
            raise CommandError(str(exc)) from exc
        except OSError as exc:
            raise CommandError(f"{options['file']} cannot be written: {exc.strerror}") from exc
        self.stdout.write(f"{options['file']}: {size} bytes")


def _pieces(options: dict[str, Any]) -> Generator[bytes, None, None]:
    pool, selection = pool_of(options), selection_of(options)
    passphrase = passphrase_of(file=options["passphrase_file"], asks=options["passphrase"], twice=True)
    key_file = options["master_key_file"]
    if options["original"]:
        if passphrase is not None:
            raise MalformedRequest("A file for the original knows no passphrase; see --master-key-file")
        master_key = None if key_file is None else services.read_master_key(key_file)
        return export.original_file(pool=pool, selection=selection, master_key=master_key)
    if key_file is not None:
        raise MalformedRequest("A master key is for --original; see --passphrase-file")
    key = None if passphrase is None else new_key(passphrase)
    return export.archive(pool=pool, selection=selection, key=key)


def _write(file: Path, pieces: Generator[bytes, None, None]) -> int:
    """Write a file, readable by its owner alone, that is whole or not there; return its size in bytes."""
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as output, closing(pieces):
            output.writelines(pieces)
            output.flush()
            os.fsync(output.fileno())
            size = output.tell()
        os.replace(temporary, file)
    except BaseException:
        os.unlink(temporary)
        raise
    return size
