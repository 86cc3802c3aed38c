"""Charts over stored queries, and dashboards that place them."""

from django.db import models

from liberty.constraints import Cascade
from liberty.fields import TimestampField, YesNoField


class Chart(models.Model):
    """A chart over a stored query."""

    crt_id = models.IntegerField("chart", primary_key=True)
    crt_label = models.CharField("label", max_length=100, null=True, blank=True)
    crt_type = models.CharField("type", max_length=20, null=True, blank=True)
    crt_grid_hz = YesNoField("horizontal grid", null=True, blank=True)
    crt_grid_vt = YesNoField("vertical grid", null=True, blank=True)
    crt_axis_x = models.CharField("column of the x axis", max_length=50, null=True, blank=True)
    crt_axis_y1 = models.CharField("column of the first y axis", max_length=50, null=True, blank=True)
    crt_axis_y2 = models.CharField("column of the second y axis", max_length=50, null=True, blank=True)
    crt_query_id = models.IntegerField("query", null=True, blank=True)
    crt_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    crt_audit_date = TimestampField("changed at", null=True, blank=True)

    class Meta:
        db_table = "ly_charts"
        verbose_name = "chart"
        verbose_name_plural = "charts"

    def __str__(self) -> str:
        return self.crt_label or str(self.crt_id)


class Dashboard(models.Model):
    """A page divided into rows and columns."""

    dsh_id = models.IntegerField("dashboard", primary_key=True)
    dsh_label = models.CharField("label", max_length=100, null=True, blank=True)
    dsh_row = models.IntegerField("rows", null=True, blank=True)
    dsh_column = models.IntegerField("columns", null=True, blank=True)
    dsh_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    dsh_audit_date = TimestampField("changed at", null=True, blank=True)

    class Meta:
        db_table = "ly_dashboard"
        verbose_name = "dashboard"
        verbose_name_plural = "dashboards"

    def __str__(self) -> str:
        return self.dsh_label or str(self.dsh_id)


class DashboardCell(models.Model):
    """What one cell of a dashboard shows."""

    dsh_id = models.IntegerField("dashboard")
    dsh_col_id = models.IntegerField("cell")
    dsh_display_title = YesNoField("title shown", null=True, blank=True)
    dsh_title = models.CharField("title", max_length=50, null=True, blank=True)
    dsh_row = models.IntegerField("row", null=True, blank=True)
    dsh_column = models.IntegerField("column", null=True, blank=True)
    dsh_component = models.CharField("component", max_length=20, null=True, blank=True)
    dsh_component_id = models.IntegerField("number of the component", null=True, blank=True)
    dsh_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    dsh_audit_date = TimestampField("changed at", null=True, blank=True)
    pk = models.CompositePrimaryKey("dsh_id", "dsh_col_id")

    class Meta:
        db_table = "ly_dsh_col"
        verbose_name = "dashboard cell"
        verbose_name_plural = "dashboard cells"
        constraints = [Cascade(columns=["dsh_id"], table="ly_dashboard", name="ly_dsh_col_dashboard_fk")]

    def __str__(self) -> str:
        return f"{self.dsh_id} {self.dsh_col_id}"
