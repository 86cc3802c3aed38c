"""The only place where a failure becomes an answer.

There are two styles, and nothing else knows them. The documented one answers with the status of the failure.
The other is for the original's web client (LIBERTY_ORIGINAL_CLIENT), which takes a failure from an answer of
status 200 and shows its text; the true status stays with the answer, for the log (`outcome_of`).
"""

import logging
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions
from rest_framework.response import Response

from liberty import errors
from liberty.api import envelope
from liberty.api.json_text import dump
from liberty.api.outcome import note_outcome
from liberty.api.request_id import current_request_id
from liberty.masking import mask_text
from liberty.moved import is_moved, moved

logger = logging.getLogger("liberty.api")

# Longest message of a database that is passed on, in characters: it may quote the statement.
LONGEST_SAID = 2000

STATUSES: Mapping[type[errors.LibertyError], int] = {
    errors.MalformedRequest: 400,
    errors.InvalidDefinition: 400,
    errors.UnknownVersion: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotACatalogue: 404,
    errors.UnknownQuery: 404,
    errors.UnknownUser: 404,
    errors.UnknownApi: 404,
    errors.UnknownLogEntry: 404,
    errors.AlreadyInstalled: 409,
    errors.InvalidArgument: 422,
    errors.TooManyAttempts: 429,
    errors.SetupFailed: 500,
    errors.StatementFailed: 500,
    errors.UnknownPool: 500,
    errors.PoolNotOpened: 500,
    errors.DecryptionFailed: 500,
    errors.NotOffered: 501,
    errors.RemoteFailed: 502,
    errors.Unavailable: 503,
    errors.RemoteTimedOut: 504,
}


# What concerns the token, or is no call of the web client's at work, keeps its status for the client too.
KEPT_STATUSES = (errors.Unauthenticated, errors.NotOffered)


def handle(exc: Exception, context: Mapping[str, Any]) -> Response:
    """Answer `exc`; what nobody foresaw is logged with its traceback and answered without a word of it."""
    failure = _translated(exc)
    response = _documented(failure, context)
    return _for_original_client(failure, response, context) if settings.LIBERTY_ORIGINAL_CLIENT else response


