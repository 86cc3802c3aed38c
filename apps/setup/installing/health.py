"""Whether this process can work."""

from django.db import DEFAULT_DB_ALIAS, Error, connections


def is_ready() -> bool:
    """Whether the framework database answers and is migrated."""
    try:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute("SELECT 1 FROM liberty_catalogue_stamp WHERE 1 = 0")
    except Error:
        return False
    return True
