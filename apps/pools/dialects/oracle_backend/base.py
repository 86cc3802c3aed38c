"""Django's back end for Oracle, with the failures of a connection that its driver lets out as they come."""

from typing import Any

from django.db import OperationalError
from django.db.backends.oracle import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Tells of a server whose name leads nowhere as of one that does not answer."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            return super().get_new_connection(conn_params)
        except (OSError, UnicodeError) as exc:
            # oracledb makes none of its own errors of these; a UnicodeError is one of IDNA.
            raise OperationalError("the name of the server cannot be resolved") from exc
