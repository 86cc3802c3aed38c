"""What a server answers before it is installed: set-up, and nothing else."""

import re
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from apps.setup.installing.state import follow, is_installed
from liberty.api.exception_handler import refuse
from liberty.errors import NotInstalled
from liberty.moved import is_moved, moved

SETUP_PAGE = "/setup"
OPEN = frozenset(
    {SETUP_PAGE, "/setup/progress", "/health", "/api/setup/install", "/api", "/api/test", "/api/schema"}
)
_pages = re.compile(r"/(admin(/.*)?)?")


class InstallationMiddleware:
    """Lets requests through to an installed server; before, only those that need no framework database.

    It stands before everything that reads the framework database, and takes up a new one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        follow()
        if is_installed() or request.path in OPEN:
            return self.get_response(request)
        if _pages.fullmatch(request.path):
            return HttpResponseRedirect(SETUP_PAGE)
        return refuse(NotInstalled())

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a page that has waited to write while the framework database was moving away."""
        if isinstance(exception, DatabaseError) and is_moved(exception):
            return refuse(moved())
        return None
