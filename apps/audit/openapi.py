"""What the OpenAPI document says of `/api/db/audit`."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from apps.queries.openapi import EMPTY_BODY, LOCATE, WRITTEN_SCHEMA
from liberty.api import schema
from liberty.api.schema import argument, example, failure, success


def _in_path(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(
        name, OpenApiTypes.STR, OpenApiParameter.PATH, required=True, description=description
    )


_BODY = {
    "description": "The values of the primary key of the row that is about to change; other members are "
    "ignored. A list of objects copies several rows, all or none.",
    "oneOf": [schema.OBJECT, {"type": "array", "items": schema.OBJECT}],
}

AUDIT: dict[str, Any] = {
    "operation_id": "query_audit",
    "tags": ["Query"],
    "summary": "QUERY - Audit",
    "description": "Audit user actions on a table: copy a row, before it is changed, into the table's audit "
    "table `aud$_<table>`, which is made on first use.",
    "parameters": [
        _in_path("table", "The table whose row is about to change."),
        _in_path("user", "The user who changes it; another than the caller needs an administrator."),
        *(parameter for parameter in LOCATE if parameter.name != "query"),
        argument(
            "query",
            "The number of the query that will write; its pool holds the table. Without it, the pool of the "
            "request does.",
            kind=OpenApiTypes.INT,
        ),
    ],
    "request": {"application/json": _BODY},
    "responses": {
        200: success(
            "Data inserted/updated successfully",
            WRITTEN_SCHEMA,
            example("Row copied", {"items": [], "status": "success", "count": 1}),
        ),
        400: failure("Bad Request", EMPTY_BODY, status="400"),
        **schema.SIGNED_IN_ERRORS,
        404: failure("Not Found", "Query 5 is not defined for PUT, DELETE or POST.", status="404"),
        422: schema.VALIDATION_ERROR,
        500: failure(
            "Internal server error",
            {
                "items": [
                    {
                        "message": "Error: The database refused the statement.",
                        "line": {"field1": "<string>", "field2": "<string>"},
                    }
                ],
                "status": "error",
                "count": 0,
            },
            status="500",
        ),
        503: schema.UNAVAILABLE,
    },
}
