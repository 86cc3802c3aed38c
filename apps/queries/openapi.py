"""What the OpenAPI document says of `/api/db/query`."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from liberty.api import schema
from liberty.api.schema import argument, envelope_of, example, failure, success

LOCATE: list[OpenApiParameter] = [
    argument(
        "source", "The source to retrieve the query definition.", enum=["framework", "query"], default="query"
    ),
    argument("type", "The type of query, get data or metadata.", enum=["table", "columns"], default="table"),
    schema.POOL,
    schema.MODE,
    argument(
        "query", "The number of the query to execute. (e.g., 1, 2)", kind=OpenApiTypes.INT, required=True
    ),
    argument(
        "override_pool",
        "Run on this pool instead of the one set in the query definition; also spelt `overridePool`. "
        "(e.g., default, libnsx1)",
    ),
]

_PAGE: list[OpenApiParameter] = [
    argument(
        "q",
        "Filters in JSON: an object or a list of objects, column → operator → value. Operators: "
        "`=`, `!=`, `<>`, `<`, `<=`, `>`, `>=`, `like`, `ilike`, `in`, `between`, `contains`, `starts`, "
        "`ends`, and `not like`, `not ilike`, `not in`, `not between`, `not contains`, `not starts`, "
        "`not ends`. "
        "(e.g., [{'APPS_ID':{'=':10}, 'APPS_NAME':{'like':'LIBERTY%'} }])",
    ),
    argument("language", "The language of labels. (e.g., en, fr)", default="en"),
    argument("offset", "The number of rows to skip.", kind=OpenApiTypes.INT, default=0),
    argument("limit", "The maximum number of rows to return.", kind=OpenApiTypes.INT, default=1000),
    argument("params", "Values of the query's parameters in JSON. (e.g., [{'APPS_ID': 10}])"),
    argument("order", "Columns to sort by, a minus sign in front for descending. (e.g., APPS_NAME,-APPS_ID)"),
    argument(
        "numbers",
        "`string` returns 64-bit integers and decimals as texts, for readers that would round them.",
        enum=["number", "string"],
        default="number",
    ),
]

_PAGE_SCHEMA = envelope_of(
    items=schema.ITEMS,
    metadata=schema.ITEMS,
    hasMore={"type": "boolean"},
    limit={"type": "integer"},
    offset={"type": "integer"},
    count={"type": "integer"},
)

WRITTEN_SCHEMA = envelope_of(items=schema.ITEMS, count={"type": "integer"})

EMPTY_BODY = "Request body cannot be empty. JSON object with key-value pairs is required."


def _column(name: str, label: str, kind: str = "text") -> dict[str, Any]:
    return {
        "name": name,
        "headerName": label,
        "field": name,
        "type": kind,
        "operator": "like" if kind == "text" else "=",
        "rules": None,
        "rules_values": None,
        "default": None,
        "dataType": "text",
    }


_PAGE_EXAMPLE = example(
    "One page",
    {
        "items": [
            {"ROW_ID": 1, "DD_ID": "ACT_AUDIT_DATE", "DD_LABEL": "Date (Audit)"},
            {"ROW_ID": 2, "DD_ID": "ACT_ID", "DD_LABEL": "Action ID"},
        ],
        "status": "success",
        "metadata": [
            _column("ROW_ID", "ROW_ID"),
            _column("DD_ID", "Dictionary ID"),
            _column("DD_LABEL", "Label"),
        ],
        "hasMore": True,
        "limit": 2,
        "offset": 0,
        "count": 2,
    },
)

_COMMON = {
    **schema.SIGNED_IN_ERRORS,
    404: failure("Not Found", "Query 5 is not defined for GET.", status="404"),
    422: schema.VALIDATION_ERROR,
    503: schema.UNAVAILABLE,
}

SELECT: dict[str, Any] = {
    "operation_id": "query_select",
    "tags": ["Query"],
    "summary": "QUERY - Select",
    "description": "Retrieve data or metadata from the database based on query parameters. "
    "Supports filtering, language and pagination.",
    "parameters": [*LOCATE, *_PAGE],
    "responses": {
        200: success("Data retrieved successfully", _PAGE_SCHEMA, _PAGE_EXAMPLE),
        400: failure("Bad Request", "Invalid JSON format in request query.", status="400"),
        500: failure(
            "Internal server error",
            {
                "items": [{"message": "Error: The database refused the statement."}],
                "status": "error",
                "hasMore": False,
                "limit": 100,
                "offset": 0,
                "count": 0,
                "query": "SELECT * FROM table_name",
            },
            status="500",
        ),
        **_COMMON,
    },
}


def _write(operation_id: str, summary: str, description: str) -> dict[str, Any]:
    body = {
        "description": "JSON object with key-value pairs is required; a list of objects is one transaction.",
        "oneOf": [schema.OBJECT, {"type": "array", "items": schema.OBJECT}],
    }
    return {
        "operation_id": operation_id,
        "tags": ["Query"],
        "summary": summary,
        "description": description,
        "parameters": LOCATE,
        "request": {"application/json": body},
        "responses": {
            200: success(
                "Data inserted/updated successfully",
                WRITTEN_SCHEMA,
                example("Rows written", {"items": [], "status": "success", "count": 1}),
            ),
            400: failure("Bad Request", EMPTY_BODY, status="400"),
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
            **_COMMON,
        },
    }


INSERT = _write("query_insert", "QUERY - Insert", "Insert data into a table.")
UPDATE = _write("query_update", "QUERY - Update", "Update data into a table.")
DELETE = _write("query_delete", "QUERY - Delete", "Delete data into a table.")
