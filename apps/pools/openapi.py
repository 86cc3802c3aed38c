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

_NAMES: dict[str, Any] = {
    "database": {
        "type": "string",
        "description": "The name of the database, taken as it is; 63 bytes at most.",
    },
    "user": {"type": "string", "description": "The role that owns the database."},
}
_CARRIED_OUT = envelope_of(items=schema.ITEMS, count={"type": "integer"}, message={"type": "string"})


def _database_errors(message: str, refusal: str) -> dict[int, Any]:
    return {
        400: failure("Bad Request", message, status="400"),
        401: schema.UNAUTHENTICATED,
        403: failure("Forbidden", refusal, status="403"),
        422: schema.VALIDATION_ERROR,
        501: failure(
            "Not Implemented",
            "Databases are made and dropped where the framework database is on PostgreSQL.",
            status="501",
        ),
        503: schema.UNAVAILABLE,
    }


CREATE: dict[str, Any] = {
    "operation_id": "db_create",
    "tags": ["Database"],
    "summary": "DATABASE - Create",
    "description": "Make a role and a database that it owns, on the framework database's own server "
    "(PostgreSQL). Both are made, or none of them. For administrators of the default catalogue.",
    "request": {
        "application/json": {
            "type": "object",
            "required": ["database", "user", "password"],
            "properties": {
                "host": {"type": "string", "description": "The framework database's server, if anything."},
                "port": {"oneOf": [{"type": "integer"}, {"type": "string"}]},
                **_NAMES,
                "password": {
                    "type": "string",
                    "description": "Clear text, or `ENC:` text that this server made moments ago.",
                },
            },
        }
    },
    "examples": [
        example(
            "A database",
            {"host": "localhost", "port": 5432, "database": "crm", "user": "crm", "password": "...."},
            request=True,
        )
    ],
    "responses": {
        200: success(
            "Database created",
            _CARRIED_OUT,
            example(
                "Created",
                {"items": [], "status": "success", "count": 0, "message": "Database `crm` created"},
            ),
        ),
        **_database_errors(
            "There is a database `crm` already.",
            "Databases are made on the framework database's own server only.",
        ),
    },
}

DROP: dict[str, Any] = {
    "operation_id": "db_drop",
    "tags": ["Database"],
    "summary": "DATABASE - Drop",
    "description": "Drop a database and the role that owns it; pools on it are closed. "
    "For administrators of the default catalogue.",
    "request": {
        "application/json": {"type": "object", "required": ["database", "user"], "properties": _NAMES}
    },
    "examples": [example("A database", {"database": "crm", "user": "crm"}, request=True)],
    "responses": {
        200: success(
            "Database dropped",
            _CARRIED_OUT,
            example(
                "Dropped",
                {"items": [], "status": "success", "count": 0, "message": "Database `crm` dropped"},
            ),
        ),
        **_database_errors(
            "Somebody is connected to the database.",
            "This database or role cannot be dropped: the server needs it.",
        ),
    },
}
