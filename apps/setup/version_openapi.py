"""What the OpenAPI document says of versions."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from liberty.api import schema
from liberty.api.schema import argument, envelope_of, example, failure, success

_ANSWER = envelope_of(items=schema.ITEMS, count={"type": "integer"}, message={"type": "string"})
_TEXT = {"type": "string"}

_DRY_RUN = argument(
    "dry_run", "Only tell what would be done, and change nothing.", kind=OpenApiTypes.BOOL, default=False
)
_WITHOUT = argument(
    "without", "Pools to leave out because they do not answer; names with commas between them."
)
_RUN_BODY = {
    "application/json": {
        "type": "object",
        "properties": {"dry_run": {"type": "boolean", "default": False}, "without": _TEXT},
    }
}

_ERRORS: dict[Any, Any] = {
    **schema.SIGNED_IN_ERRORS,
    422: schema.VALIDATION_ERROR,
    500: failure("Internal server error", "Setup failed", status="500"),
    503: schema.UNAVAILABLE,
}
_MIGRATIONS = {
    "accounts": "0002_keep_log_entries",
    "framework": "0002_log_entries",
    "pools": "0001_initial",
}

CURRENT: dict[str, Any] = {
    "operation_id": "setup_current",
    "tags": ["Setup"],
    "summary": "SETUP - Current",
    "description": "Get the current version deployed: for the framework database, and for every pool with "
    "framework tables, its version, the last migration of each app, and what is pending. `state` is "
    "`current`, `pending`, `interrupted`, `newer` (than this server), `foreign` (its tables were not made "
    "here; it is left alone) or `unreached`.",
    "responses": {
        200: success(
            "Current version",
            _ANSWER,
            example(
                "One database",
                {
                    "items": [
                        {
                            "pool": "default",
                            "product": "postgres",
                            "version": "1.0.0",
                            "state": "current",
                            "migrations": _MIGRATIONS,
                            "pending": [],
                            "note": None,
                        }
                    ],
                    "status": "success",
                    "count": 1,
                    "message": "Every database that answers is at version 1.0.0.",
                },
            ),
        ),
        **_ERRORS,
    },
}

UPGRADE: dict[str, Any] = {
    "operation_id": "setup_upgrade",
    "tags": ["Setup"],
    "summary": "SETUP - Upgrade",
    "description": "Upgrade databases to latest version. Nothing is changed if one of them does not answer. "
    "An upgrade that was interrupted is finished by the next one.",
    "parameters": [
        _DRY_RUN,
        _WITHOUT,
        argument(
            "add",
            "Pools that get framework tables, and are catalogues from then on; names with commas between.",
        ),
    ],
    "request": _RUN_BODY,
    "responses": {
        200: success(
            "Upgrade successful",
            _ANSWER,
            example(
                "Nothing to do",
                {
                    "items": [
                        {
                            "pool": "default",
                            "from": "1.0.0",
                            "to": "1.0.0",
                            "migrations": [],
                            "backup": None,
                            "seconds": None,
                        }
                    ],
                    "status": "success",
                    "count": 1,
                    "message": "Nothing to do: every database is at version 1.0.0.",
                },
            ),
        ),
        400: failure(
            "Bad Request",
            "The database of pool `crm` is newer than this version, 1.0.0: it has framework.0003_other, "
            "which is not known here. Nothing was changed.",
            status="400",
        ),
        **_ERRORS,
    },
}

DOWNGRADE: dict[str, Any] = {
    "operation_id": "setup_downgrade",
    "tags": ["Setup"],
    "summary": "SETUP - Downgrade",
    "description": "Downgrade databases to a specific version. A backup of each that changes is written "
    "before.",
    "parameters": [
        OpenApiParameter(
            "version",
            str,
            OpenApiParameter.PATH,
            description="A version of the product, a migration (`framework.0001_initial`, or a beginning "
            "that only one has), or the name of a recorded revision. (e.g., 1.0.0)",
        ),
        _DRY_RUN,
        _WITHOUT,
    ],
    "request": _RUN_BODY,
    "responses": {
        200: success(
            "Downgrade successful",
            _ANSWER,
            example(
                "One database",
                {
                    "items": [
                        {
                            "pool": "default",
                            "from": "1.0.0",
                            "to": None,
                            "migrations": ["framework.0002_log_entries"],
                            "backup": "1-default.dump",
                            "seconds": 0.041,
                        }
                    ],
                    "status": "success",
                    "count": 1,
                    "message": "1 migration ran in 1 database; all are at framework.0001_initial. "
                    "Backup: d20261125-101500-before-framework-0001-initial.",
                },
            ),
        ),
        400: failure("Bad Request", "Unknown version `abc`. Known versions: 1.0.0.", status="400"),
        **_ERRORS,
    },
}

REVISION: dict[str, Any] = {
    "operation_id": "setup_revision",
    "tags": ["Setup"],
    "summary": "SETUP - Revision",
    "description": "Create a new revision for the database: the migration state of every database together "
    "with a backup, under a name that a downgrade accepts.",
    "parameters": [
        argument("message", "What the revision is for; a part of its name. (e.g., before spring release)"),
        _WITHOUT,
    ],
    "request": {
        "application/json": {"type": "object", "properties": {"message": _TEXT, "without": _TEXT}},
    },
    "responses": {
        200: success(
            "Revision successful",
            _ANSWER,
            example(
                "One database",
                {
                    "items": [
                        {
                            "pool": "default",
                            "revision": "r20261125-101500-before-spring-release",
                            "version": "1.0.0",
                            "migrations": _MIGRATIONS,
                            "backup": "1-default.dump",
                            "bytes": 73155,
                        }
                    ],
                    "status": "success",
                    "count": 1,
                    "message": "Revision r20261125-101500-before-spring-release recorded.",
                },
            ),
        ),
        400: failure("Bad Request", "The message of a revision has at most 200 characters.", status="400"),
        **_ERRORS,
    },
}
