"""Tables that the server audits, and what it has collected from their pools.

Both stand in the framework database alone, whatever catalogue describes a pool.
"""

from django.db import models

ADMIN = "admin"
"""The source of what the admin site has changed; it has no query."""

VERBS = [("INSERT", "insert"), ("UPDATE", "update"), ("DELETE", "delete")]


class AuditedTable(models.Model):
    """That every stored write to one table of one pool is recorded."""

    pool = models.CharField(
        "pool", max_length=101, help_text="A pool of the default catalogue, or `catalogue/pool`."
    )
    table = models.CharField(
        "table", max_length=128, help_text="As it is called in the database, in any case; without schema."
    )

    class Meta:
        db_table = "liberty_audited_table"
        verbose_name = "audited table"
        verbose_name_plural = "audited tables"
        constraints = [models.UniqueConstraint(fields=["pool", "table"], name="liberty_audited_table_unique")]

    def __str__(self) -> str:
        return f"{self.pool}: {self.table}"


class AuditEntry(models.Model):
    """One row that one write has made, changed or deleted, collected from the pool it happened in."""

    entry_id = models.CharField("entry", max_length=32, primary_key=True)
    pool = models.CharField("pool", max_length=101)
    table = models.CharField("table", max_length=128)
    row_key = models.TextField("row")
    """The columns of the primary key and their values, as a JSON object."""
    verb = models.CharField("change", max_length=10, choices=VERBS)
    actor = models.CharField("user", max_length=201)
    """`catalogue/user` of the token."""
    source = models.CharField("source", max_length=10)
    query = models.IntegerField("query")
    request_id = models.CharField("request", max_length=64)
    changed_at = models.DateTimeField("changed at")
    before = models.TextField("before", null=True)
    after = models.TextField("after", null=True)
    """JSON objects of all columns, secrets as their stand-in; null where there is no such row."""

    class Meta:
        db_table = "liberty_audit_entry"
        verbose_name = "audit entry"
        verbose_name_plural = "audit entries"
        ordering = ["-changed_at", "entry_id"]
        indexes = [
            models.Index(fields=["pool", "table", "changed_at"], name="liberty_audit_entry_table"),
            models.Index(fields=["changed_at"], name="liberty_audit_entry_time"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.pool}: {self.table} {self.row_key}"

    @property
    def origin(self) -> str:
        """What has made the change, in words."""
        if self.source == ADMIN:
            return "admin site"
        return f"framework query {self.query}" if self.source == "framework" else f"query {self.query}"
