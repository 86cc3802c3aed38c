"""Stored queries and dictionary entries, as tests make them."""

from apps.framework.models import Dictionary, DictionaryLabel, Language
from apps.pools.catalogue import touch
from apps.queries.models import DefinitionPolicy, Query, QuerySql


def define(
    number: int,
    verb: str,
    sql: str | None,
    *,
    pool: str = "SESSION",
    dbtype: str = "generic",
    order_by: str | None = None,
    public: bool = False,
    allow_unconditional: bool = False,
) -> None:
    """Store a query for one verb and database type in the default catalogue."""
    Query.objects.update_or_create(
        query_id=number, defaults={"query_label": f"Query {number}", "query_type": "CRUD"}
    )
    QuerySql.objects.create(
        query_id=number,
        query_dbtype=dbtype,
        query_crud=verb,
        query_pool=pool,
        query_sqlquery=sql,
        query_orderby=order_by,
    )
    if public or allow_unconditional:
        DefinitionPolicy.objects.create(
            query_id=number, crud=verb, public=public, allow_unconditional=allow_unconditional
        )
    touch("default")


def label(name: str, english: str, french: str, *, kind: str = "text") -> None:
    """Describe a column in the dictionary, in two languages."""
    for language, title in (("en", "English"), ("fr", "Français")):
        Language.objects.get_or_create(lng_id=language, defaults={"lng_name": title})
    Dictionary.objects.create(dd_id=name, dd_label=english, dd_type=kind)
    DictionaryLabel.objects.create(dd_id=name, lng_id="fr", lng_label=french)
    touch("default")
