"""Calls to other services over HTTP."""

from django.db import models

from liberty.fields import TimestampField


class ApiConnection(models.Model):
    """A service: its address and credentials."""

    conn_id = models.IntegerField("connection", primary_key=True)
    conn_label = models.CharField("label", max_length=100)
    conn_url = models.CharField("URL", max_length=255)
    conn_user = models.CharField("user", max_length=100, null=True, blank=True)
    conn_password = models.TextField("password", null=True, blank=True)
    conn_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    conn_audit_date = TimestampField("changed at", null=True, blank=True)

    class Meta:
        db_table = "ly_api_conn"
        verbose_name = "API connection"
        verbose_name_plural = "API connections"

    def __str__(self) -> str:
        return self.conn_label


class Api(models.Model):
    """A call to a service, with the template of its body."""

    api_id = models.IntegerField("API", primary_key=True)
    api_label = models.CharField("label", max_length=100)
    api_source = models.CharField("source", max_length=20, null=True, blank=True)
    api_method = models.CharField("method", max_length=20, null=True, blank=True)
    api_url = models.CharField("URL", max_length=255)
    api_user = models.CharField("user", max_length=100, null=True, blank=True)
    api_password = models.TextField("password", null=True, blank=True)
    api_body = models.TextField("body", null=True, blank=True)
    api_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    api_audit_date = TimestampField("changed at", null=True, blank=True)
    api_conn_id = models.IntegerField("connection", null=True, blank=True)

    class Meta:
        db_table = "ly_api"
        verbose_name = "API"
        verbose_name_plural = "APIs"

    def __str__(self) -> str:
        return self.api_label


class ApiHeader(models.Model):
    """A header of a call."""

    api_id = models.IntegerField("API")
    hdr_id = models.IntegerField("header")
    hdr_key = models.CharField("name", max_length=100)
    hdr_value = models.CharField("value", max_length=100)
    hdr_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    hdr_audit_date = TimestampField("changed at", null=True, blank=True)
    pk = models.CompositePrimaryKey("api_id", "hdr_id")

    class Meta:
        db_table = "ly_api_header"
        verbose_name = "API header"
        verbose_name_plural = "API headers"

    def __str__(self) -> str:
        return f"{self.api_id} {self.hdr_id}"


class ApiParameter(models.Model):
    """A parameter of a call."""

    api_id = models.IntegerField("API")
    map_id = models.IntegerField("parameter")
    map_var = models.CharField("variable", max_length=100)
    map_value = models.CharField("value", max_length=100)
    map_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    map_audit_date = TimestampField("changed at", null=True, blank=True)
    pk = models.CompositePrimaryKey("api_id", "map_id")

    class Meta:
        db_table = "ly_api_params"
        verbose_name = "API parameter"
        verbose_name_plural = "API parameters"

    def __str__(self) -> str:
        return f"{self.api_id} {self.map_id}"
