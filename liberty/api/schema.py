"""Parts of the OpenAPI document that several operations share."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

OBJECT: dict[str, Any] = {"type": "object", "additionalProperties": True}

ITEMS: dict[str, Any] = {"type": "array", "items": OBJECT}

FAILURE: dict[str, Any] = {
    "type": "object",
    "required": ["status", "message"],
    "properties": {
        "status": {"type": "string", "enum": ["failed"]},
        "message": {"oneOf": [{"type": "string"}, OBJECT]},
    },
}

DETAIL: dict[str, Any] = {
    "type": "object",
    "required": ["detail"],
    "properties": {
        "detail": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["loc", "msg", "type"],
                "properties": {
                    "loc": {
                        "type": "array",
                        "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
                    },
                    "msg": {"type": "string"},
                    "type": {"type": "string"},
                },
            },
        }
    },
}


def envelope_of(**members: Any) -> dict[str, Any]:
    """Return the schema of a success envelope; every member is always there."""
    properties = {"status": {"type": "string", "enum": ["success"]}, **members}
    return {"type": "object", "required": list(properties), "properties": properties}


def example(name: str, value: Any, *, status: str = "200", request: bool = False) -> OpenApiExample:
    return OpenApiExample(
        name, value=value, status_codes=[status], request_only=request, response_only=not request
    )


def success(description: str, schema: dict[str, Any], *examples: OpenApiExample) -> OpenApiResponse:
    return OpenApiResponse(schema, description, list(examples))


def failure(description: str, message: Any, *, status: str) -> OpenApiResponse:
    return OpenApiResponse(
        FAILURE, description, [example(description, {"status": "failed", "message": message}, status=status)]
    )


VALIDATION_ERROR = OpenApiResponse(
    DETAIL,
    "Validation Error",
    [
        example(
            "Validation Error",
            {
                "detail": [
                    {"loc": ["query", "query"], "msg": "Field required", "type": "missing"},
                    {
                        "loc": ["query", "limit"],
                        "msg": "Input should be a valid integer",
                        "type": "int_parsing",
                    },
                ]
            },
            status="422",
        )
    ],
)

UNAUTHENTICATED = failure("Unauthorized", "Not authenticated", status="401")
FORBIDDEN = failure("Forbidden", "This needs an administrator.", status="403")
UNAVAILABLE = failure("Service Unavailable", "The database does not answer.", status="503")

SIGNED_IN_ERRORS: dict[int, OpenApiResponse] = {401: UNAUTHENTICATED, 403: FORBIDDEN}


def argument(
    name: str,
    description: str,
    *,
    kind: Any = OpenApiTypes.STR,
    enum: list[str] | None = None,
    default: Any = None,
    required: bool = False,
) -> OpenApiParameter:
    return OpenApiParameter(
        name,
        kind,
        OpenApiParameter.QUERY,
        required=required,
        description=description,
        enum=enum,
        default=default,
    )


POOL = argument(
    "pool",
    "The database pool alias to read the definition from. (e.g., default, libnsx1)",
    default="default",
)
MODE = argument(
    "mode",
    "Session mode: read framework data from the framework tables or from the pool.",
    enum=["framework", "session"],
    default="session",
)


def describe_bodies_of_deletes(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Give each DELETE the body of the PUT on its path: the generator takes a DELETE to have none."""
    for operations in result["paths"].values():
        if "delete" in operations and "put" in operations:
            operations["delete"].setdefault("requestBody", operations["put"]["requestBody"])
    return result
