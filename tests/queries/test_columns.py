"""Names and metadata of columns."""

import pytest

from apps.framework.dictionary import Entry
from apps.pools.statement import Column, Kind
from apps.queries.columns import describe_columns, output_names


def columns(*names: str) -> list[Column]:
    return [Column(name, Kind.TEXT) for name in names]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a", "B"], ("A", "B")),
        (["n", "n"], ("N", "N_2")),
        (["a", "A"], ("A", "A_2")),
        (["n", "n_2", "n"], ("N", "N_2", "N_3")),
        (["row_id", "x"], ("ROW_ID_2", "X")),
        (["é", "a b", 'a"b'], ("É", "A B", 'A"B')),
        ([], ()),
    ],
)
def test_names_are_upper_case_and_differ(names: list[str], expected: tuple[str, ...]) -> None:
    assert output_names(columns(*names)) == expected


def test_a_column_is_described_by_its_dictionary_entry() -> None:
    entries = {"PRICE": Entry("Prix", "number", "NN", "1", "0")}
    assert describe_columns([Column("price", Kind.DECIMAL), Column("note", Kind.TEXT)], entries) == [
        {
            "name": "ROW_ID",
            "headerName": "ROW_ID",
            "field": "ROW_ID",
            "type": "text",
            "operator": "like",
            "rules": None,
            "rules_values": None,
            "default": None,
            "dataType": "bigint",
        },
        {
            "name": "PRICE",
            "headerName": "Prix",
            "field": "PRICE",
            "type": "number",
            "operator": "=",
            "rules": "NN",
            "rules_values": "1",
            "default": "0",
            "dataType": "decimal",
        },
        {
            "name": "NOTE",
            "headerName": "NOTE",
            "field": "NOTE",
            "type": "text",
            "operator": "like",
            "rules": None,
            "rules_values": None,
            "default": None,
            "dataType": "text",
        },
    ]
