"""What the OpenAPI document says of `/api/rest`."""

from typing import Any

from drf_spectacular.types import OpenApiTypes

from liberty.api import schema
from liberty.api.schema import argument, envelope_of, example, failure, success

REST: dict[str, Any] = {
    "operation_id": "rest_call",
    "tags": ["REST"],
    "summary": "REST - Call",
    "description": "Make the call that is stored under a number. Members of the body replace `$NAME` in the "
    "stored body. An internal call goes to this server with the caller's own token; another one to a service "
    "whose address is checked. `items` is what the service answered.",
    "parameters": [
        schema.POOL,
        schema.MODE,
        argument("api", "The number of the stored call. (e.g., 1)", kind=OpenApiTypes.INT, required=True),
    ],
    "request": {"application/json": schema.OBJECT},
    "examples": [example("Values", {"DBNAME": "crm", "USER": "crm"}, request=True)],
    "responses": {
        200: success(
            "Service called",
            envelope_of(items={"description": "Any JSON."}, count={"type": "integer"}),
            example(
                "Answer",
                {"items": {"status": "success", "message": "created"}, "status": "success", "count": 0},
            ),
        ),
        400: failure("Bad Request", "There is no value for `$DBNAME`.", status="400"),
        **schema.SIGNED_IN_ERRORS,
        404: failure("Not Found", "API 3 is not defined.", status="404"),
        422: schema.VALIDATION_ERROR,
        500: failure("Internal server error", "Requested pool `alias` not found", status="500"),
        502: failure("Bad Gateway", "The service `example.com` answered with status 404.", status="502"),
        503: schema.UNAVAILABLE,
        504: failure("Gateway Timeout", "The service `example.com` did not answer in time.", status="504"),
    },
}
