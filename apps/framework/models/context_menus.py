"""Menus on a row of a grid."""

from django.db import models

from liberty.constraints import Cascade
from liberty.fields import TimestampField


class ContextMenu(models.Model):
    """A menu that opens on a row."""

    ctx_id = models.IntegerField("context menu", primary_key=True)
    ctx_description = models.CharField("description", max_length=50, null=True, blank=True)
    ctx_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    ctx_audit_date = TimestampField("changed at", null=True, blank=True)

    class Meta:
        db_table = "ly_ctxmenus"
        verbose_name = "context menu"
        verbose_name_plural = "context menus"

    def __str__(self) -> str:
        return self.ctx_description or str(self.ctx_id)


class ContextMenuEntry(models.Model):
    """An entry of a context menu: what it opens."""

    ctx_id = models.IntegerField("context menu")
    val_id = models.IntegerField("entry")
    val_seq = models.IntegerField("position", null=True, blank=True)
    val_label = models.CharField("label", max_length=100, null=True, blank=True)
    val_component = models.CharField("component", max_length=40, null=True, blank=True)
    val_component_id = models.IntegerField("number of the component", null=True, blank=True)
    val_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    val_audit_date = TimestampField("changed at", null=True, blank=True)
    pk = models.CompositePrimaryKey("ctx_id", "val_id")

    class Meta:
        db_table = "ly_ctx_val"
        verbose_name = "context menu entry"
        verbose_name_plural = "context menu entries"
        constraints = [Cascade(columns=["ctx_id"], table="ly_ctxmenus", name="ly_ctx_val_ctxmenus_fk")]

    def __str__(self) -> str:
        return self.val_label or f"{self.ctx_id} {self.val_id}"


class ContextMenuFilter(models.Model):
    """A value of the row that a context menu entry hands on."""

    ctx_id = models.IntegerField("context menu")
    val_id = models.IntegerField("entry")
    flt_id = models.IntegerField("filter")
    flt_type = models.CharField("type", max_length=10, null=True, blank=True)
    flt_source = models.CharField("source", max_length=50, null=True, blank=True)
    flt_target = models.CharField("target", max_length=50, null=True, blank=True)
    flt_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    flt_audit_date = TimestampField("changed at", null=True, blank=True)
    flt_value = models.CharField("value", max_length=50, null=True, blank=True)
    pk = models.CompositePrimaryKey("ctx_id", "val_id", "flt_id")

    class Meta:
        db_table = "ly_ctx_filters"
        verbose_name = "context menu filter"
        verbose_name_plural = "context menu filters"
        constraints = [
            Cascade(columns=["ctx_id", "val_id"], table="ly_ctx_val", name="ly_ctx_filters_ctx_val_fk")
        ]

    def __str__(self) -> str:
        return f"{self.ctx_id} {self.val_id} {self.flt_id}"


class ContextMenuLabel(models.Model):
    """The label of a context menu entry in one language."""

    ctx_id = models.IntegerField("context menu")
    val_id = models.IntegerField("entry")
    lng_id = models.CharField("language", max_length=4)
    lng_label = models.CharField("label", max_length=100, null=True, blank=True)
    lng_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    lng_audit_date = TimestampField("changed at", null=True, blank=True)
    pk = models.CompositePrimaryKey("lng_id", "ctx_id", "val_id")

    class Meta:
        db_table = "ly_ctx_val_l"
        verbose_name = "context menu label"
        verbose_name_plural = "context menu labels"
        constraints = [
            Cascade(columns=["ctx_id", "val_id"], table="ly_ctx_val", name="ly_ctx_val_l_ctx_val_fk")
        ]

    def __str__(self) -> str:
        return f"{self.lng_id} {self.ctx_id} {self.val_id}"
