"""The only place where a failure becomes an answer."""

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions
from rest_framework.response import Response

from liberty import errors
from liberty.api import envelope
from liberty.api.json_text import dump
from liberty.api.request_id import current_request_id

logger = logging.getLogger("liberty.api")

STATUSES: Mapping[type[errors.LibertyError], int] = {
    errors.MalformedRequest: 400,
    errors.InvalidDefinition: 400,
    errors.UnknownVersion: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotACatalogue: 404,
    errors.UnknownQuery: 404,
    errors.UnknownUser: 404,
    errors.UnknownLogEntry: 404,
    errors.InvalidArgument: 422,
    errors.StatementFailed: 500,
    errors.UnknownPool: 500,
    errors.PoolNotOpened: 500,
    errors.DecryptionFailed: 500,
    errors.SetupFailed: 500,
    errors.Unavailable: 503,
}


def handle(exc: Exception, context: Mapping[str, Any]) -> Response:
    """Answer `exc`; what nobody foresaw is logged with its traceback and answered without a word of it."""
    if isinstance(exc, errors.LibertyError):
        return _expected(exc, context)
    if isinstance(exc, exceptions.APIException):
        return _framework(exc)
    if isinstance(exc, Http404):
        return Response(envelope.detail("Not Found"), 404)
    if isinstance(exc, RequestDataTooBig):
        return Response(envelope.failed("The request body is too large."), 413)
    if isinstance(exc, OperationalError | InterfaceError):
        logger.error("the framework database does not answer", exc_info=exc)
        return _expected(errors.Unavailable("The framework database does not answer."), context)
    logger.error("unforeseen failure", exc_info=exc)
    return Response(envelope.failed(_unforeseen()), 500)


def unknown_path(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(dump(envelope.detail("Not Found")), status=404, content_type="application/json")


def unforeseen(request: HttpRequest) -> HttpResponse:
    return HttpResponse(dump(envelope.failed(_unforeseen())), status=500, content_type="application/json")


def _unforeseen() -> str:
    return f"Internal server error (request {current_request_id()})."


def _expected(exc: errors.LibertyError, context: Mapping[str, Any]) -> Response:
    status = next(STATUSES[kind] for kind in type(exc).__mro__ if kind in STATUSES)
    response = Response(_body(exc, context), status)
    if isinstance(exc, errors.Unauthenticated):
        response["WWW-Authenticate"] = "Bearer"
    if isinstance(exc, errors.Unavailable):
        response["Retry-After"] = str(exc.retry_after_s)
    return response


def _body(exc: errors.LibertyError, context: Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(exc, errors.InvalidArgument):
        return envelope.invalid(exc.faults)
    if isinstance(exc, errors.StatementFailed):
        return _refused(exc, context)
    return envelope.failed(exc.message)


def _refused(exc: errors.StatementFailed, context: Mapping[str, Any]) -> dict[str, Any]:
    message = f"{exc.message} (request {current_request_id()})"
    user = getattr(context.get("request"), "user", None)
    sql = exc.sql if exc.sql and getattr(user, "is_admin", False) else None
    if exc.line is not None:
        return envelope.refused_write(message, line=exc.line, sql=sql)
    return envelope.refused_page(message, limit=exc.limit, offset=exc.offset, sql=sql)


def _framework(exc: exceptions.APIException) -> Response:
    """What REST framework itself refuses: the method, the media type, too many calls."""
    if isinstance(exc, exceptions.NotFound | exceptions.MethodNotAllowed):
        return Response(envelope.detail(str(exc.detail)), exc.status_code)
    if isinstance(exc, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return _expected(errors.Unauthenticated("Not authenticated"), {})
    response = Response(envelope.failed(str(exc.detail)), exc.status_code)
    wait = getattr(exc, "wait", None)
    if wait:
        response["Retry-After"] = str(int(wait))
    return response
