"""The revision mark of the original. Our own revisions are Django migrations."""

from django.db import models


class AlembicVersion(models.Model):
    """The revision that a migrated installation of the original had reached."""

    version_num = models.CharField("revision", max_length=32, primary_key=True)

    class Meta:
        db_table = "alembic_version"
        verbose_name = "Alembic version"
        verbose_name_plural = "Alembic versions"

    def __str__(self) -> str:
        return self.version_num
