"""Reading the arguments of an export."""

from dataclasses import dataclass, field

from django.http import HttpRequest

from apps.setup.selection import Selection, pool_of_application
from liberty.api.arguments import Arguments
from liberty.errors import MalformedRequest

JSON, ZIP = "json", "zip"
ZIP_TYPE = "application/zip"
PASSPHRASE_HEADER = "X-Liberty-Passphrase"  # noqa: S105 (a name)


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What a caller wants exported: `format` is `json`, a list of the tables, or `zip`, the archive."""

    pool: str
    selection: Selection
    format: str
    passphrase: str | None = field(repr=False)


def read_export_request(request: HttpRequest) -> ExportRequest:
    """Return what a request asks for.

    Raises InvalidArgument for a faulty argument; MalformedRequest for an unknown table or application, both
    a pool and an application, and a passphrase that is not UTF-8.
    """
    arguments = Arguments(request.GET)
    preferred = ZIP if ZIP_TYPE in request.headers.get("Accept", "") else JSON
    format_ = arguments.choice("format", (JSON, ZIP), default=preferred)
    pool = arguments.text("pool")
    application = arguments.integer("application", default=-1)
    tables, without = arguments.text("tables"), arguments.text("without")
    arguments.check()
    if application >= 0:
        if pool:
            raise MalformedRequest("An application has its own pool: send `application` or `pool`, not both.")
        pool = pool_of_application(application)
    return ExportRequest(pool or "default", Selection.of(tables, without), format_, _passphrase(request))


def _passphrase(request: HttpRequest) -> str | None:
    header = request.headers.get(PASSPHRASE_HEADER)
    if not header:
        return None
    try:
        # WSGI hands on the bytes of a header as Latin-1.
        return header.encode("latin-1").decode()
    except UnicodeError:
        raise MalformedRequest(f"The header {PASSPHRASE_HEADER} is not UTF-8.") from None
