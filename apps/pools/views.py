"""`/api/db/check`, `/api/db/open`, `/api/db/close`, `/api/db/create`, `/api/db/drop`."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from apps.pools import databases, openapi, services
from apps.pools.database_arguments import read_database, read_new_database
from liberty.api import envelope
from liberty.api.arguments import Arguments
from liberty.errors import Forbidden


class PoolViewSet(ViewSet):
    """The life of a pool. `framework_pool` is where it is described, `target_pool` the pool itself."""

    @extend_schema(**openapi.CHECK)
    def check(self, request: Request) -> Response:
        framework_pool, target_pool = _pools(request)
        # Who calls is known to an app above this one, hence without a type.
        caller: Any = request.user
        if target_pool != caller.catalogue:
            _require_platform_admin(caller)
        now = services.check(target_pool, catalogue=framework_pool)
        return Response(envelope.checked(target_pool, now))

    @extend_schema(**openapi.OPEN)
    def open(self, request: Request) -> Response:
        framework_pool, target_pool = _pools(request)
        _require_platform_admin(request.user)
        services.open_pool(target_pool, catalogue=framework_pool)
        return Response(envelope.done("connected"))

    @extend_schema(**openapi.CLOSE)
    def close(self, request: Request) -> Response:
        pool = Arguments(request.query_params).text("pool", default="default")
        _require_platform_admin(request.user)
        services.close_pool(pool)
        return Response(envelope.done("disconnected"))


class DatabaseViewSet(ViewSet):
    """Databases of the framework database's own server, for new applications."""

    @extend_schema(**openapi.CREATE)
    def create(self, request: Request) -> Response:
        caller = _require_writing_platform_admin(request.user)
        new = read_new_database(request.data)
        databases.create_database(new, by=caller)
        return Response(envelope.carried_out(f"Database `{new.name}` created"))

    @extend_schema(**openapi.DROP)
    def drop(self, request: Request) -> Response:
        caller = _require_writing_platform_admin(request.user)
        name, owner = read_database(request.data)
        databases.drop_database(name, owner, by=caller)
        return Response(envelope.carried_out(f"Database `{name}` dropped"))


def _pools(request: Request) -> tuple[str, str]:
    arguments = Arguments(request.query_params)
    pools = (
        arguments.text("framework_pool", default="default"),
        arguments.text("target_pool", default="default"),
    )
    arguments.check()
    return pools


def _require_platform_admin(user: Any) -> None:
    if not user.is_platform_admin:
        raise Forbidden("Pools are managed by administrators of the default catalogue.")


def _require_writing_platform_admin(user: Any) -> str:
    """Return who it is, for the log. Raises Forbidden."""
    _require_platform_admin(user)
    if user.read_only:
        raise Forbidden("A read-only user cannot write.")
    name: str = user.pk
    return name
