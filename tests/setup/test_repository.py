"""The tables of a repository."""

from apps.setup.repository import framework_tables


def test_a_repository_has_the_69_framework_tables() -> None:
    names = set(framework_tables())
    assert len(names) == 69
    assert {"ly_users", "ly_applications", "ly_qry_sql", "alembic_version"} <= names
    assert not any(name.startswith(("liberty_", "django_")) for name in names)


def test_parents_come_before_their_children() -> None:
    seen: set[str] = set()
    for name, table in framework_tables().items():
        assert {reference.parent for reference in table.references} <= seen
        seen.add(name)


def test_a_row_is_named_by_its_key() -> None:
    table = framework_tables()["ly_enum_val"]
    assert table.describe((3, "A")) == "ly_enum_val (enum_id 3, val_enum A)"


def test_columns_are_told_by_their_names_in_the_database() -> None:
    assert framework_tables()["ly_users"].column_names[:2] == ("usr_id", "usr_password")
    assert framework_tables()["ly_users"].attributes[:2] == ("usr_id", "password")
