"""Grids: how the rows of a stored query are shown as a table or a tree."""

from django.db import models

from liberty.constraints import Cascade
from liberty.fields import TimestampField, YesNoField


class Table(models.Model):
    """A grid over a stored query."""

    tbl_id = models.IntegerField("table", primary_key=True)
    tbl_db_name = models.CharField("table in the database", max_length=50, null=True, blank=True)
    tbl_label = models.CharField("label", max_length=100, null=True, blank=True)
    tbl_query_id = models.IntegerField("query", null=True, blank=True)
    tbl_editable = YesNoField("editable", null=True, blank=True)
    tbl_uploadable = YesNoField("upload allowed", null=True, blank=True)
    tbl_audit = YesNoField("changes recorded", null=True, blank=True)
    tbl_burst = YesNoField("burst", null=True, blank=True)
    tbl_workbook = models.CharField("workbook", max_length=50, null=True, blank=True)
    tbl_sheet = models.CharField("sheet", max_length=50, null=True, blank=True)
    tbl_ctx_id = models.IntegerField("context menu", null=True, blank=True)
    tbl_tree_id = models.IntegerField("tree", null=True, blank=True)
    tbl_frm_id = models.IntegerField("form", null=True, blank=True)
    tbl_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    tbl_audit_date = TimestampField("changed at", null=True, blank=True)
    tbl_auto_load = YesNoField("rows loaded at once", null=True, blank=True)

    class Meta:
        db_table = "ly_tables"
        verbose_name = "table"
        verbose_name_plural = "tables"

    def __str__(self) -> str:
        return self.tbl_label or str(self.tbl_id)


class TableColumn(models.Model):
    """A column of a grid."""

    tbl_id = models.IntegerField("table")
    col_id = models.IntegerField("column")
    col_seq = models.IntegerField("position", null=True, blank=True)
    col_dd_id = models.CharField("dictionary entry", max_length=50, null=True, blank=True)
    col_label = models.CharField("label", max_length=100, null=True, blank=True)
    col_target = models.CharField("target", max_length=50, null=True, blank=True)
    col_type = models.CharField("type", max_length=20, null=True, blank=True)
    col_rules = models.CharField("rule", max_length=20, null=True, blank=True)
    col_rules_values = models.CharField("values of the rule", max_length=50, null=True, blank=True)
    col_default = models.CharField("default", max_length=50, null=True, blank=True)
    col_visible = YesNoField("visible", null=True, blank=True)
    col_disabled = YesNoField("disabled", null=True, blank=True)
    col_required = YesNoField("required", null=True, blank=True)
    col_key = YesNoField("key", null=True, blank=True)
    col_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    col_audit_date = TimestampField("changed at", null=True, blank=True)
    col_filter = YesNoField("filter shown", null=True, blank=True)
    col_cdn_id = models.IntegerField("condition", null=True, blank=True)
    pk = models.CompositePrimaryKey("tbl_id", "col_id")

    class Meta:
        db_table = "ly_tbl_col"
        verbose_name = "table column"
        verbose_name_plural = "table columns"
        constraints = [Cascade(columns=["tbl_id"], table="ly_tables", name="ly_tbl_col_tables_fk")]

    def __str__(self) -> str:
        return self.col_label or self.col_dd_id or f"{self.tbl_id} {self.col_id}"


class TableColumnCondition(models.Model):
    """A value that the condition of a grid column is evaluated with."""

    tbl_id = models.IntegerField("table")
    col_id = models.IntegerField("column")
    cdn_id = models.IntegerField("condition")
    cdn_type = models.CharField("type", max_length=10, null=True, blank=True)
    cdn_source = models.CharField("source", max_length=50, null=True, blank=True)
    cdn_target = models.CharField("target", max_length=50, null=True, blank=True)
    cdn_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    cdn_audit_date = TimestampField("changed at", null=True, blank=True)
    cdn_value = models.CharField("value", max_length=50, null=True, blank=True)
    pk = models.CompositePrimaryKey("tbl_id", "col_id", "cdn_id")

    class Meta:
        db_table = "ly_tbl_col_cdn"
        verbose_name = "table column condition"
        verbose_name_plural = "table column conditions"
        constraints = [
            Cascade(columns=["tbl_id", "col_id"], table="ly_tbl_col", name="ly_tbl_col_cdn_tbl_col_fk")
        ]

    def __str__(self) -> str:
        return f"{self.tbl_id} {self.col_id} {self.cdn_id}"


class TableFilter(models.Model):
    """How one value narrows the lookup behind a grid column."""

    tbl_id = models.IntegerField("table")
    col_id = models.IntegerField("column")
    flt_id = models.IntegerField("filter")
    flt_type = models.CharField("type", max_length=10, null=True, blank=True)
    flt_source = models.CharField("source", max_length=50, null=True, blank=True)
    flt_target = models.CharField("target", max_length=50, null=True, blank=True)
    flt_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    flt_audit_date = TimestampField("changed at", null=True, blank=True)
    flt_value = models.CharField("value", max_length=50, null=True, blank=True)
    pk = models.CompositePrimaryKey("tbl_id", "col_id", "flt_id")

    class Meta:
        db_table = "ly_tbl_filters"
        verbose_name = "table filter"
        verbose_name_plural = "table filters"
        constraints = [
            Cascade(columns=["tbl_id", "col_id"], table="ly_tbl_col", name="ly_tbl_filters_tbl_col_fk")
        ]

    def __str__(self) -> str:
        return f"{self.tbl_id} {self.col_id} {self.flt_id}"


class Tree(models.Model):
    """How the rows of a grid hang together as a tree."""

    tree_id = models.IntegerField("tree", primary_key=True)
    tree_description = models.CharField("description", max_length=100, null=True, blank=True)
    tree_type = models.CharField("type", max_length=10, null=True, blank=True)
    tree_parent = models.CharField("column of the parent", max_length=100, null=True, blank=True)
    tree_child = models.CharField("column of the child", max_length=100, null=True, blank=True)
    tree_key = models.CharField("column of the key", max_length=100, null=True, blank=True)
    tree_group = models.CharField("column of the group", max_length=100, null=True, blank=True)
    tree_label = models.CharField("column of the label", max_length=100, null=True, blank=True)
    tree_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    tree_audit_date = TimestampField("changed at", null=True, blank=True)

    class Meta:
        db_table = "ly_tree"
        verbose_name = "tree"
        verbose_name_plural = "trees"

    def __str__(self) -> str:
        return self.tree_description or str(self.tree_id)
