"""From the arguments of an audit call to a `QuerySpec`."""

from collections.abc import Mapping
from typing import Any

from apps.audit.services import NO_QUERY, WRITING_VERBS
from apps.queries.serializers import read_spec
from apps.queries.spec import QuerySpec


def read_audit_spec(query_params: Mapping[str, Any]) -> QuerySpec:
    """Return the query whose write is about to come; `q` and what pages take may be there and say nothing.

    The document's call names no query, only the path. Raises InvalidArgument.
    """
    return read_spec(query_params, verb=WRITING_VERBS[0], default_query=NO_QUERY)
