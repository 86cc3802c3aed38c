"""From a query string and a body to a `QuerySpec` and lines to write."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from apps.queries.spec import Filter, Order, QuerySpec, Source
from liberty.api.arguments import Arguments
from liberty.api.envelope import DEFAULT_LIMIT
from liberty.errors import ArgumentFault, InvalidArgument, MalformedRequest

INVALID_JSON = "Invalid JSON format in request query."
EMPTY_BODY = "Request body cannot be empty. JSON object with key-value pairs is required."

# Databases nest one level for each condition, and some end at a thousand.
MAX_FILTERS = 100

Line = Mapping[str, Any]


def read_spec(query_params: Mapping[str, Any], *, verb: str, default_query: int | None = None) -> QuerySpec:
    """Return what the arguments of a query call ask for.

    The number of the query must be given unless `default_query` stands in for it. Raises InvalidArgument
    naming every argument that is missing or of the wrong type, and MalformedRequest where `q` or `params`
    cannot be read.
    """
    arguments = Arguments(query_params)
    framework_mode = arguments.choice("mode", ("framework", "session"), default="session") == "framework"
    pool = arguments.text("pool", default="default")
    spec = QuerySpec(
        source=Source(arguments.choice("source", tuple(Source), default=Source.QUERY)),
        number=arguments.integer("query", default=default_query),
        verb=verb,
        pool="default" if framework_mode else pool,
        framework_mode=framework_mode,
        override_pool=arguments.text("override_pool", "overridePool"),
        language=arguments.text("language"),
        columns_only=arguments.choice("type", ("table", "columns"), default="table") == "columns",
        **(_page_arguments(arguments) if verb == "GET" else {}),
    )
    arguments.check()
    return spec


def read_call(query_params: Mapping[str, Any]) -> QuerySpec:
    """Return which stored call is asked for: its number (`api`) and catalogue. Raises InvalidArgument."""
    arguments = Arguments(query_params)
    framework_mode = arguments.choice("mode", ("framework", "session"), default="session") == "framework"
    pool = arguments.text("pool", default="default")
    spec = QuerySpec(
        source=Source.QUERY,
        number=arguments.integer("api"),
        verb="POST",
        pool="default" if framework_mode else pool,
        framework_mode=framework_mode,
    )
    arguments.check()
    return spec


def read_values(body: Any) -> Mapping[str, Any]:
    """Return the values of a stored call: the members of the body, which may be missing."""
    values = {} if body is None else body
    if not isinstance(values, dict):
        raise InvalidArgument(ArgumentFault(("body",), "Input should be a valid dictionary", "dict_type"))
    return values


def read_lines(body: Any) -> tuple[Line, ...]:
    """Return the objects of a writing call: one, or as many as the list has."""
    if body is None or body == {} or body == []:
        raise MalformedRequest(EMPTY_BODY)
    lines = body if isinstance(body, list) else [body]
    for position, line in enumerate(lines):
        location: tuple[str | int, ...] = ("body", position) if isinstance(body, list) else ("body",)
        if not isinstance(line, dict):
            raise InvalidArgument(ArgumentFault(location, "Input should be a valid dictionary", "dict_type"))
        if not line:
            raise MalformedRequest(EMPTY_BODY)
    return tuple(lines)


def read_filters(value: Any) -> tuple[Filter, ...]:
    """Return the conditions of `q`: an object `{column: {operator: value}}` or a list of such objects."""
    filters = tuple(
        Filter(column, operator, operand)
        for conditions in _objects(value, "q")
        for column, condition in conditions.items()
        for operator, operand in _condition(column, condition)
    )
    if len(filters) > MAX_FILTERS:
        raise MalformedRequest(f"`q` has {len(filters)} conditions; {MAX_FILTERS} are the most.")
    return filters


def read_params(value: Any) -> dict[str, Any]:
    """Return the members of `params` by upper-case name; of several objects the last value counts."""
    return {name.upper(): item for members in _objects(value, "params") for name, item in members.items()}


def read_order(text: str) -> tuple[Order, ...]:
    """Return the columns of `order=COL,-COL2`; a minus sign sorts from high to low."""
    names = (part.strip() for part in text.split(","))
    return tuple(Order(name.removeprefix("-"), name.startswith("-")) for name in names if name)


def _page_arguments(arguments: Arguments) -> dict[str, Any]:
    limit = arguments.integer("limit", default=DEFAULT_LIMIT)
    return {
        "offset": arguments.integer("offset", default=0),
        "limit": min(limit, settings.LIBERTY_MAX_LIMIT),
        "numbers_as_text": arguments.choice("numbers", ("number", "string"), default="number") == "string",
        "order": read_order(arguments.text("order")),
        "filters": read_filters(arguments.json("q", failure=INVALID_JSON)),
        "params": read_params(arguments.json("params", failure=INVALID_JSON)),
    }


def _objects(value: Any, name: str) -> Sequence[Mapping[str, Any]]:
    if value is None:
        return ()
    objects = value if isinstance(value, list) else [value]
    if not all(isinstance(item, dict) for item in objects):
        raise MalformedRequest(f"{INVALID_JSON} `{name}` takes an object or a list of objects.")
    return objects


def _condition(column: str, condition: Any) -> Sequence[tuple[str, Any]]:
    if not isinstance(condition, dict) or not condition:
        raise MalformedRequest(
            f"{INVALID_JSON} The condition on `{column}` must be an object of operators and values."
        )
    return tuple(condition.items())
