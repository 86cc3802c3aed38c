"""`/api/setup`: the version of every database, and the ways to another one."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from apps.accounts.authentication import require_platform_admin
from apps.setup import moving, version_openapi
from apps.setup.backups import DatabaseBackup
from apps.setup.moving import Move, Outcome
from apps.setup.revisions import record_revision
from apps.setup.states import State, survey
from apps.setup.version_arguments import read_message, read_run
from liberty.api import envelope


class VersionViewSet(ViewSet):
    """Versions of the framework database and of pools with framework tables, for administrators."""

    @extend_schema(**version_openapi.CURRENT)
    def current(self, request: Request) -> Response:
        _require_admin(request)
        found = survey()
        return Response(envelope.carried_out(found.message, [_state_item(state) for state in found.states]))

    @extend_schema(**version_openapi.UPGRADE)
    def upgrade(self, request: Request) -> Response:
        _require_admin(request)
        wish = read_run(request.query_params, request.data)
        return _moved(moving.upgrade(dry_run=wish.dry_run, without=wish.without, add=wish.add))

    @extend_schema(**version_openapi.DOWNGRADE)
    def downgrade(self, request: Request, version: str) -> Response:
        _require_admin(request)
        wish = read_run(request.query_params, request.data)
        return _moved(moving.downgrade(version, dry_run=wish.dry_run, without=wish.without))

    @extend_schema(**version_openapi.REVISION)
    def revision(self, request: Request) -> Response:
        _require_admin(request)
        message, without = read_message(request.query_params, request.data)
        recorded = record_revision(message, without=without)
        items = [_backup_item(recorded.name, database) for database in recorded.databases]
        return Response(envelope.carried_out(f"Revision {recorded.name} recorded.", items))


def _require_admin(request: Request) -> None:
    caller: Any = request.user
    require_platform_admin(caller)


def _moved(outcome: Outcome) -> Response:
    return Response(envelope.carried_out(outcome.message, [_move_item(move) for move in outcome.moves]))


def _move_item(move: Move) -> dict[str, Any]:
    return {
        "pool": move.pool,
        "from": move.before,
        "to": move.after,
        "migrations": move.migrations,
        "backup": move.backup,
        "seconds": move.seconds,
    }


def _state_item(state: State) -> dict[str, Any]:
    return {
        "pool": state.pool,
        "product": state.product or None,
        "version": state.version,
        "state": state.state,
        "migrations": state.migrations,
        "pending": state.pending,
        "note": state.note or None,
    }


def _backup_item(revision: str, database: DatabaseBackup) -> dict[str, Any]:
    return {
        "pool": database.pool,
        "revision": revision,
        "version": database.version,
        "migrations": database.state,
        "backup": database.file,
        "bytes": database.size,
    }
