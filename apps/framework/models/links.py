"""Collections of links to other sites."""

from django.db import models

from liberty.constraints import Cascade
from liberty.fields import TimestampField


class LinkCollection(models.Model):
    """The links that are shown for a component."""

    lnk_id = models.IntegerField("link collection", primary_key=True)
    lnk_component = models.CharField("component", max_length=20)
    lnk_component_id = models.IntegerField("number of the component", null=True, blank=True)
    lnk_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    lnk_audit_date = TimestampField("changed at", null=True, blank=True)

    class Meta:
        db_table = "ly_links"
        verbose_name = "link collection"
        verbose_name_plural = "link collections"

    def __str__(self) -> str:
        return str(self.lnk_id)


class Link(models.Model):
    """One link of a collection."""

    lnk_id = models.IntegerField("link collection")
    val_id = models.IntegerField("link")
    val_sequence = models.IntegerField("position")
    val_label = models.CharField("label", max_length=40, null=True, blank=True)
    val_link = models.CharField("URL", max_length=250, null=True, blank=True)
    val_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    val_audit_date = TimestampField("changed at", null=True, blank=True)
    pk = models.CompositePrimaryKey("lnk_id", "val_id")

    class Meta:
        db_table = "ly_lnk_val"
        verbose_name = "link"
        verbose_name_plural = "links"
        constraints = [Cascade(columns=["lnk_id"], table="ly_links", name="ly_lnk_val_links_fk")]

    def __str__(self) -> str:
        return self.val_label or f"{self.lnk_id} {self.val_id}"


class LinkLabel(models.Model):
    """The label and target of a link in one language."""

    lnk_id = models.IntegerField("link collection")
    val_id = models.IntegerField("link")
    lng_id = models.CharField("language", max_length=4)
    lng_label = models.CharField("label", max_length=40, null=True, blank=True)
    lng_link = models.CharField("URL", max_length=250, null=True, blank=True)
    lng_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    lng_audit_date = TimestampField("changed at", null=True, blank=True)
    pk = models.CompositePrimaryKey("lnk_id", "val_id", "lng_id")

    class Meta:
        db_table = "ly_lnk_val_l"
        verbose_name = "link label"
        verbose_name_plural = "link labels"
        constraints = [
            Cascade(columns=["lnk_id", "val_id"], table="ly_lnk_val", name="ly_lnk_val_l_lnk_val_fk")
        ]

    def __str__(self) -> str:
        return f"{self.lnk_id} {self.val_id} {self.lng_id}"
