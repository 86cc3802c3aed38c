"""Conditions on which tabs, fields and tasks depend; the client evaluates them."""

from django.db import models

from liberty.constraints import Cascade
from liberty.fields import TimestampField


class Condition(models.Model):
    """A named condition."""

    cdn_id = models.IntegerField("condition", primary_key=True)
    cdn_label = models.CharField("label", max_length=100, null=True, blank=True)
    cdn_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    cdn_audit_date = TimestampField("changed at", null=True, blank=True)

    class Meta:
        db_table = "ly_condition"
        verbose_name = "condition"
        verbose_name_plural = "conditions"

    def __str__(self) -> str:
        return self.cdn_label or str(self.cdn_id)


class ConditionGroup(models.Model):
    """Comparisons of a condition that stand in one pair of parentheses."""

    cdn_id = models.IntegerField("condition")
    cdn_group = models.IntegerField("group")
    cdn_label = models.CharField("label", max_length=50, null=True, blank=True)
    cdn_logical = models.CharField("and / or", max_length=20, null=True, blank=True)
    cdn_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    cdn_audit_date = TimestampField("changed at", null=True, blank=True)
    pk = models.CompositePrimaryKey("cdn_id", "cdn_group")

    class Meta:
        db_table = "ly_cdn_grp"
        verbose_name = "condition group"
        verbose_name_plural = "condition groups"
        constraints = [Cascade(columns=["cdn_id"], table="ly_condition", name="ly_cdn_grp_condition_fk")]

    def __str__(self) -> str:
        return f"{self.cdn_id} {self.cdn_group}"


class ConditionParameter(models.Model):
    """One comparison of a condition."""

    cdn_id = models.IntegerField("condition")
    cdn_params_id = models.IntegerField("parameter")
    cdn_seq = models.IntegerField("position")
    cdn_dd_id = models.CharField("dictionary entry", max_length=50, null=True, blank=True)
    cdn_operator = models.CharField("operator", max_length=20, null=True, blank=True)
    cdn_value = models.CharField("value", max_length=50, null=True, blank=True)
    cdn_enum_id = models.IntegerField("enumeration", null=True, blank=True)
    cdn_lookup_id = models.IntegerField("lookup", null=True, blank=True)
    cdn_logical = models.CharField("and / or", max_length=20, null=True, blank=True)
    cdn_group = models.IntegerField("group", null=True, blank=True)
    cdn_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    cdn_audit_date = TimestampField("changed at", null=True, blank=True)
    cdn_type = models.CharField("type", max_length=20, null=True, blank=True)
    cdn_grp_label = models.CharField("label of the group", max_length=50, null=True, blank=True)
    pk = models.CompositePrimaryKey("cdn_id", "cdn_params_id")

    class Meta:
        db_table = "ly_cdn_params"
        verbose_name = "condition parameter"
        verbose_name_plural = "condition parameters"
        constraints = [Cascade(columns=["cdn_id"], table="ly_condition", name="ly_cdn_params_condition_fk")]

    def __str__(self) -> str:
        return f"{self.cdn_id} {self.cdn_params_id}"
