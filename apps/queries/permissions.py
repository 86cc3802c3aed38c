"""Who may run a stored query. The one place that decides, before anything runs."""

from django.conf import settings

from apps.accounts.caller import DEFAULT_CATALOGUE, Caller
from apps.queries.definitions import Definition
from apps.queries.spec import QuerySpec, Source
from liberty.errors import Forbidden

READ = "GET"
MENUS = 7
# Framework queries from which the original's web client learns what to show: links, languages, grids, lists
# of values, lookups, dialogs, sequences, actions, conditions, charts, dashboards, events, themes. Not among
# them: pools (2), users (4), counters (13), services (34).
SHOWN = frozenset({5, 6, 8, 9, 10, 11, 12, 14, 16, 18, *range(20, 34)})


def check_catalogue(caller: Caller, catalogue: str) -> None:
    """Refuse a catalogue that is not the caller's own, except to administrators of the default one.

    Rights hold inside the catalogue that a token names (contract, section 0.4).
    """
    if caller.catalogue != catalogue and not caller.is_platform_admin:
        raise Forbidden("Your sign-in does not reach this catalogue.")


def check_run(
    caller: Caller, spec: QuerySpec, definition: Definition, *, catalogue: str, target: str
) -> None:
    """Refuse what the caller may not run on pool `target` (an alias).

    Administrators of the default catalogue run everything, those of another one everything on its own
    database. Everybody else reads stored queries that are marked public, where they are stored to run, and
    what the original's web client needs to show itself, where that is set.
    """
    check_catalogue(caller, catalogue)
    if spec.verb != READ and caller.read_only:
        raise Forbidden("A read-only user cannot write.")
    if caller.is_platform_admin:
        return
    if catalogue not in (DEFAULT_CATALOGUE, target):
        # Not for public queries either: who may write to an application's tables decides what its queries
        # say and where its pools lead, and that is not only the one who marked them.
        raise Forbidden("This needs an administrator of the default catalogue.")
    if caller.is_admin:
        return
    if settings.LIBERTY_ORIGINAL_CLIENT and _is_shown(caller, spec, definition):
        return
    is_plain = spec.source is Source.QUERY and not spec.framework_mode and not spec.override_pool
    if spec.verb != READ or not is_plain or not definition.is_public:
        raise Forbidden("This needs an administrator.")


def _is_shown(caller: Caller, spec: QuerySpec, definition: Definition) -> bool:
    """Tell whether it is our own query for what the client shows; of the menus, the caller's alone."""
    if spec.verb != READ or spec.override_pool or not definition.is_built_in:
        return False
    if spec.number == MENUS:
        return any(
            condition.column.upper() == "USR_ID"
            and condition.operator == "="
            and condition.value == caller.user_id
            for condition in spec.filters
        )
    return spec.number in SHOWN


def check_call(caller: Caller, *, catalogue: str, number: int, is_internal: bool, is_read: bool) -> None:
    """Refuse a stored call to a service that the caller may not make.

    Administrators of the default catalogue make every call, but not those of another catalogue that change
    something on this server: who writes that catalogue's rows would use their rights. Administrators of
    another one call this server itself, where their own rights hold. Everybody else, and they for services
    elsewhere, make those that the one who runs the server opened to a catalogue's users
    (LIBERTY_REST_PUBLIC_APIS).
    """
    check_catalogue(caller, catalogue)
    if caller.read_only and not is_read:
        raise Forbidden("A read-only user cannot write.")
    if f"{catalogue}/{number}" in settings.LIBERTY_REST_PUBLIC_APIS:
        return
    if caller.is_platform_admin:
        if is_internal and not is_read and catalogue != DEFAULT_CATALOGUE:
            raise Forbidden("This call of another catalogue would be made with your rights on this server.")
        return
    if not caller.is_admin:
        raise Forbidden("This needs an administrator.")
    if not is_internal:
        raise Forbidden("This needs an administrator of the default catalogue.")
