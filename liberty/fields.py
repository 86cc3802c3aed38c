"""Column types of the framework tables that Django has no field for."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:  # generic in the stubs only
    _DateTimeField = models.DateTimeField[datetime | str | None, datetime | None]
    _CharField = models.CharField[str | None, str | None]
else:
    _DateTimeField = models.DateTimeField
    _CharField = models.CharField


class TimestampField(_DateTimeField):
    """A `timestamp` without time zone; in Python an aware datetime in UTC.

    Django's own field makes `timestamp with time zone` on PostgreSQL. The framework tables hold times
    without a zone, stored SQL compares and copies them as they are, and they mean UTC.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "datetime(6)" if connection.vendor == "mysql" else "timestamp"

    def from_db_value(
        self, value: datetime | None, expression: Any, connection: BaseDatabaseWrapper
    ) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        prepared_value = super().get_db_prep_value(value, connection, prepared)
        if isinstance(prepared_value, datetime) and prepared_value.tzinfo is not None:
            # An aware one would be converted by the session's time zone.
            return prepared_value.astimezone(UTC).replace(tzinfo=None)
        return prepared_value


class YesNoField(_CharField):
    """A flag of the framework tables: the text `Y` or `N` in a `varchar(1)`.

    The value stays text. Existing rows also hold NULL and the empty text, which stored SQL tells apart,
    and a boolean would lose them.
    """

    YES = "Y"
    NO = "N"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 1
        kwargs["choices"] = [(self.YES, "Yes"), (self.NO, "No")]
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"], kwargs["choices"]
        return name, path, args, kwargs
