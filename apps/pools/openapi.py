"""What the OpenAPI document says of pools."""

from typing import Any

from liberty.api import schema
from liberty.api.schema import argument, envelope_of, example, failure, success

_FRAMEWORK_POOL = argument(
    "framework_pool",
    "Pool alias to retrieve the database definition. (e.g., default, libnsx1)",
    default="default",
)


def _target_pool(purpose: str) -> Any:
    return argument(
        "target_pool",
        f"Pool alias of the database to {purpose}; also spelt `pool`. (e.g., nomasx1, nomajde)",
        default="default",
    )


def _errors(message: str) -> dict[int, Any]:
    return {
        **schema.SIGNED_IN_ERRORS,
        422: schema.VALIDATION_ERROR,
        500: failure("Internal server error", message, status="500"),
        503: schema.UNAVAILABLE,
    }


_DONE = envelope_of(message={"type": "string"})

CHECK: dict[str, Any] = {
    "operation_id": "db_check",
    "tags": ["Database"],
    "summary": "DATABASE - Check",
    "description": "Performs a basic check to ensure the database connection is functional. "
    "Returns the current date if the connection is successful.",
    "parameters": [_FRAMEWORK_POOL, _target_pool("check")],
    "responses": {
        200: success(
            "Database connection is successful",
            envelope_of(
                pool={"type": "string"},
                rows=schema.ITEMS,
                rowCount={"type": "integer"},
                meta_data=schema.ITEMS,
            ),
            example(
                "The database answers",
                {
                    "status": "success",
                    "pool": "default",
                    "rows": [{"ROW_ID": 1, "CURRENT_DATE": "2025-01-27T08:14:13.809494+00:00"}],
                    "rowCount": 1,
                    "meta_data": [
                        {"name": "ROW_ID", "type": "int"},
                        {"name": "CURRENT_DATE", "type": "datetime"},
                    ],
                },
            ),
        ),
        **_errors("Requested pool `alias` not found"),
    },
}

OPEN: dict[str, Any] = {
    "operation_id": "db_open",
    "tags": ["Database"],
    "summary": "DATABASE - Open",
    "description": "Open a connection to the database using the specified pool alias.",
    "parameters": [_FRAMEWORK_POOL, _target_pool("open")],
    "responses": {
        200: success(
            "Pool opened successfully",
            _DONE,
            example("Opened", {"status": "success", "message": "connected"}),
        ),
        **_errors("Requested pool `alias` not found"),
    },
}

CLOSE: dict[str, Any] = {
    "operation_id": "db_close",
    "tags": ["Database"],
    "summary": "DATABASE - Close",
    "description": "Close all database connections for the specified pool alias.",
    "parameters": [
        argument(
            "pool",
            "Pool alias for the database to close; also spelt `target_pool`. (e.g., default, libnsx1)",
            default="default",
        ),
        _FRAMEWORK_POOL,
    ],
    "responses": {
        200: success(
            "Pool closed successfully",
            _DONE,
            example("Closed", {"status": "success", "message": "disconnected"}),
        ),
        **_errors("Requested pool `alias` not found"),
    },
}
