"""What the OpenAPI document says of the page of connected users."""

from typing import Any

from liberty.api import schema
from liberty.api.schema import argument, envelope_of, example, success

CONNECTIONS: dict[str, Any] = {
    "operation_id": "socket_connections",
    "tags": ["Framework"],
    "summary": "FMW - Connected users",
    "description": "Who has a client open, and the records that each has reserved. Needs an administrator of "
    "the default catalogue, by token or by being signed in to the admin site.",
    "parameters": [
        argument("format", "A list, or a page to look at.", enum=["json", "html"], default="json")
    ],
    "responses": {
        200: success(
            "Successful Response",
            envelope_of(items=schema.ITEMS, count={"type": "integer"}),
            example(
                "One user",
                {
                    "items": [
                        {
                            "ROW_ID": 1,
                            "USR_ID": "demo",
                            "CATALOGUE": "default",
                            "APPS_ID": 1,
                            "OPENED": "2026-01-31T10:11:12+00:00",
                            "RECORDS": ["APPS|1|QRY|2|admin"],
                        }
                    ],
                    "status": "success",
                    "count": 1,
                },
            ),
        ),
        **schema.SIGNED_IN_ERRORS,
        422: schema.VALIDATION_ERROR,
        503: schema.UNAVAILABLE,
    },
}
