"""What the OpenAPI document says of sign-in and users."""

from typing import Any

from apps.accounts.new_password import REFUSED
from apps.accounts.oidc.tokens import MAX_TOKEN_CHARACTERS
from liberty.api import schema
from liberty.api.schema import argument, envelope_of, example, failure, success

_POOL = argument(
    "pool", "The database pool alias to retrieve the user. (e.g., default, libnsx1)", default="default"
)

_LOGIN_REQUEST: dict[str, Any] = {
    "title": "LoginRequest",
    "type": "object",
    "required": ["user", "password"],
    "properties": {
        "user": {"type": "string", "title": "User"},
        "password": {
            "type": "string",
            "title": "Password",
            "description": "Clear text, or `ENC:` text that this server made in the last five minutes.",
        },
    },
}

_OIDC_REQUEST: dict[str, Any] = {
    "title": "OidcLoginRequest",
    "type": "object",
    "required": ["id_token"],
    "properties": {
        "id_token": {
            "type": "string",
            "title": "Id Token",
            "maxLength": MAX_TOKEN_CHARACTERS,
            "description": "With `type=oidc`: an ID token of the configured identity provider for this "
            "server's client, at most five minutes old. It is taken once.",
        },
    },
}

_TEXT: dict[str, Any] = {"type": "string"}
_NULLABLE_TEXT: dict[str, Any] = {"type": "string", "nullable": True}
_USER: dict[str, Any] = {
    "type": "object",
    "properties": {
        "ROW_ID": {"type": "integer"},
        "USR_ID": _TEXT,
        "USR_PASSWORD": {**_TEXT, "description": "Always the stand-in `ENC:********`."},
        "USR_NAME": _NULLABLE_TEXT,
        "USR_EMAIL": _NULLABLE_TEXT,
        "USR_STATUS": _NULLABLE_TEXT,
        "USR_ADMIN": _NULLABLE_TEXT,
        "USR_LANGUAGE": _NULLABLE_TEXT,
        "USR_MODE": _NULLABLE_TEXT,
        "USR_READONLY": _NULLABLE_TEXT,
        "USR_DASHBOARD": {"type": "integer", "nullable": True},
        "USR_THEME": _NULLABLE_TEXT,
    },
}
_USER["required"] = list(_USER["properties"])

_ERRORS: dict[int, Any] = {
    422: schema.VALIDATION_ERROR,
    500: failure("Internal server error", "Requested pool `alias` not found", status="500"),
    503: schema.UNAVAILABLE,
}

TOKEN: dict[str, Any] = {
    "operation_id": "auth_token",
    "tags": ["Authentication"],
    "summary": "AUTH - Token",
    "description": "Generate a JWT token for the user. With `type=oidc`, for the user of the pool `default` "
    "who is linked to the identity that an ID token proves.",
    "auth": [],
    "parameters": [
        _POOL,
        argument(
            "mode",
            "Session mode: any enabled user signs in (session), or administrators only (framework).",
            enum=["framework", "session"],
            default="session",
        ),
        argument(
            "type",
            "Authentication type, from database or using OIDC.",
            enum=["database", "oidc"],
            default="database",
        ),
    ],
    "request": {"application/json": {"oneOf": [_LOGIN_REQUEST, _OIDC_REQUEST]}},
    "examples": [
        example("Sign in", {"user": "demo", "password": "demo"}, request=True),
        example("Sign in with an ID token (type=oidc)", {"id_token": "eyJ..."}, request=True),
    ],
    "responses": {
        200: success(
            "Authentication successful, JWT token generated",
            envelope_of(
                access_token=_TEXT,
                token_type={"type": "string", "enum": ["bearer"]},
                message=_TEXT,
            ),
            example(
                "Signed in",
                {
                    "access_token": "....",
                    "token_type": "bearer",
                    "status": "success",
                    "message": "Authentication successful",
                },
            ),
        ),
        400: failure("Bad Request", "Invalid JSON format in request body.", status="400"),
        401: failure("Unauthorized", "Authentication failed", status="401"),
        403: failure("Forbidden", REFUSED, status="403"),
        413: failure("Content Too Large", "The request body is too large.", status="413"),
        429: failure(
            "Too Many Requests",
            "Too many failed sign-ins. Please try again in 300 seconds.",
            status="429",
        ),
        **_ERRORS,
    },
}

USER: dict[str, Any] = {
    "operation_id": "auth_user",
    "tags": ["Authentication"],
    "summary": "AUTH - User",
    "description": "Retrieve user information: one's own, or as an administrator that of others.",
    "parameters": [
        argument("user", "User ID; the caller's own where it is missing."),
        _POOL,
        schema.MODE,
    ],
    "responses": {
        200: success(
            "Get user information",
            envelope_of(items={"type": "array", "items": _USER}),
            example(
                "A user",
                {
                    "items": [
                        {
                            "ROW_ID": 1,
                            "USR_ID": "demo",
                            "USR_PASSWORD": "ENC:********",
                            "USR_NAME": "Demo User",
                            "USR_EMAIL": "demo@liberty.fr",
                            "USR_STATUS": "Y",
                            "USR_ADMIN": "N",
                            "USR_LANGUAGE": "fr",
                            "USR_MODE": "light",
                            "USR_READONLY": "Y",
                            "USR_DASHBOARD": 1,
                            "USR_THEME": "liberty",
                        }
                    ],
                    "status": "success",
                },
            ),
        ),
        401: schema.UNAUTHENTICATED,
        403: failure("Forbidden", "Only an administrator may read other users.", status="403"),
        404: failure("Not Found", "User `alias` not found", status="404"),
        **_ERRORS,
    },
}
