"""Colour schemes of the client."""

from django.db import models

from liberty.constraints import Cascade
from liberty.fields import TimestampField


class Theme(models.Model):
    """A named set of colours."""

    thm_id = models.IntegerField("number", primary_key=True)
    thm_name = models.CharField("name", max_length=50, unique=True)
    thm_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    thm_audit_date = TimestampField("changed at", null=True, blank=True)

    class Meta:
        db_table = "ly_themes"
        verbose_name = "theme"
        verbose_name_plural = "themes"

    def __str__(self) -> str:
        return self.thm_name


class ThemeColor(models.Model):
    """One colour of a theme, for the light and the dark mode."""

    thm = models.ForeignKey(
        Theme,
        models.CASCADE,
        verbose_name="theme",
        related_name="colors",
        db_constraint=False,
        db_index=False,
    )
    tcl_id = models.IntegerField("number")
    tcl_key = models.CharField("name", max_length=50)
    tcl_light = models.CharField("light mode", max_length=100)
    tcl_dark = models.CharField("dark mode", max_length=100)
    tcl_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    tcl_audit_date = TimestampField("changed at", null=True, blank=True)
    pk = models.CompositePrimaryKey("thm_id", "tcl_id")

    class Meta:
        db_table = "ly_thm_colors"
        verbose_name = "theme colour"
        verbose_name_plural = "theme colours"
        constraints = [Cascade(columns=["thm_id"], table="ly_themes", name="ly_thm_colors_themes_fk")]

    def __str__(self) -> str:
        return f"{self.thm_id} {self.tcl_id}"
