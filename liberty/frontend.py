"""A front end that the installation brings: a folder of files, served at `/` beside the API.

What is in the folder is looked at once in the life of a process. Only what was found then is served, by its
exact path: no listing, nothing outside the folder, no hidden files. A page that the front end makes in the
browser has no file; its address is answered with `index.html`.
"""

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from whitenoise import WhiteNoise
from whitenoise.middleware import WhiteNoiseMiddleware

INDEX = "index.html"
# The first part of addresses that are the server's own: an unknown one among them is no page of a front end.
RESERVED = frozenset({"api", "admin", "static", "socket", "socket.io", "setup", "health", "oidc"})
# How long a file may be kept whose name does not change with what is in it, in seconds.
MAX_AGE_S = 300

# Names as bundlers write them, `index-BxK29_aQ.js` or `main.3f2a9c1b.css`: in the last part before the ending
# eight letters or more, such as no word has.
_hashed = re.compile(
    r"(?:-(?=[^.]*[A-Z0-9])(?=[^.]*[A-Za-z])[A-Za-z0-9_-]{8}|\.(?=[^.]*[0-9])(?=[^.]*[a-f])[0-9a-f]{8,64})"
    r"\.[a-z0-9]+(?:\.map)?$"
)


class FrontendFiles(WhiteNoise):  # type: ignore[misc]  # the package comes without types
    """The files of a front end by their path in addresses, each with its headers."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            None,
            max_age=MAX_AGE_S,
            allow_all_origins=False,
            mimetypes={".map": "application/json"},
            index_file=INDEX,
            add_headers_function=_add_headers,
        )
        self.add_files(str(folder))

    def immutable_file_test(self, path: str, url: str) -> bool:
        return _hashed.search(url) is not None

    def update_files_dictionary(self, root: str, prefix: str) -> None:
        """Take the folder's own files; the package's way follows links to everywhere."""
        found = {str(path): path.stat() for path in _files_in(Path(root))}
        for path in found:
            self.add_file_to_dictionary(prefix + path.removeprefix(root), path, stat_cache=found)

    def answer(self, request: HttpRequest, path: str) -> HttpResponseBase | None:
        """Return the file at `path`, or None where there is none; 304 and ranges as the caller asks."""
        file = self.files.get(path)
        if file is None:
            return None
        response: HttpResponseBase = WhiteNoiseMiddleware.serve(file, request)
        return response


def root(request: HttpRequest) -> HttpResponseBase:
    """The front end's first page, or without a front end the way to the reference of the API."""
    files = _files()
    return redirect("redoc") if files is None else _found(files.answer(request, "/"))


@csrf_exempt
def page(request: HttpRequest) -> HttpResponseBase:
    """A file of the front end, or `index.html` for a browser that asks for a page.

    Everything else is as unknown as it is without a front end.
    """
    files = _files()
    if files is None or request.path_info.split("/")[1] in RESERVED:
        raise Http404
    response = files.answer(request, request.path_info)
    if response is None and _wants_page(request):
        response = files.answer(request, "/")
    return _found(response)


def require_frontend() -> None:
    """Raise ImproperlyConfigured where LIBERTY_FRONTEND_DIR is set and is no front end."""
    _files()


def _files() -> FrontendFiles | None:
    folder = settings.LIBERTY_FRONTEND_DIR
    return _files_of(folder, settings.LIBERTY_FRONTEND_CSP) if folder else None


@lru_cache(maxsize=1)
def _files_of(folder: str, policy: str) -> FrontendFiles:
    """Read the folder once; `policy` is a part of the files' headers."""
    path = Path(folder).resolve()
    if not (path / INDEX).is_file():
        raise ImproperlyConfigured(f"LIBERTY_FRONTEND_DIR: there is no {INDEX} in `{folder}`")
    return FrontendFiles(path)


def _files_in(folder: Path) -> Iterator[Path]:
    """Yield the files below `folder` (resolved); no hidden ones, and links only to what is in it."""
    for directory, names, files in os.walk(folder):
        names[:] = [name for name in names if not name.startswith(".")]
        for name in files:
            path = Path(directory, name)
            target = path.resolve()
            if not name.startswith(".") and target.is_file() and target.is_relative_to(folder):
                yield path


def _add_headers(headers: Headers, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    content_type = (headers["Content-Type"] or "").partition(";")[0]
    if content_type == "text/html" or content_type.endswith(("/xml", "+xml")):
        # What a browser may run scripts in when it is opened by itself, whatever its name is.
        headers["Content-Security-Policy"] = settings.LIBERTY_FRONTEND_CSP
    if content_type == "text/html":
        # Asked for each time, so that a new front end is seen; the tag makes it cheap.
        headers["Cache-Control"] = "no-cache"


def _wants_page(request: HttpRequest) -> bool:
    return request.method in ("GET", "HEAD") and "text/html" in request.headers.get("Accept", "")


def _found(response: Any) -> HttpResponseBase:
    if response is None:
        raise Http404
    found: HttpResponseBase = response
    return found
