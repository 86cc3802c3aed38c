"""What the OpenAPI document says of set-up and export."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from apps.setup.serializers import JSON, PASSPHRASE_HEADER, ZIP, ZIP_TYPE
from liberty.api import schema
from liberty.api.schema import argument, envelope_of, example, failure, success

_LIST = envelope_of(items=schema.ITEMS, count={"type": "integer"})

REPOSITORY: dict[str, Any] = {
    "operation_id": "export_repository",
    "tags": ["Export"],
    "summary": "EXPORT - Repository for Deployment",
    "description": "Export all tables models and data. The answer in JSON lists the tables and their numbers "
    "of rows; `format=zip`, or `Accept: application/zip`, sends the archive that `import_repository` loads. "
    "Passwords are left out, or encrypted under a passphrase.",
    "parameters": [
        argument(
            "format",
            "The list of tables in JSON, or the archive; without it the header `Accept` decides.",
            enum=[JSON, ZIP],
            default=JSON,
        ),
        argument("pool", "The pool whose framework tables are exported.", default="default"),
        argument(
            "application",
            "Instead of a pool: the number of the application whose own tables are exported.",
            kind=OpenApiTypes.INT,
        ),
        argument("tables", "Only these tables; names with commas between them. (e.g., ly_enum,ly_enum_val)"),
        argument("without", "Not these tables; names with commas between them. (e.g., ly_users)"),
        OpenApiParameter(
            PASSPHRASE_HEADER,
            str,
            OpenApiParameter.HEADER,
            description="With the archive: passwords of databases and services are encrypted under this "
            "passphrase of 12 characters or more, in UTF-8. Users' passwords are never exported.",
        ),
    ],
    "responses": {
        (200, "application/json"): success(
            "Export successful",
            _LIST,
            example("No table selected", {"items": [], "status": "success", "count": 0}),
            example(
                "Tables of the export",
                {
                    "items": [
                        {"ROW_ID": 1, "TABLE_NAME": "ly_enum", "ROW_COUNT": 12},
                        {"ROW_ID": 2, "TABLE_NAME": "ly_enum_val", "ROW_COUNT": 57},
                    ],
                    "status": "success",
                    "count": 2,
                },
            ),
        ),
        (200, ZIP_TYPE): OpenApiResponse(OpenApiTypes.BINARY, "Export successful"),
        **schema.SIGNED_IN_ERRORS,
        400: failure("Bad Request", "No framework table is named `ly_other`", status="400"),
        422: schema.VALIDATION_ERROR,
        500: failure("Internal server error", "Requested pool `alias` not found", status="500"),
        503: schema.UNAVAILABLE,
    },
}
