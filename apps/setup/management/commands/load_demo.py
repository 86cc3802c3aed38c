"""`manage.py load_demo [--if-allowed]`."""

from argparse import ArgumentParser
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from apps.accounts.models import User
from apps.setup.demo.services import ADMIN, READER, Loaded, load_demo
from liberty.errors import Forbidden, LibertyError

NO_USER = "Nobody can sign in yet: `.venv/bin/python manage.py createsuperuser` makes an administrator."


class Command(BaseCommand):
    help = "Load the demo: two users, a sample business database as a pool, and stored queries over it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-allowed",
            action="store_true",
            help="where a demo has no place, say so and succeed",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_demo()
        except Forbidden as exc:
            if not options["if_allowed"]:
                raise CommandError(exc.message) from exc
            self.stdout.write(exc.message)
            if not User.objects.exists():
                self.stdout.write(NO_USER)
        except LibertyError as exc:
            raise CommandError(exc.message) from exc
        else:
            self._show(loaded)

    def _show(self, loaded: Loaded) -> None:
        console = Console(file=cast(IO[str], self.stdout), highlight=False, soft_wrap=True)
        if not loaded.is_new:
            console.print("The demo is there already; nothing is changed.")
            return
        console.print(f"The demo is loaded: user [bold]{READER}[/], password [bold]{READER}[/] (reads only).")
        if loaded.admin_password is None:
            console.print(f"User [bold]{ADMIN}[/] was there already and keeps the password.")
            return
        console.print(f"User [bold]{ADMIN}[/], password [bold green]{loaded.admin_password}[/]")
        console.print(
            "It is shown this once. Keep it, or set another with "
            "`.venv/bin/python manage.py changepassword admin`."
        )
