"""A foreign key that cascades in the database."""

import pytest
from django.db import connection

from apps.queries.models import QuerySql
from liberty.constraints import Cascade
from tests.framework.tables import TABLES, tables_in


def a_cascade(**changes: object) -> Cascade:
    arguments = {"columns": ["menu_id"], "table": "menus", "references": ["id"], "name": "label_menu_fk"}
    return Cascade(**arguments | changes)  # type: ignore[arg-type]


def test_cascade_is_made_again_from_what_a_migration_says() -> None:
    cascade = a_cascade()
    path, args, kwargs = cascade.deconstruct()
    assert (path, args) == ("liberty.constraints.Cascade", ())
    assert Cascade(**kwargs) == cascade


def test_columns_of_the_same_names_are_said_once() -> None:
    cascade = a_cascade(columns=["a", "b"], references=["a", "b"])
    assert cascade == a_cascade(columns=("a", "b"), references=())
    assert "references" not in cascade.deconstruct()[2]


@pytest.mark.parametrize(
    "changes", [{"columns": ["other"]}, {"table": "other"}, {"references": ["other"]}, {"name": "other"}]
)
def test_cascades_that_differ_are_not_equal(changes: dict[str, object]) -> None:
    assert a_cascade() != a_cascade(**changes)


@pytest.mark.django_db(transaction=True)
def test_cascade_is_removed_and_added_later_without_moving_a_column(monkeypatch: pytest.MonkeyPatch) -> None:
    (cascade,) = QuerySql._meta.constraints
    with monkeypatch.context() as patch, connection.schema_editor() as editor:
        patch.setattr(QuerySql._meta, "constraints", [])
        editor.remove_constraint(QuerySql, cascade)
    assert tables_in(connection)["ly_qry_sql"].cascades == {}
    with connection.schema_editor() as editor:
        editor.add_constraint(QuerySql, cascade)
    assert tables_in(connection) == TABLES
