"""How far a command is, on a terminal or in a log."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import OutputWrapper
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from apps.setup.services import Progress, Step
from liberty.text import counted


@contextmanager
def shown_progress(output: OutputWrapper) -> Iterator[Progress]:
    """Yield what shows a step: a bar on a terminal, else a line each."""
    if not output.isatty():
        yield lambda step: output.write(f"{step.table}: {step.done} of {counted(step.total, 'row')}")
        return
    columns = (TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns) as bar:
        task = bar.add_task("reading and checking", total=None)

        def show(step: Step) -> None:
            bar.update(task, description=step.table, total=step.total, completed=step.done)

        yield show