def unknown_path(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _without_view(envelope.detail("Not Found"), 404)


def unforeseen(request: HttpRequest) -> HttpResponse:
    return _without_view(envelope.failed(_unforeseen()), 500)


def _without_view(body: dict[str, Any], status: int) -> HttpResponse:
    shown = envelope.for_original_client(body) if settings.LIBERTY_ORIGINAL_CLIENT else body
    return HttpResponse(dump(shown), status=status, content_type="application/json")


def _translated(exc: Exception) -> Exception:
    """Return the kind of failure that an exception of the libraries below stands for, or itself."""
    if isinstance(exc, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return errors.Unauthenticated("Not authenticated")
    if isinstance(exc, DatabaseError) and is_moved(exc):
        return moved()
    if isinstance(exc, OperationalError | InterfaceError):
        logger.error("the framework database does not answer", exc_info=exc)
        return errors.Unavailable("The framework database does not answer.")
    return exc


def _documented(exc: Exception, context: Mapping[str, Any]) -> Response:
    if isinstance(exc, errors.LibertyError):
        return _expected(exc, context)
    if isinstance(exc, exceptions.APIException):
        return _framework(exc)
    if isinstance(exc, Http404):
        return Response(envelope.detail("Not Found"), 404)
    if isinstance(exc, RequestDataTooBig):
        return Response(envelope.failed("The request body is too large."), 413)
    logger.error("unforeseen failure", exc_info=exc)
    return Response(envelope.failed(_unforeseen()), 500)


def status_of(exc: errors.LibertyError) -> int:
    """Return the status that a failure is answered with; the nearest kind in the table counts."""
    return next(STATUSES[kind] for kind in type(exc).__mro__ if kind in STATUSES)


def mark(response: HttpResponse, exc: errors.LibertyError) -> None:
    """Give a page that tells of a failure its status, and when to come back."""
    response.status_code = status_of(exc)
    if isinstance(exc, errors.TryLater):
        response["Retry-After"] = str(exc.retry_after_s)


def _for_original_client(exc: Exception, response: Response, context: Mapping[str, Any]) -> Response:
    """Say the same as `response` so that the original's web client understands it.

    Failures of a call answer 200; what the server says of the token, path, method, size or rate keeps its
    status, with a text in `message`, which is what the client shows of such an answer.
    """
    status = response.status_code
    body = envelope.for_original_client(response.data, line=getattr(exc, "line", None))
    if _is_refused_sign_in(exc, context):
        body = _refused_sign_in(exc, body)
    elif not isinstance(exc, errors.LibertyError) or isinstance(exc, KEPT_STATUSES):
        response.data = body
        return response
    answer = Response(body, 200, headers={"Cache-Control": "no-store"})
    if "Retry-After" in response:
        answer["Retry-After"] = response["Retry-After"]
    note_outcome(answer, status)
    return answer


def _is_refused_sign_in(exc: Exception, context: Mapping[str, Any]) -> bool:
    return getattr(context.get("view"), "signs_in", False) and isinstance(
        exc, errors.LibertyError | exceptions.Throttled
    )


def _refused_sign_in(exc: Exception, body: dict[str, Any]) -> dict[str, Any]:
    """The client knows two words on its sign-in page and takes every other answer for a success.

    One stands for a refused user or password, the other for a sign-in that another password would not
    help: too many of them, a request that is wrong, a database that is away. `items` tells which.
    """
    if isinstance(exc, errors.Unauthenticated):
        return envelope.refused_sign_in("passwordError")
    return envelope.refused_sign_in("loginError", items=body["items"])


def refuse(exc: errors.LibertyError) -> HttpResponse:
    """Answer a request that no view of REST framework is asked about."""
    answer = _expected(exc, {})
    response = HttpResponse(dump(answer.data), status=answer.status_code, content_type="application/json")
    for name in ("WWW-Authenticate", "Retry-After"):
        if name in answer:
            response[name] = answer[name]
    return response


def _unforeseen() -> str:
    return f"Internal server error (request {current_request_id()})."


def _expected(exc: errors.LibertyError, context: Mapping[str, Any]) -> Response:
    response = Response(_body(exc, context))
    mark(response, exc)
    if isinstance(exc, errors.Unauthenticated):
        response["WWW-Authenticate"] = "Bearer"
    return response


def _body(exc: errors.LibertyError, context: Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(exc, errors.InvalidArgument):
        return envelope.invalid(exc.faults)
    if isinstance(exc, errors.StatementFailed):
        return _refused(exc, context)
    return envelope.failed(exc.message)


def _refused(exc: errors.StatementFailed, context: Mapping[str, Any]) -> dict[str, Any]:
    message = f"{exc.message} (request {current_request_id()})"
    details = _details(exc, getattr(context.get("request"), "user", None))
    if exc.line is not None:
        return envelope.refused_write(message, line=exc.line, details=details)
    return envelope.refused_page(message, limit=exc.limit, offset=exc.offset, details=details)


def _details(exc: errors.StatementFailed, user: Any) -> dict[str, str]:
    """Return what only administrators are told: the SQL, and those of the default catalogue the rest."""
    details: dict[str, str] = {}
    if exc.sql and getattr(user, "is_admin", False):
        details["query"] = exc.sql
    if exc.said and getattr(user, "is_platform_admin", False):
        details["database_message"] = mask_text(exc.said[:LONGEST_SAID])
    return details


def _framework(exc: exceptions.APIException) -> Response:
    """What REST framework itself refuses: the method, the media type, too many calls."""
    if isinstance(exc, exceptions.NotFound | exceptions.MethodNotAllowed):
        return Response(envelope.detail(str(exc.detail)), exc.status_code)
    response = Response(envelope.failed(str(exc.detail)), exc.status_code)
    wait = getattr(exc, "wait", None)
    if wait:
        response["Retry-After"] = str(int(wait))
    return response
