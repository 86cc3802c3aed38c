"""What the OpenAPI document says of the framework's lists."""

from typing import Any

from liberty.api import schema
from liberty.api.schema import argument, envelope_of, example, failure, success
from liberty.version import PRODUCT_VERSION

_LIST = envelope_of(
    pool={"type": "string"},
    items=schema.ITEMS,
    rowCount={"type": "integer"},
    meta_data=schema.ITEMS,
    metadata=schema.ITEMS,
    hasMore={"type": "boolean"},
    limit={"type": "integer"},
    offset={"type": "integer"},
    count={"type": "integer"},
)


def _list(
    name: str, *, tag: str, summary: str, description: str, answer: str, item: dict[str, Any], **more: Any
) -> dict[str, Any]:
    """Describe one list; the example shows it with the single row `item`."""
    metadata = [
        {"name": column, "type": "UNKNOWN" if value is None else type(value).__name__}
        for column, value in item.items()
    ]
    rows = {
        "status": "success",
        "pool": "default",
        "items": [item],
        "rowCount": 1,
        "meta_data": metadata,
        "metadata": metadata,
        "hasMore": False,
        "limit": 1,
        "offset": 0,
        "count": 1,
    }
    return {
        "operation_id": f"fmw_{name}",
        "tags": [tag],
        "summary": summary,
        "description": description,
        "auth": [],
        "responses": {
            200: success(answer, _LIST, example(answer, rows)),
            422: schema.VALIDATION_ERROR,
            500: failure("Internal server error", "The request could not be answered.", status="500"),
            **more.pop("errors", {}),
        },
        **more,
    }


MODULES = _list(
    "modules",
    tag="Framework",
    summary="FMW - Modules",
    description="Retrieve framework modules. `MODULE_PARAMS` is the text of a JSON object, without members "
    "that look like secrets, or null.",
    answer="Get Modules Details",
    item={
        "ROW_ID": 1,
        "MODULE_ID": "menus",
        "MODULE_DESCRIPTION": "Menus in the drawer",
        "MODULE_ENABLED": "Y",
        "MODULE_PARAMS": None,
    },
)

APPLICATIONS = _list(
    "applications",
    tag="Framework",
    summary="FMW - Applications",
    description="Retrieve available applications. `APPS_OFFSET` is the client's page size, `APPS_LIMIT` the "
    "most rows it reads.",
    answer="Get Applications Available",
    item={
        "ROW_ID": 1,
        "APPS_ID": 1,
        "APPS_NAME": "LIBERTY",
        "APPS_DESCRIPTION": "Framework",
        "APPS_POOL": "default",
        "APPS_OFFSET": 1000,
        "APPS_LIMIT": 10000,
        "APPS_VERSION": None,
        "APPS_DASHBOARD": None,
        "APPS_THEME": "liberty",
    },
)

THEMES = _list(
    "themes",
    tag="Framework",
    summary="FMW - Themes",
    description="Retrieve the colours of application themes, always those of the default pool.",
    answer="Get Themes Details",
    item={
        "ROW_ID": 1,
        "THM_NAME": "liberty",
        "TCL_KEY": "primary",
        "TCL_LIGHT": "#1f4e79",
        "TCL_DARK": "#8ab4d8",
    },
    parameters=[
        argument("pool", "Accepted and not used.", default="default"),
        argument(
            "q",
            "Filters in JSON: an object or a list of objects, column → operator → value. Operators: `=`, "
            '`!=`, `like`, `not like`, `in`, `not in`. (e.g., {"THM_NAME":{"=":"liberty"}})',
        ),
    ],
    errors={400: failure("Bad Request", "Invalid JSON format in request query.", status="400")},
)

VERSION: dict[str, Any] = {
    "operation_id": "fmw_version",
    "tags": ["Framework"],
    "summary": "FMW - Version",
    "description": "The version of this server.",
    "auth": [],
    "responses": {
        200: success(
            "Version",
            {"type": "object", "required": ["version"], "properties": {"version": {"type": "string"}}},
            example("Version", {"version": PRODUCT_VERSION}),
        )
    },
}
