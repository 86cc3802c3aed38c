"""Log entries of clients and of the server's own requests."""

from django.db import models


class LogEntry(models.Model):
    """An event: its members as JSON, masked, and those of them that lists are filtered by."""

    CLIENT, SERVER = "client", "server"

    time = models.DateTimeField("time", db_index=True)
    source = models.CharField("source", max_length=10)
    level = models.CharField("level", max_length=20)
    url = models.TextField("address")
    message = models.TextField("message")
    members = models.JSONField("members")

    class Meta:
        db_table = "liberty_log"
        verbose_name = "log entry"
        verbose_name_plural = "log entries"
        indexes = [models.Index(fields=["source", "id"], name="liberty_log_source_id")]

    def __str__(self) -> str:
        return f"{self.time:%Y-%m-%d %H:%M:%S} {self.level} {self.message[:100]}"
