"""The menu tree of an application."""

from django.db import models

from liberty.constraints import Cascade
from liberty.fields import TimestampField


class Menu(models.Model):
    """A node of the menu tree: what it opens, and where it hangs."""

    menu_seq_ukid = models.CharField("key", max_length=150, primary_key=True)
    menu_parent_id = models.CharField("parent", max_length=40, null=True, blank=True)
    menu_child_id = models.CharField("position in the tree", max_length=40, null=True, blank=True)
    menu_component = models.CharField("component", max_length=40, null=True, blank=True)
    menu_component_id = models.IntegerField("number of the component", null=True, blank=True)
    menu_label = models.CharField("label", max_length=50, null=True, blank=True)
    menu_level = models.IntegerField("level", null=True, blank=True)
    menu_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    menu_audit_date = TimestampField("changed at", null=True, blank=True)

    class Meta:
        db_table = "ly_menus"
        verbose_name = "menu"
        verbose_name_plural = "menus"

    def __str__(self) -> str:
        return self.menu_label or self.menu_seq_ukid


class MenuFilter(models.Model):
    """A value that a menu hands to the component it opens."""

    menu_seq_ukid = models.CharField("menu", max_length=150)
    flt_id = models.IntegerField("filter")
    flt_type = models.CharField("type", max_length=10, null=True, blank=True)
    flt_source = models.CharField("source", max_length=50, null=True, blank=True)
    flt_target = models.CharField("target", max_length=50, null=True, blank=True)
    flt_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    flt_audit_date = TimestampField("changed at", null=True, blank=True)
    flt_value = models.CharField("value", max_length=50, null=True, blank=True)
    pk = models.CompositePrimaryKey("menu_seq_ukid", "flt_id")

    class Meta:
        db_table = "ly_menus_filters"
        verbose_name = "menu filter"
        verbose_name_plural = "menu filters"
        constraints = [Cascade(columns=["menu_seq_ukid"], table="ly_menus", name="ly_menus_filters_menus_fk")]

    def __str__(self) -> str:
        return f"{self.menu_seq_ukid} {self.flt_id}"


class MenuLabel(models.Model):
    """The label of a menu in one language."""

    lng_id = models.CharField("language", max_length=4)
    menu = models.ForeignKey(
        Menu,
        models.CASCADE,
        verbose_name="menu",
        related_name="labels",
        db_column="lng_seq_ukid",
        db_constraint=False,
        db_index=False,
    )
    lng_label = models.CharField("label", max_length=50, null=True, blank=True)
    lng_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    lng_audit_date = TimestampField("changed at", null=True, blank=True)
    pk = models.CompositePrimaryKey("lng_id", "menu_id")

    class Meta:
        db_table = "ly_menus_l"
        verbose_name = "menu label"
        verbose_name_plural = "menu labels"
        constraints = [
            Cascade(
                columns=["lng_seq_ukid"],
                table="ly_menus",
                references=["menu_seq_ukid"],
                name="ly_menus_l_menus_fk",
            )
        ]

    def __str__(self) -> str:
        return f"{self.lng_id} {self.menu_id}"
