"""Dialogs: forms with tabs and fields over the row of a stored query."""

from django.db import models

from liberty.constraints import Cascade
from liberty.fields import TimestampField, YesNoField


class Dialog(models.Model):
    """A group of forms."""

    dlg_id = models.IntegerField("dialog", primary_key=True)
    dlg_label = models.CharField("label", max_length=100, null=True, blank=True)
    dlg_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    dlg_audit_date = TimestampField("changed at", null=True, blank=True)

    class Meta:
        db_table = "ly_dialogs"
        verbose_name = "dialog"
        verbose_name_plural = "dialogs"

    def __str__(self) -> str:
        return self.dlg_label or str(self.dlg_id)


class DialogForm(models.Model):
    """A form over a stored query."""

    dlg_id = models.IntegerField("dialog")
    frm_id = models.IntegerField("form", primary_key=True)
    frm_label = models.CharField("label", max_length=100, null=True, blank=True)
    frm_query_id = models.IntegerField("query", null=True, blank=True)
    frm_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    frm_audit_date = TimestampField("changed at", null=True, blank=True)

    class Meta:
        db_table = "ly_dlg_frm"
        verbose_name = "dialog form"
        verbose_name_plural = "dialog forms"
        constraints = [Cascade(columns=["dlg_id"], table="ly_dialogs", name="ly_dlg_frm_dialogs_fk")]

    def __str__(self) -> str:
        return self.frm_label or str(self.frm_id)


class DialogTab(models.Model):
    """A tab of a form."""

    frm_id = models.IntegerField("form")
    tab_id = models.IntegerField("tab")
    tab_seq = models.IntegerField("position", null=True, blank=True)
    tab_label = models.CharField("label", max_length=100, null=True, blank=True)
    tab_cdn_id = models.IntegerField("condition", null=True, blank=True)
    tab_cols = models.IntegerField("number of columns", null=True, blank=True)
    tab_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    tab_audit_date = TimestampField("changed at", null=True, blank=True)
    tab_disable_add = YesNoField("disabled when adding", null=True, blank=True)
    tab_disable_edit = YesNoField("disabled when editing", null=True, blank=True)
    pk = models.CompositePrimaryKey("frm_id", "tab_id")

    class Meta:
        db_table = "ly_dlg_tab"
        verbose_name = "dialog tab"
        verbose_name_plural = "dialog tabs"
        constraints = [Cascade(columns=["frm_id"], table="ly_dlg_frm", name="ly_dlg_tab_dlg_frm_fk")]

    def __str__(self) -> str:
        return self.tab_label or f"{self.frm_id} {self.tab_id}"


class DialogTabCondition(models.Model):
    """A value that the condition of a tab is evaluated with."""

    frm_id = models.IntegerField("form")
    tab_id = models.IntegerField("tab")
    cdn_id = models.IntegerField("condition")
    cdn_type = models.CharField("type", max_length=10, null=True, blank=True)
    cdn_source = models.CharField("source", max_length=50, null=True, blank=True)
    cdn_target = models.CharField("target", max_length=50, null=True, blank=True)
    cdn_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    cdn_audit_date = TimestampField("changed at", null=True, blank=True)
    cdn_value = models.CharField("value", max_length=50, null=True, blank=True)
    pk = models.CompositePrimaryKey("frm_id", "tab_id", "cdn_id")

    class Meta:
        db_table = "ly_dlg_tab_cdn"
        verbose_name = "dialog tab condition"
        verbose_name_plural = "dialog tab conditions"
        constraints = [
            Cascade(columns=["frm_id", "tab_id"], table="ly_dlg_tab", name="ly_dlg_tab_cdn_dlg_tab_fk")
        ]

    def __str__(self) -> str:
        return f"{self.frm_id} {self.tab_id} {self.cdn_id}"


