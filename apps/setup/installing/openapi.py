"""What the OpenAPI document says of the installation."""

from typing import Any

from apps.setup.installing.wish import MAX_HOST_LENGTH, MAX_NAME_BYTES, MAX_PORT
from liberty.api import schema
from liberty.api.schema import envelope_of, example, failure, success


def _text(title: str, description: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "title": title, "description": description, **more}


_REQUEST: dict[str, Any] = {
    "title": "SetupRequest",
    "type": "object",
    "required": ["host", "port", "database", "user", "password"],
    "properties": {
        "host": _text("Host", "Server of PostgreSQL 14 or newer.", maxLength=MAX_HOST_LENGTH),
        "port": {"type": "integer", "title": "Port", "minimum": 1, "maximum": MAX_PORT},
        "database": _text("Database", "Made if it is missing and may be made.", maxLength=MAX_NAME_BYTES),
        "user": _text("User", "Account that the server uses the database with.", maxLength=MAX_NAME_BYTES),
        "password": _text("Password", "Its password.", format="password"),
        "admin_password": _text(
            "Admin password",
            "Password of the first administrator, `admin`. Without it a one-time password is shown on the "
            "server's console, to be changed at the first sign-in.",
            format="password",
        ),
        "maintenance_user": _text(
            "Maintenance user",
            "Account that may make role and database where they are missing. It is used once and not kept.",
            maxLength=MAX_NAME_BYTES,
        ),
        "maintenance_password": _text("Maintenance password", "Its password.", format="password"),
    },
}

_DOCUMENTED = {
    "host": "db.example.com",
    "port": 5432,
    "database": "liberty",
    "user": "liberty",
    "password": "the password",
}

INSTALL: dict[str, Any] = {
    "operation_id": "setup_install",
    "tags": ["Setup"],
    "summary": "SETUP - Installation",
    "description": "Configure the postgres database: make its tables, load what belongs to the product, make "
    "the first administrator, and use it from then on. Before the installation the set-up token is the "
    "bearer token: the server shows it at its start. After it, the token of an administrator of the default "
    "catalogue. Repeated for the database in use nothing is changed.",
    "auth": [{"bearerAuth": []}],
    "parameters": [],
    "request": {"application/json": _REQUEST},
    "examples": [
        example("The documented members", _DOCUMENTED, request=True),
        example(
            "With administrator, role and database",
            {
                **_DOCUMENTED,
                "admin_password": "the password of admin",
                "maintenance_user": "postgres",
                "maintenance_password": "the password of postgres",
            },
            request=True,
        ),
    ],
    "responses": {
        200: success(
            "Installation successful",
            envelope_of(items=schema.ITEMS, count={"type": "integer"}, message={"type": "string"}),
            example(
                "Installation successful",
                {
                    "items": [],
                    "status": "success",
                    "count": 0,
                    "message": "Installation successful. Sign in as user `admin`.",
                },
            ),
        ),
        400: failure("Bad Request", "Invalid JSON format in request body.", status="400"),
        401: failure(
            "Unauthorized", "This is not the set-up token; the server shows it at its start.", status="401"
        ),
        403: failure("Forbidden", "This needs an administrator of the default catalogue.", status="403"),
        409: failure("Conflict", "Another set-up is running.", status="409"),
        422: schema.VALIDATION_ERROR,
        429: failure(
            "Too Many Requests", "Request was throttled. Expected available in 60 seconds.", status="429"
        ),
        500: failure(
            "Internal server error",
            "Set-up failed at step `connect`: the database does not answer.",
            status="500",
        ),
        503: schema.UNAVAILABLE,
    },
}
