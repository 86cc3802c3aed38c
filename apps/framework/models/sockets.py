"""Who has a client open, and which records they have reserved to change them."""

from django.db import models
from django.utils import timezone


class SocketConnection(models.Model):
    """An open connection of a client; the process that holds it renews `seen` as long as it is open."""

    sid = models.CharField("connection", primary_key=True, max_length=40)
    node = models.CharField("process", max_length=40)
    catalogue = models.CharField("catalogue", max_length=255)
    user = models.CharField("user", max_length=255)
    application = models.BigIntegerField("application", null=True)
    opened = models.DateTimeField("opened", default=timezone.now)
    seen = models.DateTimeField("seen", default=timezone.now, db_index=True)

    class Meta:
        db_table = "liberty_socket"
        verbose_name = "connection of a client"
        verbose_name_plural = "connections of clients"

    def __str__(self) -> str:
        return f"{self.user} ({self.sid})"


class Reservation(models.Model):
    """A record that one connection may change and others of the same catalogue may not."""

    catalogue = models.CharField("catalogue", max_length=255)
    record = models.CharField("record", max_length=500)
    connection = models.ForeignKey(SocketConnection, models.CASCADE, related_name="reservations")
    reserved = models.DateTimeField("reserved", default=timezone.now)

    class Meta:
        db_table = "liberty_reservation"
        verbose_name = "reserved record"
        verbose_name_plural = "reserved records"
        constraints = [
            models.UniqueConstraint(fields=["catalogue", "record"], name="liberty_reservation_record")
        ]

    def __str__(self) -> str:
        return self.record