class DialogTabLabel(models.Model):
    """The label of a tab in one language."""

    frm_id = models.IntegerField("form")
    tab_id = models.IntegerField("tab")
    lng_id = models.CharField("language", max_length=4)
    lng_label = models.CharField("label", max_length=100, null=True, blank=True)
    lng_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    lng_audit_date = TimestampField("changed at", null=True, blank=True)
    pk = models.CompositePrimaryKey("frm_id", "tab_id", "lng_id")

    class Meta:
        db_table = "ly_dlg_tab_l"
        verbose_name = "dialog tab label"
        verbose_name_plural = "dialog tab labels"
        constraints = [
            Cascade(columns=["frm_id", "tab_id"], table="ly_dlg_tab", name="ly_dlg_tab_l_dlg_tab_fk")
        ]

    def __str__(self) -> str:
        return f"{self.frm_id} {self.tab_id} {self.lng_id}"


class DialogField(models.Model):
    """A field of a form, on one of its tabs."""

    frm_id = models.IntegerField("form")
    col_id = models.IntegerField("field")
    tab_id = models.IntegerField("tab")
    col_seq = models.IntegerField("position", null=True, blank=True)
    col_colspan = models.IntegerField("columns taken", null=True, blank=True)
    col_component = models.CharField("component", max_length=20)
    col_component_id = models.IntegerField("number of the component", null=True, blank=True)
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
    col_cdn_id = models.IntegerField("condition", null=True, blank=True)
    pk = models.CompositePrimaryKey("frm_id", "col_id")

    class Meta:
        db_table = "ly_dlg_col"
        verbose_name = "dialog field"
        verbose_name_plural = "dialog fields"
        constraints = [Cascade(columns=["frm_id"], table="ly_dlg_frm", name="ly_dlg_col_dlg_frm_fk")]

    def __str__(self) -> str:
        return self.col_label or self.col_dd_id or f"{self.frm_id} {self.col_id}"


class DialogFieldCondition(models.Model):
    """A value that the condition of a field is evaluated with."""

    frm_id = models.IntegerField("form")
    col_id = models.IntegerField("field")
    cdn_id = models.IntegerField("condition")
    cdn_type = models.CharField("type", max_length=10, null=True, blank=True)
    cdn_source = models.CharField("source", max_length=50, null=True, blank=True)
    cdn_target = models.CharField("target", max_length=50, null=True, blank=True)
    cdn_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    cdn_audit_date = TimestampField("changed at", null=True, blank=True)
    cdn_value = models.CharField("value", max_length=50, null=True, blank=True)
    pk = models.CompositePrimaryKey("frm_id", "col_id", "cdn_id")

    class Meta:
        db_table = "ly_dlg_col_cdn"
        verbose_name = "dialog field condition"
        verbose_name_plural = "dialog field conditions"
        constraints = [
            Cascade(columns=["frm_id", "col_id"], table="ly_dlg_col", name="ly_dlg_col_cdn_dlg_col_fk")
        ]

    def __str__(self) -> str:
        return f"{self.frm_id} {self.col_id} {self.cdn_id}"


class DialogFilter(models.Model):
    """How one value narrows the component in a field."""

    frm_id = models.IntegerField("form")
    col_id = models.IntegerField("field")
    flt_id = models.IntegerField("filter")
    flt_type = models.CharField("type", max_length=10, null=True, blank=True)
    flt_source = models.CharField("source", max_length=50, null=True, blank=True)
    flt_target = models.CharField("target", max_length=50, null=True, blank=True)
    flt_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    flt_audit_date = TimestampField("changed at", null=True, blank=True)
    flt_value = models.CharField("value", max_length=50, null=True, blank=True)
    pk = models.CompositePrimaryKey("frm_id", "col_id", "flt_id")

    class Meta:
        db_table = "ly_dlg_filters"
        verbose_name = "dialog filter"
        verbose_name_plural = "dialog filters"
        constraints = [
            Cascade(columns=["frm_id", "col_id"], table="ly_dlg_col", name="ly_dlg_filters_dlg_col_fk")
        ]

    def __str__(self) -> str:
        return f"{self.frm_id} {self.col_id} {self.flt_id}"
