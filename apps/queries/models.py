"""Stored queries, and what we have to say about them in tables of our own.

Marks on a query live beside the framework tables, which must keep exactly their columns, and without a
foreign key: they must stand in the way of no stored DELETE, and survive a query that is imported again.
"""

from django.db import models

from liberty.constraints import Cascade
from liberty.fields import TimestampField


class Query(models.Model):
    """A stored query, under the number that clients call it by."""

    query_id = models.IntegerField("number", primary_key=True)
    query_label = models.CharField("label", max_length=100)
    query_type = models.CharField("type", max_length=20)
    query_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    query_audit_date = TimestampField("changed at", null=True, blank=True)

    class Meta:
        db_table = "ly_query"
        verbose_name = "query"
        verbose_name_plural = "queries"

    def __str__(self) -> str:
        return f"{self.query_id} {self.query_label}"


class QuerySql(models.Model):
    """The SQL of a query for one verb and database type."""

    query = models.ForeignKey(
        Query, models.CASCADE, verbose_name="query", related_name="sql", db_constraint=False, db_index=False
    )
    query_dbtype = models.CharField("database type", max_length=10)
    query_crud = models.CharField("verb", max_length=10)
    query_pool = models.CharField("pool", max_length=10)
    query_sqlquery = models.TextField("SQL", null=True, blank=True)
    query_orderby = models.CharField("order", max_length=100, null=True, blank=True)
    query_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    query_audit_date = TimestampField("changed at", null=True, blank=True)
    pk = models.CompositePrimaryKey("query_id", "query_dbtype", "query_crud")

    class Meta:
        db_table = "ly_qry_sql"
        verbose_name = "query SQL"
        verbose_name_plural = "query SQL"
        constraints = [Cascade(columns=["query_id"], table="ly_query", name="ly_qry_sql_query_fk")]

    def __str__(self) -> str:
        return f"{self.query_id} {self.query_dbtype} {self.query_crud}"


class FrameworkQuery(models.Model):
    """A framework query of an imported repository."""

    fmw_id = models.IntegerField("number")
    fmw_dbtype = models.CharField("database type", max_length=10)
    fmw_crud = models.CharField("verb", max_length=10)
    fmw_description = models.CharField("description", max_length=100, null=True, blank=True)
    fmw_pool = models.CharField("pool", max_length=10)
    fmw_sqlquery = models.TextField("SQL", null=True, blank=True)
    fmw_orderby = models.CharField("order", max_length=100, null=True, blank=True)
    fmw_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    fmw_audit_date = TimestampField("changed at", null=True, blank=True)
    pk = models.CompositePrimaryKey("fmw_id", "fmw_dbtype", "fmw_crud")

    class Meta:
        db_table = "ly_qry_fmw"
        verbose_name = "imported framework query"
        verbose_name_plural = "imported framework queries"

    def __str__(self) -> str:
        return f"{self.fmw_id} {self.fmw_dbtype} {self.fmw_crud}"


class DefinitionPolicy(models.Model):
    """What one verb of a stored query of one catalogue may do beyond the default."""

    catalogue = models.CharField("catalogue", max_length=101, default="default")
    query_id = models.IntegerField("query")
    crud = models.CharField("verb", max_length=10)
    public = models.BooleanField(
        "public", default=False, help_text="Users who are not administrators may call it."
    )
    allow_unconditional = models.BooleanField(
        "without condition", default=False, help_text="It may update or delete every row of a table."
    )

    class Meta:
        db_table = "liberty_definition_policy"
        verbose_name = "query policy"
        verbose_name_plural = "query policies"
        constraints = [
            models.UniqueConstraint(
                fields=["catalogue", "query_id", "crud"], name="liberty_definition_policy_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.query_id} {self.crud}"


class FrameworkSwitch(models.Model):
    """Says that the imported definition of a framework query answers instead of ours."""

    fmw_id = models.IntegerField("framework query", primary_key=True)

    class Meta:
        db_table = "liberty_framework_switch"
        verbose_name = "switch to an imported framework query"
        verbose_name_plural = "switches to imported framework queries"

    def __str__(self) -> str:
        return str(self.fmw_id)
