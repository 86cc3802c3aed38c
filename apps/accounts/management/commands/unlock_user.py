"""`manage.py unlock_user [USER] [--pool POOL] [--address ADDRESS]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.accounts.caller import DEFAULT_CATALOGUE
from apps.accounts.lockout import unlock_address, unlock_user
from liberty.networks import UNKNOWN, network_of


class Command(BaseCommand):
    help = "Let a user, or everybody at an address, sign in again after too many wrong passwords."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", nargs="?", help="user id")
        parser.add_argument(
            "--pool", default=DEFAULT_CATALOGUE, help="pool whose user it is (default: %(default)s)"
        )
        parser.add_argument("--address", help="address whose failures are forgotten; of IPv6 its network")

    def handle(self, *args: Any, **options: Any) -> None:
        user, address = options["user"], options["address"]
        if user is None and address is None:
            raise CommandError("Name a user, or an address with --address")
        if address is not None and network_of(address) == UNKNOWN:
            raise CommandError(f"`{address}` is no IP address")
        if user is not None:
            self._tell(f"user `{user}` of `{options['pool']}`", unlock_user(user, catalogue=options["pool"]))
        if address is not None:
            self._tell(f"address `{address}`", unlock_address(address))

    def _tell(self, what: str, had_failed: bool) -> None:
        """An id that nobody has is told like one without failures: sign-in counts both alike."""
        self.stdout.write(f"Failures forgotten: {what}" if had_failed else f"No failures: {what}")
