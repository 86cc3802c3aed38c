"""Values of a repository file against their columns."""

from datetime import UTC, datetime

import pytest

from apps.framework.models import DictionaryLabel, EnumerationValue
from apps.queries.models import QuerySql
from apps.setup.columns import WrongValue, read_value

INTEGER = EnumerationValue._meta.get_field("enum_id")
TEXT = EnumerationValue._meta.get_field("val_enum")  # varchar(20) not null
NULLABLE = EnumerationValue._meta.get_field("val_label")
TIME = EnumerationValue._meta.get_field("val_audit_date")
LONG_TEXT = QuerySql._meta.get_field("query_sqlquery")
REFERENCE = QuerySql._meta.get_field("query")  # integer, as the key it names
TEXT_REFERENCE = DictionaryLabel._meta.get_field("dd")  # varchar(50)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        (INTEGER, 0, 0),
        (INTEGER, -2147483648, -2147483648),
        (INTEGER, 2147483647, 2147483647),
        (REFERENCE, 7, 7),
        (TEXT, "", ""),
        (TEXT, "é" * 20, "é" * 20),
        (TEXT, " a\nb ", " a\nb "),
        (TEXT_REFERENCE, "x" * 50, "x" * 50),
        (LONG_TEXT, "x" * 100_000, "x" * 100_000),
        (NULLABLE, None, None),
        (TIME, None, None),
        (TIME, "2024-02-29T23:59:59", datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)),
        (TIME, "2024-02-29T23:59:59.5", datetime(2024, 2, 29, 23, 59, 59, 500000, tzinfo=UTC)),
        (TIME, "0001-01-01T00:00:00.000001", datetime(1, 1, 1, 0, 0, 0, 1, tzinfo=UTC)),
    ],
)
def test_a_value_that_fits_is_taken_as_it_is(field: object, value: object, expected: object) -> None:
    assert read_value(field, value) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        (INTEGER, "1", "an integer is expected, not a text"),
        (INTEGER, 1.0, "an integer is expected, not a number with a fraction"),
        (INTEGER, True, "an integer is expected, not a boolean"),
        (INTEGER, [1], "an integer is expected, not a list"),
        (INTEGER, {}, "an integer is expected, not an object"),
        (INTEGER, 2147483648, "an integer of more than 32 bits"),
        (INTEGER, -(10**400), "an integer of more than 32 bits"),
        (INTEGER, None, "null in a column that needs a value"),
        (REFERENCE, "7", "an integer is expected, not a text"),
        (TEXT, 1, "a text is expected, not a number"),
        (TEXT, False, "a text is expected, not a boolean"),
        (TEXT, "é" * 21, "a text of 21 characters, where 20 fit"),
        (TEXT, None, "null in a column that needs a value"),
        (TEXT, "a\0", "a text with a character that no database stores"),
        (TEXT, "\ud800", "a text with a character that no database stores"),
        (TEXT_REFERENCE, "x" * 51, "a text of 51 characters, where 50 fit"),
        (TIME, 0, "a time is expected, not a number"),
        (TIME, "2024-02-29", "a time is expected as YYYY-MM-DDTHH:MM:SS[.ffffff], without a zone"),
        (TIME, "2024-02-29 10:00:00", "a time is expected as YYYY-MM-DDTHH:MM:SS[.ffffff], without a zone"),
        (TIME, "2024-02-29T10:00:00Z", "a time is expected as YYYY-MM-DDTHH:MM:SS[.ffffff], without a zone"),
        (
            TIME,
            "2024-02-29T10:00:00+00:00",
            "a time is expected as YYYY-MM-DDTHH:MM:SS[.ffffff], without a zone",
        ),
        (TIME, "2023-02-29T10:00:00", "no such day or time exists"),
        (TIME, "2023-02-28T24:00:00", "no such day or time exists"),
        (TIME, "0000-01-01T00:00:00", "no such day or time exists"),
    ],
)
def test_a_value_that_does_not_fit_is_named(field: object, value: object, fault: str) -> None:
    with pytest.raises(WrongValue) as refusal:
        read_value(field, value)  # type: ignore[arg-type]
    assert str(refusal.value) == fault
