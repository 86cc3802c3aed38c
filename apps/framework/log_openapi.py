"""What the OpenAPI document says of the log."""

from typing import Any

from drf_spectacular.types import OpenApiTypes

from liberty.api import schema
from liberty.api.schema import argument, example, failure, success

_ADMINISTRATOR = failure("Forbidden", "This needs an administrator of the default catalogue.", status="403")

_POSTED: dict[str, Any] = {
    "transactionName": "query",
    "level": "error",
    "method": "GET",
    "url": "/api/db/query",
    "message": "Request failed",
    "category": "API",
    "feature": "grid",
    "isException": True,
}
_EVENT: dict[str, Any] = {
    "title": "LogEvent",
    "type": "object",
    "required": list(_POSTED),
    "properties": {
        name: {"type": "boolean" if isinstance(value, bool) else "string"} for name, value in _POSTED.items()
    },
    "additionalProperties": True,
}
_ENTRY = {
    "timestamp": "2026-01-31T10:11:12.345+00:00",
    "id": 7,
    "source": "client",
    "request_id": "5f0c",
    **_POSTED,
}

WRITE: dict[str, Any] = {
    "operation_id": "logs_push",
    "tags": ["Framework"],
    "summary": "FMW - Push logs",
    "description": "Push logs to files in json and plain text format, and to the framework database. Other "
    "members are kept. Passwords, tokens and encrypted texts are masked.",
    "auth": [],
    "request": {"application/json": _EVENT},
    "examples": [example("A failure", _POSTED, request=True)],
    "responses": {
        200: success("Successful Response", {"type": "object", "nullable": True}),
        400: failure("Bad Request", "Invalid JSON format in request body.", status="400"),
        413: failure("Content Too Large", "The request body is too large.", status="413"),
        422: schema.VALIDATION_ERROR,
        429: failure(
            "Too Many Requests", "Request was throttled. Expected available in 60 seconds.", status="429"
        ),
        503: schema.UNAVAILABLE,
    },
}

LIST: dict[str, Any] = {
    "operation_id": "logs_list",
    "tags": ["Framework"],
    "summary": "FMW - Get logs",
    "description": "Get logs of all servers, the newest first. Needs an administrator of the default "
    "catalogue, by token or by being signed in to the admin site. While the framework database does not "
    "answer, these are the entries in the files of the server that is asked, without `id`; the header "
    "`X-Log-Source` is then `local-files` instead of `database`.",
    "parameters": [
        argument("format", "A list, or a page to look at.", enum=["json", "html"], default="json"),
        argument("page", "Which page, from 1.", kind=OpenApiTypes.INT, default=1),
        argument("limit", "Entries of a page, at most 1000.", kind=OpenApiTypes.INT, default=50),
        argument("level", "Entries of this level, in any case."),
        argument("from", "Entries since this ISO date or time, in UTC."),
        argument("to", "Entries until this ISO date or time, in UTC; a day to its end."),
        argument("text", "Entries with this text in message or address, in any case."),
        argument("filter_key", "Entries with this member ..."),
        argument("filter_value", "... and this value of it."),
    ],
    "responses": {
        200: success("Successful Response", schema.ITEMS, example("An entry", [_ENTRY])),
        401: schema.UNAUTHENTICATED,
        403: _ADMINISTRATOR,
        422: schema.VALIDATION_ERROR,
        503: schema.UNAVAILABLE,
    },
}

DETAILS: dict[str, Any] = {
    "operation_id": "logs_details",
    "tags": ["Framework"],
    "summary": "FMW - Get log details",
    "description": "Get details for a log id. Needs the same rights as the list.",
    "parameters": [argument("id", "The `id` of an entry.")],
    "responses": {
        200: success("Successful Response", schema.OBJECT, example("An entry", _ENTRY)),
        400: failure("Bad Request", "Invalid log ID provided", status="400"),
        401: schema.UNAUTHENTICATED,
        403: _ADMINISTRATOR,
        404: failure("Not Found", "Log entry not found", status="404"),
        503: schema.UNAVAILABLE,
    },
}
