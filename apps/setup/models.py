"""What set-up remembers of an installation."""

from django.db import models


class Revision(models.Model):
    """A recorded state of every database, under a name that a downgrade accepts.

    The backups, and a manifest that says the same as this row, are files of the node that recorded it.
    """

    name = models.CharField("name", max_length=80, primary_key=True)
    message = models.CharField("message", max_length=200)
    recorded_at = models.DateTimeField("recorded at")
    product_version = models.CharField("version of the product", max_length=40)
    states = models.JSONField("migration states", help_text="By pool: the last migration of each app.")

    class Meta:
        db_table = "liberty_revision"
        verbose_name = "revision"
        verbose_name_plural = "revisions"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
