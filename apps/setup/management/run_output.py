"""What the commands of versions share: arguments, progress, and the lines that show what was done."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError, OutputWrapper
from django.db import DatabaseError

from apps.setup.moving import Move, Moved, Outcome
from liberty.errors import LibertyError
from liberty.text import counted


def add_run_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--plan", "--dry-run", action="store_true", dest="plan", help="only show what would be done"
    )
    add_without_argument(parser)


def add_without_argument(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--without",
        metavar="POOL",
        action="append",
        default=[],
        help="leave out a pool that does not answer, because it holds no framework tables",
    )


def add_no_input_argument(parser: ArgumentParser) -> None:
    parser.add_argument("--no-input", "--noinput", action="store_true", dest="no_input", help="do not ask")


@contextmanager
def failures_shown() -> Iterator[None]:
    """Turn what services raise into the message of a command that failed, with exit status 1."""
    try:
        yield
    except (LibertyError, ImproperlyConfigured) as exc:
        raise CommandError(str(exc)) from exc
    except DatabaseError as exc:
        raise CommandError("The framework database does not answer, or is not installed.") from exc


def confirm(question: str) -> None:
    """Ask, and go on after `yes` alone. Raises CommandError."""
    if not sys.stdin.isatty():
        raise CommandError("Nobody can be asked here: give --no-input.")
    if input(f"{question} Type yes to go on: ").strip().lower() != "yes":
        raise CommandError("Left as it is.")


def show_step(output: OutputWrapper, moved: Moved) -> None:
    output.write(f"{moved.pool}: {moved.migration} ({moved.done} of {moved.total})")
    output.flush()


def show_outcome(output: OutputWrapper, outcome: Outcome, *, is_plan: bool) -> None:
    for move in outcome.moves:
        output.write(_line(move))
        if is_plan:
            _show_migrations(output, move.migrations)
    output.write(outcome.message)


def _show_migrations(output: OutputWrapper, names: Sequence[str]) -> None:
    for name in names:
        output.write(f"  {name}")


def _line(move: Move) -> str:
    if not move.migrations:
        return f"{move.pool}: {move.before or 'no version'}, nothing to do"
    parts = [f"{move.pool}: {move.before or 'no version'} -> {move.after or 'no version'}"]
    parts.append(counted(len(move.migrations), "migration"))
    if move.seconds is not None:
        parts.append(f"{move.seconds:.1f} s")
    if move.backup is not None:
        parts.append(f"backup {move.backup}")
    return ", ".join(parts)
