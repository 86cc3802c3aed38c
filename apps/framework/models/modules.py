"""What an installation has switched on, and what its screens are made of."""

from django.db import models

from liberty.fields import TimestampField, YesNoField


class Module(models.Model):
    """A part of the platform that may be switched on, with its settings as text."""

    module_id = models.CharField("name", max_length=40, primary_key=True)
    module_description = models.CharField("description", max_length=100, null=True, blank=True)
    module_enabled = YesNoField("enabled", null=True, blank=True)
    module_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    module_audit_date = TimestampField("changed at", null=True, blank=True)
    module_params = models.TextField("settings", null=True, blank=True)

    class Meta:
        db_table = "ly_modules"
        verbose_name = "module"
        verbose_name_plural = "modules"

    def __str__(self) -> str:
        return self.module_id


class Component(models.Model):
    """A kind of building block that menus, dialogs and actions refer to by name."""

    cpt_name = models.CharField("name", max_length=20, primary_key=True)
    cpt_description = models.CharField("description", max_length=100, null=True, blank=True)
    cpt_enabled = YesNoField("enabled", null=True, blank=True)
    cpt_usage = models.TextField("usage", null=True, blank=True)
    cpt_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    cpt_audit_date = TimestampField("changed at", null=True, blank=True)

    class Meta:
        db_table = "ly_components"
        verbose_name = "component"
        verbose_name_plural = "components"

    def __str__(self) -> str:
        return self.cpt_name
