"""Pools as they are stored: named databases, schema names, and the stamp of a catalogue."""

from django.db import models

from liberty.fields import TimestampField, YesNoField


class Pool(models.Model):
    """An application and the database behind it."""

    apps_id = models.IntegerField("number", primary_key=True)
    apps_name = models.CharField("name", max_length=40, null=True, blank=True)
    apps_description = models.CharField("description", max_length=100, null=True, blank=True)
    apps_version = models.IntegerField("version", null=True, blank=True)
    apps_pool = models.CharField("pool", max_length=50, null=True, blank=True)
    apps_pool_min = models.IntegerField("fewest connections", null=True, blank=True)
    apps_pool_max = models.IntegerField("most connections", null=True, blank=True)
    apps_dbtype = models.CharField("database type", max_length=10, null=True, blank=True)
    apps_jdbc = models.CharField("connection text", max_length=500, null=True, blank=True)
    apps_user = models.CharField("database user", max_length=20, null=True, blank=True)
    apps_password = models.TextField("password", null=True, blank=True)
    apps_host = models.CharField("host", max_length=100, null=True, blank=True)
    apps_port = models.IntegerField("port", null=True, blank=True)
    apps_database = models.CharField("database", max_length=100, null=True, blank=True)
    apps_offset = models.IntegerField("default offset", null=True, blank=True)
    apps_limit = models.IntegerField("default limit", null=True, blank=True)
    apps_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    apps_audit_date = TimestampField("changed at", null=True, blank=True)
    apps_dashboard = models.IntegerField("dashboard", null=True, blank=True)
    apps_type = models.CharField("type", max_length=20, null=True, blank=True)
    apps_theme = models.CharField("theme", max_length=20, null=True, blank=True)
    apps_replace_null = YesNoField("blank text for null", null=True, blank=True)

    class Meta:
        db_table = "ly_applications"
        verbose_name = "pool"
        verbose_name_plural = "pools"

    def __str__(self) -> str:
        return self.apps_pool or str(self.apps_id)


class SchemaName(models.Model):
    """What `#SCHEMA.NAME#` stands for in the stored SQL of one pool."""

    sch_id = models.IntegerField("number", primary_key=True)
    sch_pool = models.CharField("pool", max_length=50, null=True, blank=True)
    sch_name = models.CharField("name", max_length=30, null=True, blank=True)
    sch_target = models.CharField("schema in the database", max_length=30, null=True, blank=True)
    sch_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    sch_audit_date = TimestampField("changed at", null=True, blank=True)

    class Meta:
        db_table = "ly_db_schema"
        verbose_name = "schema name"
        verbose_name_plural = "schema names"

    def __str__(self) -> str:
        return f"{self.sch_pool}: {self.sch_name} = {self.sch_target}"


class CatalogueStamp(models.Model):
    """Counts the changes of a catalogue, so that every process notices them."""

    catalogue = models.CharField("catalogue or event", max_length=120, primary_key=True)
    stamp = models.BigIntegerField("stamp", default=0)

    class Meta:
        db_table = "liberty_catalogue_stamp"
        verbose_name = "catalogue stamp"
        verbose_name_plural = "catalogue stamps"

    def __str__(self) -> str:
        return f"{self.catalogue} {self.stamp}"
