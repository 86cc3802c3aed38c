"""Stored queries: looked up by number, verb and database type, and remembered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from apps.pools.catalogue import remembered
from apps.pools.dialects.base import Dialect
from apps.pools.framework_tables import read_tables
from apps.pools.models import SchemaName
from apps.queries.binds import StoredSql, analyse
from apps.queries.framework_definitions import framework_definition
from apps.queries.models import DefinitionPolicy, FrameworkQuery, FrameworkSwitch, QuerySql
from apps.queries.spec import QuerySpec, Source
from liberty.errors import UnknownQuery

PRODUCTS = ("postgres", "mysql", "mariadb", "sqlite", "oracle")
GENERIC = "generic"
SESSION = "SESSION"


@dataclass(frozen=True, slots=True)
class Variant:
    """The SQL of a definition for one database type; `order_by` is a list of SQL expressions or empty."""

    sql: str
    order_by: str
    pool: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A stored query for one verb, with its variants by database type and what is allowed with it."""

    source: Source
    number: int
    verb: str
    catalogue: str
    variants: Mapping[str, Variant]
    is_public: bool = False
    allows_unconditional: bool = False
    is_built_in: bool = False
    """Its SQL is our own, not what somebody has stored."""

    @property
    def pool(self) -> str:
        """The pool it names: the generic variant decides, because the database type is known only then."""
        variant = self.variants.get(GENERIC) or next(iter(self.variants.values()))
        return variant.pool or SESSION

    def for_dialect(self, dialect: Dialect) -> Variant:
        """Return the variant for a database type; what it leaves empty comes from the generic one.

        Raises UnknownQuery where there is no SQL for the type.
        """
        found = [self.variants[name] for name in (*dialect.dbtypes, GENERIC) if name in self.variants]
        sql = next((variant.sql for variant in found if variant.sql.strip()), "")
        if not sql:
            raise UnknownQuery(
                f"Query {self.number} has no SQL for {self.verb} on databases of type `{dialect.name}`."
            )
        order_by = next((variant.order_by for variant in found if variant.order_by), "")
        return Variant(sql, order_by, self.pool)


@dataclass(frozen=True, slots=True)
class Analysed:
    """A variant whose SQL has been taken apart; each `%` in `order_by` is doubled."""

    stored: StoredSql
    order_by: str
    sql: str


def definition_for(spec: QuerySpec, *, catalogue: str) -> Definition:
    """Return the definition that `spec` names, read from `catalogue`.

    Framework definitions are always those of the default catalogue: our own, unless an administrator
    has switched the number to the imported one (contract, section 0.11). Raises UnknownQuery.
    """
    home = "default" if spec.source is Source.FRAMEWORK else catalogue
    key = ("definition", spec.source, spec.number, spec.verb)
    definition = remembered(
        home, key, lambda: read_tables(home, lambda: _load(spec.source, spec.number, spec.verb, home))
    )
    if definition is None:
        raise UnknownQuery(f"Query {spec.number} is not defined for {spec.verb}.")
    return definition


def analysed(definition: Definition, dialect: Dialect) -> Analysed:
    """Return the definition's SQL for `dialect`, taken apart once. Raises UnknownQuery, InvalidDefinition."""
    key = ("analysed", definition.source, definition.number, definition.verb, dialect.name)
    return remembered(definition.catalogue, key, lambda: _analyse(definition, dialect))


def schema_names(catalogue: str) -> Mapping[tuple[str, str], str]:
    """Return the schemas that `#SCHEMA.NAME#` stands for, by (pool, upper-case name)."""
    return remembered(catalogue, "schemas", lambda: read_tables(catalogue, _load_schemas))


def _analyse(definition: Definition, dialect: Dialect) -> Analysed:
    variant = definition.for_dialect(dialect)
    order_by = variant.order_by.strip().replace("%", "%%")
    return Analysed(analyse(variant.sql, dialect.syntax), order_by, variant.sql)


def _load(source: Source, number: int, verb: str, catalogue: str) -> Definition | None:
    is_built_in = source is Source.FRAMEWORK and not FrameworkSwitch.objects.filter(fmw_id=number).exists()
    read = _built_in_variants if is_built_in else _stored_variants[source]
    variants = read(number, verb)
    if not variants:
        return None
    policy = _policy(source, number, verb, catalogue)
    return Definition(
        source=source,
        number=number,
        verb=verb,
        catalogue=catalogue,
        variants=variants,
        is_public=bool(policy and policy.public),
        allows_unconditional=bool(policy and policy.allow_unconditional),
        is_built_in=is_built_in,
    )


def _policy(source: Source, number: int, verb: str, catalogue: str) -> DefinitionPolicy | None:
    if source is Source.FRAMEWORK:
        return None
    return DefinitionPolicy.objects.filter(catalogue=catalogue, query_id=number, crud=verb).first()


def _query_variants(number: int, verb: str) -> Mapping[str, Variant]:
    rows = QuerySql.objects.filter(query_id=number, query_crud=verb)
    return {
        dbtype: Variant(sql or "", order_by or "", pool)
        for dbtype, sql, order_by, pool in rows.values_list(
            "query_dbtype", "query_sqlquery", "query_orderby", "query_pool"
        )
    }


def _built_in_variants(number: int, verb: str) -> Mapping[str, Variant]:
    return {
        dbtype: Variant(own.sql, own.order_by, own.pool)
        for dbtype in PRODUCTS
        if (own := framework_definition(number, verb, dbtype)) is not None
    }


def _framework_variants(number: int, verb: str) -> Mapping[str, Variant]:
    rows = FrameworkQuery.objects.filter(fmw_id=number, fmw_crud=verb)
    return {
        dbtype: Variant(sql or "", order_by or "", pool)
        for dbtype, sql, order_by, pool in rows.values_list(
            "fmw_dbtype", "fmw_sqlquery", "fmw_orderby", "fmw_pool"
        )
    }


_stored_variants: Mapping[Source, Callable[[int, str], Mapping[str, Variant]]] = {
    Source.FRAMEWORK: _framework_variants,
    Source.QUERY: _query_variants,
}


def _load_schemas() -> Mapping[tuple[str, str], str]:
    rows = SchemaName.objects.exclude(sch_target=None)
    return {
        (pool or "", (name or "").upper()): target or ""
        for pool, name, target in rows.values_list("sch_pool", "sch_name", "sch_target")
    }
