"""Words of the client: the languages, and the dictionary of column labels and types."""

from django.db import models

from liberty.constraints import Cascade
from liberty.fields import TimestampField


class Language(models.Model):
    """A language that labels may be written in."""

    lng_id = models.CharField("language", max_length=5, primary_key=True)
    lng_name = models.CharField("name", max_length=20, null=True, blank=True)
    lng_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    lng_audit_date = TimestampField("changed at", null=True, blank=True)

    class Meta:
        db_table = "ly_language"
        verbose_name = "language"
        verbose_name_plural = "languages"

    def __str__(self) -> str:
        return self.lng_name or self.lng_id


class Dictionary(models.Model):
    """A column name that stored queries return: its label, type and rule."""

    dd_id = models.CharField("dictionary entry", max_length=50, primary_key=True)
    dd_label = models.CharField("label", max_length=100, null=True, blank=True)
    dd_type = models.CharField("type", max_length=40, null=True, blank=True)
    dd_rules = models.CharField("rule", max_length=20, null=True, blank=True)
    dd_rules_values = models.CharField("values of the rule", max_length=50, null=True, blank=True)
    dd_default = models.CharField("default", max_length=50, null=True, blank=True)
    dd_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    dd_audit_date = TimestampField("changed at", null=True, blank=True)

    class Meta:
        db_table = "ly_dictionary"
        verbose_name = "dictionary entry"
        verbose_name_plural = "dictionary entries"

    def __str__(self) -> str:
        return self.dd_id


class DictionaryFilter(models.Model):
    """How one value narrows the lookup behind a dictionary entry."""

    dd_id = models.CharField("dictionary entry", max_length=50)
    flt_id = models.IntegerField("filter")
    flt_type = models.CharField("type", max_length=10, null=True, blank=True)
    flt_source = models.CharField("source", max_length=50, null=True, blank=True)
    flt_target = models.CharField("target", max_length=50, null=True, blank=True)
    flt_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    flt_audit_date = TimestampField("changed at", null=True, blank=True)
    flt_value = models.CharField("value", max_length=50, null=True, blank=True)
    pk = models.CompositePrimaryKey("dd_id", "flt_id")

    class Meta:
        db_table = "ly_dictionary_filters"
        verbose_name = "dictionary filter"
        verbose_name_plural = "dictionary filters"
        constraints = [
            Cascade(columns=["dd_id"], table="ly_dictionary", name="ly_dictionary_filters_dictionary_fk")
        ]

    def __str__(self) -> str:
        return f"{self.dd_id} {self.flt_id}"


class DictionaryLabel(models.Model):
    """The label of a dictionary entry in one language."""

    dd = models.ForeignKey(
        Dictionary,
        models.CASCADE,
        verbose_name="entry",
        related_name="labels",
        db_constraint=False,
        db_index=False,
    )
    lng_id = models.CharField("language", max_length=4)
    lng_label = models.CharField("label", max_length=100, null=True, blank=True)
    lng_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    lng_audit_date = TimestampField("changed at", null=True, blank=True)
    pk = models.CompositePrimaryKey("dd_id", "lng_id")

    class Meta:
        db_table = "ly_dictionary_l"
        verbose_name = "dictionary label"
        verbose_name_plural = "dictionary labels"
        constraints = [
            Cascade(columns=["dd_id"], table="ly_dictionary", name="ly_dictionary_l_dictionary_fk")
        ]

    def __str__(self) -> str:
        return f"{self.dd_id} {self.lng_id}"
