"""What the OpenAPI document says of encryption."""

from typing import Any

from liberty.api import schema
from liberty.api.schema import argument, example, failure, success

_REQUEST: dict[str, Any] = {
    "title": "EncryptRequest",
    "type": "object",
    "properties": {
        "plain_text": {"type": "string", "description": "Text to be encrypted; comes before the query."},
        "master_key": {
            "type": "string",
            "description": "With `format=original`: the master key of that installation. It is not kept.",
        },
    },
}

_ANSWER: dict[str, Any] = {
    "type": "object",
    "required": ["encrypted"],
    "properties": {"encrypted": {"type": "string"}},
}

ENCRYPT: dict[str, Any] = {
    "operation_id": "fmw_encrypt",
    "tags": ["Framework"],
    "summary": "FMW - Encrypt",
    "description": "Encrypt the input received. A text that begins with `ENC:` comes back as it is. Send the "
    "text in the body: what is in the address is kept by browsers and proxies. The forms `storage` and "
    "`original` need the token of an administrator of the default catalogue.",
    "auth": [{}, {"bearerAuth": []}],
    "parameters": [
        argument("plain_text", "Text to be encrypted, where the body has none."),
        argument(
            "format",
            "Who reads the text: this server in the next five minutes (transport), this server at any time, "
            "in an imported repository (storage), an installation of the original (original).",
            enum=["transport", "storage", "original"],
            default="transport",
        ),
        argument(
            "literal",
            "Encrypt a text that begins with `ENC:` as well.",
            enum=["true", "false"],
            default="false",
        ),
    ],
    "request": {"application/json": _REQUEST},
    "examples": [example("A password", {"plain_text": "demo"}, request=True)],
    "responses": {
        200: success(
            "Encryption successful", _ANSWER, example("Encrypted", {"encrypted": "ENC:t1:wNMyALbXf....."})
        ),
        400: failure("Bad Request", "Invalid JSON format in request body.", status="400"),
        401: schema.UNAUTHENTICATED,
        403: failure("Forbidden", "This needs an administrator of the default catalogue.", status="403"),
        413: failure("Content Too Large", "The request body is too large.", status="413"),
        422: schema.VALIDATION_ERROR,
        429: failure(
            "Too Many Requests", "Request was throttled. Expected available in 60 seconds.", status="429"
        ),
        500: failure("Internal server error", "The request could not be answered.", status="500"),
    },
}
