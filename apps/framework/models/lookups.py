"""Where the values of a field come from: enumerations, lookups, sequences, next numbers."""

from django.db import models

from liberty.constraints import Cascade
from liberty.fields import TimestampField, YesNoField


class Enumeration(models.Model):
    """A fixed list of values."""

    enum_id = models.IntegerField("enumeration", primary_key=True)
    enum_label = models.CharField("label", max_length=40)
    enum_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    enum_audit_date = TimestampField("changed at", null=True, blank=True)
    enum_display_add = YesNoField("values may be added", null=True, blank=True)

    class Meta:
        db_table = "ly_enum"
        verbose_name = "enumeration"
        verbose_name_plural = "enumerations"

    def __str__(self) -> str:
        return self.enum_label


class EnumerationValue(models.Model):
    """A value of an enumeration."""

    enum_id = models.IntegerField("enumeration")
    val_enum = models.CharField("value", max_length=20)
    val_label = models.CharField("label", max_length=200, null=True, blank=True)
    val_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    val_audit_date = TimestampField("changed at", null=True, blank=True)
    pk = models.CompositePrimaryKey("enum_id", "val_enum")

    class Meta:
        db_table = "ly_enum_val"
        verbose_name = "enumeration value"
        verbose_name_plural = "enumeration values"
        constraints = [Cascade(columns=["enum_id"], table="ly_enum", name="ly_enum_val_enum_fk")]

    def __str__(self) -> str:
        return self.val_label or f"{self.enum_id} {self.val_enum}"


class EnumerationLabel(models.Model):
    """The label of an enumeration value in one language."""

    enum_id = models.IntegerField("enumeration")
    val_enum = models.CharField("value", max_length=20)
    lng_id = models.CharField("language", max_length=4)
    lng_label = models.CharField("label", max_length=200, null=True, blank=True)
    lng_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    lng_audit_date = TimestampField("changed at", null=True, blank=True)
    pk = models.CompositePrimaryKey("enum_id", "val_enum", "lng_id")

    class Meta:
        db_table = "ly_enum_val_l"
        verbose_name = "enumeration label"
        verbose_name_plural = "enumeration labels"
        constraints = [
            Cascade(columns=["enum_id", "val_enum"], table="ly_enum_val", name="ly_enum_val_l_enum_val_fk")
        ]

    def __str__(self) -> str:
        return f"{self.enum_id} {self.val_enum} {self.lng_id}"


class Lookup(models.Model):
    """A list of values that a stored query returns."""

    lkp_id = models.IntegerField("lookup", primary_key=True)
    lkp_description = models.CharField("description", max_length=50, null=True, blank=True)
    lkp_query_id = models.IntegerField("query", null=True, blank=True)
    lkp_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    lkp_audit_date = TimestampField("changed at", null=True, blank=True)
    lkp_display_add = YesNoField("values may be added", null=True, blank=True)
    lkp_frm_id = models.IntegerField("form", null=True, blank=True)
    lkp_dd_id = models.CharField("column of the value", max_length=50, null=True, blank=True)
    lkp_dd_label = models.CharField("column of the label", max_length=50, null=True, blank=True)
    lkp_dd_group = models.CharField("column of the group", max_length=50, null=True, blank=True)
    lkp_display_search = YesNoField("search shown", null=True, blank=True)
    lkp_tbl_id = models.IntegerField("table", null=True, blank=True)

    class Meta:
        db_table = "ly_lookup"
        verbose_name = "lookup"
        verbose_name_plural = "lookups"

    def __str__(self) -> str:
        return self.lkp_description or str(self.lkp_id)


class LookupParameter(models.Model):
    """A column that goes into a lookup or comes out of it."""

    lkp_id = models.IntegerField("lookup")
    dd_id = models.CharField("dictionary entry", max_length=50)
    audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    audit_date = TimestampField("changed at", null=True, blank=True)
    lkp_dir = models.CharField("direction", max_length=20, null=True, blank=True)
    pk = models.CompositePrimaryKey("lkp_id", "dd_id")

    class Meta:
        db_table = "ly_lkp_params"
        verbose_name = "lookup parameter"
        verbose_name_plural = "lookup parameters"
        constraints = [Cascade(columns=["lkp_id"], table="ly_lookup", name="ly_lkp_params_lookup_fk")]

    def __str__(self) -> str:
        return f"{self.lkp_id} {self.dd_id}"


class Sequence(models.Model):
    """A stored query that returns the next number of a key."""

    seq_id = models.IntegerField("sequence", primary_key=True)
    seq_label = models.CharField("label", max_length=100, null=True, blank=True)
    seq_query_id = models.IntegerField("query", null=True, blank=True)
    seq_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    seq_audit_date = TimestampField("changed at", null=True, blank=True)
    seq_dd_id = models.CharField("column of the value", max_length=50, null=True, blank=True)

    class Meta:
        db_table = "ly_sequence"
        verbose_name = "sequence"
        verbose_name_plural = "sequences"

    def __str__(self) -> str:
        return self.seq_label or str(self.seq_id)


class SequenceParameter(models.Model):
    """A column whose value a sequence needs."""

    seq_id = models.IntegerField("sequence")
    dd_id = models.CharField("dictionary entry", max_length=50)
    audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    audit_date = TimestampField("changed at", null=True, blank=True)
    pk = models.CompositePrimaryKey("seq_id", "dd_id")

    class Meta:
        db_table = "ly_seq_params"
        verbose_name = "sequence parameter"
        verbose_name_plural = "sequence parameters"
        constraints = [Cascade(columns=["seq_id"], table="ly_sequence", name="ly_seq_params_sequence_fk")]

    def __str__(self) -> str:
        return f"{self.seq_id} {self.dd_id}"


class NextNumber(models.Model):
    """A counter by name."""

    nn_id = models.CharField("name", max_length=50, primary_key=True)
    nn_current = models.IntegerField("current number", null=True, blank=True)
    nn_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    nn_audit_date = TimestampField("changed at", null=True, blank=True)

    class Meta:
        db_table = "ly_nextnum"
        verbose_name = "next number"
        verbose_name_plural = "next numbers"

    def __str__(self) -> str:
        return self.nn_id
