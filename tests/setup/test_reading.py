"""From a repository file to rows."""

import json
from typing import Any

import pytest

from apps.setup.faults import SHOWN_FAULTS, Faults, RepositoryRejected
from apps.setup.reading import parse_document, read_repository
from tests.setup.repositories import full_document, small_document


def read(content: bytes) -> None:
    faults = Faults()
    read_repository(parse_document(content), faults)
    faults.raise_any()


def faults_of(content: bytes) -> tuple[str, ...]:
    """Return what is wrong with a file."""
    with pytest.raises(RepositoryRejected) as rejected:
        read(content)
    return rejected.value.faults


def faults_in(document: Any) -> tuple[str, ...]:
    return faults_of(json.dumps(document).encode())


def test_every_row_of_every_table_is_read() -> None:
    document = full_document()
    repository = read_repository(parse_document(json.dumps(document).encode()), Faults())
    assert {name: len(rows) for name, rows in repository.items()} == dict.fromkeys(document, 2)


def test_tables_come_parents_first_whatever_their_order_in_the_file() -> None:
    assert list(read_repository(parse_document(json.dumps(small_document()).encode()), Faults())) == [
        "ly_enum",
        "ly_enum_val",
        "ly_enum_val_l",
    ]


def test_a_column_that_a_row_lacks_is_null() -> None:
    rows = read_repository(
        parse_document(b'{"ly_enum": [{"enum_id": 1, "enum_label": "Status"}]}'), Faults()
    )["ly_enum"]
    assert rows == {(1,): (1, "Status", None, None, None)}


def test_a_byte_order_mark_and_escaped_characters_are_read() -> None:
    content = b'\xef\xbb\xbf{"ly_roles": [{"rol_id": "\\u00e9"}]}'
    assert list(read_repository(parse_document(content), Faults())["ly_roles"]) == [("é",)]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "the file is not JSON: Expecting value: line 1 column 1 (char 0)"),
        (b'{"ly_enum": [}', "the file is not JSON: Expecting value: line 1 column 14 (char 13)"),
        (b'{"ly_enum": [{"enum_id": NaN}]}', "the file is not JSON: NaN is no number in JSON"),
        (b"[" * 100_000, "the file is not JSON: it is nested too deeply"),
        (b"[]", "the file is not one JSON object of tables"),
        (b"null", "the file is not one JSON object of tables"),
        (b'{"ly_enum": [], "ly_enum": []}', "ly_enum: the file has this table twice"),
    ],
)
def test_a_file_of_another_form_is_rejected(content: bytes, fault: str) -> None:
    assert faults_of(content) == (fault,)


def test_a_file_that_is_no_unicode_is_rejected() -> None:
    (fault,) = faults_of(b'{"ly_enum": "\xff"}')
    assert fault.startswith("the file is not JSON: 'utf-8' codec")


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({"ly_nothing": []}, "ly_nothing: no framework table has this name"),
        ({"liberty_user_state": []}, "liberty_user_state: no framework table has this name"),
        ({"LY_ENUM": []}, "LY_ENUM: no framework table has this name"),
        ({"ly_enum": {}}, "ly_enum: a list of rows is expected"),
        ({"ly_enum": [3]}, "ly_enum, row 1: an object of columns is expected"),
        (
            {"ly_enum": [{"enum_id": 1, "enum_label": "A", "enum_color": "red"}]},
            "ly_enum (enum_id 1): enum_color: the table has no such column",
        ),
        (
            {"ly_enum": [{"enum_id": 1, "enum_label": 5}]},
            "ly_enum (enum_id 1): enum_label: a text is expected, not a number",
        ),
        (
            {"ly_enum": [{"enum_id": 1}]},
            "ly_enum (enum_id 1): enum_label: null in a column that needs a value",
        ),
        (
            {"ly_enum": [{"enum_id": "1", "enum_label": "A"}]},
            "ly_enum, row 1: enum_id: an integer is expected, not a text",
        ),
        (
            {"ly_roles": [{"rol_id": "a"}, {"rol_id": "a", "rol_name": "again"}]},
            "ly_roles (rol_id a): the file has this row twice",
        ),
        (
            {"ly_themes": [{"thm_id": 1, "thm_name": "dark"}, {"thm_id": 2, "thm_name": "dark"}]},
            "ly_themes (thm_id 2): thm_name: another row of the file has this value",
        ),
    ],
)
def test_what_is_wrong_in_a_table_is_named(document: Any, fault: str) -> None:
    assert faults_in(document) == (fault,)


def test_a_column_that_a_row_has_twice_is_named() -> None:
    content = b'{"ly_enum": [{"enum_id": 1, "enum_label": "A", "enum_label": "B"}]}'
    assert faults_of(content) == ("ly_enum (enum_id 1): enum_label: the row has this column twice",)


def test_all_faults_are_told_at_once() -> None:
    document = {"ly_enum": [{"enum_id": 1}, {"enum_id": None, "enum_label": "A"}], "ly_other": []}
    assert faults_in(document) == (
        "ly_other: no framework table has this name",
        "ly_enum (enum_id 1): enum_label: null in a column that needs a value",
        "ly_enum, row 2: enum_id: null in a column that needs a value",
    )


def test_the_first_faults_are_told_and_the_rest_are_counted() -> None:
    document = {"ly_enum": [{"enum_id": number} for number in range(SHOWN_FAULTS + 12)]}
    with pytest.raises(RepositoryRejected) as rejected:
        read(json.dumps(document).encode())
    assert len(rejected.value.faults) == SHOWN_FAULTS
    assert rejected.value.message.endswith("\nand 12 more")
