"""The framework tables are exactly those of existing installations, on whatever database `default` is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models import Q
from django.test import override_settings

from apps.accounts.models import Membership, Role, RoleRight, User
from apps.framework.models import (
    Action,
    Dictionary,
    DictionaryLabel,
    Enumeration,
    EnumerationValue,
    Language,
    Menu,
    MenuLabel,
    Theme,
    ThemeColor,
)
from apps.queries.models import Query, QuerySql
from tests.framework.tables import (
    CASCADES,
    TABLES,
    empty_database,
    execute,
    insert,
    insert_sql,
    parents_first,
    rows_of,
    tables_in,
    values_of,
)

MODELS = {model._meta.db_table: model for model in apps.get_models() if model._meta.db_table in TABLES}
OWN_APPS = {config.label for config in apps.get_app_configs() if config.name.startswith("apps.")}


def key_fields(model: type[models.Model]) -> list[str]:
    """Return the names of the fields of a model's primary key."""
    key = model._meta.pk
    return list(key.field_names) if isinstance(key, models.CompositePrimaryKey) else [key.attname]


def an_object(name: str, number: int = 1) -> models.Model:
    """Return an unsaved object of the table's model with the values of `values_of`."""
    model = MODELS[name]
    attributes = {field.column: field.attname for field in model._meta.concrete_fields}
    values = zip(TABLES[name].names, values_of(name, number), strict=True)
    return model(
        **{
            attributes[column]: value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
            for column, value in values
        }
    )


@pytest.mark.django_db
def test_every_table_has_its_columns_types_keys_and_cascades() -> None:
    assert tables_in(connection) == TABLES


@pytest.mark.django_db(transaction=True)
def test_tables_are_the_same_after_all_migrations_down_and_up() -> None:
    for app in MigrationLoader(connection).migrated_apps & OWN_APPS:
        call_command("migrate", app, "zero", verbosity=0)
    assert tables_in(connection) == {}
    call_command("migrate", verbosity=0)
    assert tables_in(connection) == TABLES


class CatalogueRouter:
    """Keeps Django's own apps out of a database, as they are out of a pool that is a catalogue."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return app_label in OWN_APPS


@pytest.mark.django_db
def test_tables_are_the_same_in_a_catalogue_without_the_admin_site(tmp_path: Path) -> None:
    with (
        empty_database("catalogue", tmp_path) as catalogue,
        override_settings(DATABASE_ROUTERS=[CatalogueRouter()]),
    ):
        executor = MigrationExecutor(catalogue)
        executor.migrate(executor.loader.graph.leaf_nodes())
        assert tables_in(catalogue) == TABLES
        assert "django_admin_log" not in catalogue.introspection.table_names()


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def test_every_table_has_a_model() -> None:
    assert MODELS.keys() == TABLES.keys()


@pytest.mark.parametrize("name", TABLES)
def test_model_has_the_columns_in_their_order(name: str) -> None:
    assert tuple(field.column for field in MODELS[name]._meta.concrete_fields) == TABLES[name].names


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.django_db
def test_row_is_inserted_by_position(name: str) -> None:
    values = insert(name)
    assert rows_of(name) == [values]


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.django_db
def test_row_is_copied_with_select_star(name: str) -> None:
    values = insert(name)
    execute(f"CREATE TEMPORARY TABLE the_copy AS SELECT * FROM {name}")
    execute(f"DELETE FROM {name}")
    execute(f"INSERT INTO {name} SELECT * FROM the_copy")
    assert rows_of(name) == [values]
    execute("DROP TABLE the_copy")


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.django_db
def test_row_with_an_existing_key_is_refused_or_skipped(name: str) -> None:
    values = insert(name)
    sql = insert_sql(name)
    with pytest.raises(IntegrityError), transaction.atomic():
        execute(sql, values)
    execute(f"{sql} ON CONFLICT ({', '.join(TABLES[name].key)}) DO NOTHING", values)
    assert rows_of(name) == [values]


@pytest.mark.parametrize(("name", "parent"), CASCADES)
@pytest.mark.django_db
def test_stored_delete_of_a_parent_deletes_the_rows_below(name: str, parent: str) -> None:
    insert(name, 1)
    kept = insert(name, 2)
    column = next(iter(TABLES[name].cascades[parent].values()))
    value = dict(zip(TABLES[parent].names, values_of(parent, 1), strict=True))[column]
    execute(f"DELETE FROM {parent.upper()} WHERE {column} = %s", (value,))
    assert rows_of(name) == [kept]


@pytest.mark.parametrize(("name", "parent"), CASCADES)
@pytest.mark.django_db
def test_row_without_its_parent_is_refused(name: str, parent: str) -> None:
    for other in set(TABLES[name].cascades) - {parent}:
        insert(other)
    values = values_of(name)
    with pytest.raises(IntegrityError), transaction.atomic():
        execute(insert_sql(name), values)


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.django_db
def test_objects_are_stored_once_however_often_they_are_loaded(name: str) -> None:
    for parent in TABLES[name].cascades:
        insert(parent)
    model, keys = MODELS[name], key_fields(MODELS[name])
    others = [field.name for field in model._meta.concrete_fields if field.attname not in keys]
    for _ in range(2):
        model._default_manager.bulk_create(
            [an_object(name)],
            update_conflicts=bool(others),
            ignore_conflicts=not others,
            unique_fields=keys if others else None,
            update_fields=others or None,
        )
    assert rows_of(name) == [values_of(name)]


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.django_db
def test_fixture_is_loaded_twice_without_doubles(name: str) -> None:
    values = insert(name)
    fixture = serializers.serialize("json", MODELS[name]._default_manager.all())
    execute(f"DELETE FROM {name}")
    for _ in range(2):
        for loaded in serializers.deserialize("json", fixture):
            loaded.save()
    assert rows_of(name) == [values]


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.django_db
def test_object_is_found_by_its_key_and_named(name: str) -> None:
    insert(name)
    found = MODELS[name]._default_manager.get(pk=an_object(name).pk)
    assert found == an_object(name)
    assert "1" in str(found)


@pytest.fixture
def original(tmp_path: Path) -> Iterator[str]:
    """A database of the original, with a row in each table, under this alias. Its tables are not ours."""
    with empty_database("original", tmp_path) as database:
        with database.cursor() as cursor:
            for name in parents_first():
                cursor.execute(TABLES[name].ddl(name))
                cursor.execute(insert_sql(name), values_of(name))
        yield database.alias


@pytest.mark.django_db
def test_every_model_is_read_from_a_plain_original_database(original: str) -> None:
    for name, model in MODELS.items():
        (found,) = model._default_manager.using(original).all()
        assert found == an_object(name)
        assert [found.serializable_value(field.attname) for field in model._meta.concrete_fields] == [
            getattr(an_object(name), field.attname) for field in model._meta.concrete_fields
        ]


@pytest.mark.parametrize("key", ["a|b", "~0", "a/b", "", "é€", "it's", '"', "%s", "a b", "100%", "\\"])
@pytest.mark.django_db
def test_odd_keys_are_stored_found_and_deleted(key: str) -> None:
    Enumeration.objects.create(enum_id=1, enum_label="one")
    value = EnumerationValue.objects.create(enum_id=1, val_enum=key, val_label="before")
    EnumerationValue.objects.bulk_create(
        [EnumerationValue(enum_id=1, val_enum=key, val_label="after")],
        update_conflicts=True,
        unique_fields=["enum_id", "val_enum"],
        update_fields=["val_label"],
    )
    assert EnumerationValue.objects.get(pk=(1, key)).val_label == "after"
    assert EnumerationValue.objects.filter(pk__in=[(1, key)]).count() == 1
    value.delete()
    assert not EnumerationValue.objects.exists()


@pytest.mark.django_db
def test_number_beyond_the_column_finds_nothing() -> None:
    assert not QuerySql.objects.filter(query_id=2**40).exists()
    assert not Query.objects.filter(pk=2**40).exists()


@pytest.mark.django_db
def test_many_rows_below_one_parent_are_stored_and_deleted() -> None:
    enumeration = Enumeration.objects.create(enum_id=1, enum_label="many")
    EnumerationValue.objects.bulk_create(EnumerationValue(enum_id=1, val_enum=str(n)) for n in range(2500))
    assert EnumerationValue.objects.count() == 2500
    enumeration.delete()
    assert not EnumerationValue.objects.exists()


@pytest.mark.django_db
def test_rows_below_are_reached_through_the_relations() -> None:
    for name in [
        "ly_dictionary_l",
        "ly_thm_colors",
        "ly_menus_l",
        "ly_usr_roles",
        "ly_rol_auth",
        "ly_qry_sql",
    ]:
        insert(name)
    assert list(Dictionary.objects.get().labels.all()) == [DictionaryLabel.objects.get()]
    assert list(Theme.objects.get().colors.all()) == [ThemeColor.objects.get()]
    assert list(Menu.objects.get().labels.all()) == [MenuLabel.objects.select_related("menu").get()]
    assert list(User.objects.get().memberships.all()) == [Membership.objects.get(rol__rol_name="1")]
    assert list(Role.objects.get().rights.all()) == [RoleRight.objects.get()]
    assert list(Query.objects.prefetch_related("sql").get().sql.all()) == [QuerySql.objects.get()]


@pytest.mark.parametrize(
    "name", ["ly_dictionary_l", "ly_thm_colors", "ly_menus_l", "ly_rol_auth", "ly_qry_sql"]
)
@pytest.mark.django_db
def test_deleting_a_parent_object_deletes_the_rows_below(name: str) -> None:
    insert(name)
    (parent,) = TABLES[name].cascades
    _, counts = MODELS[parent]._default_manager.get().delete()
    assert counts == {MODELS[parent]._meta.label: 1, MODELS[name]._meta.label: 1}
    assert rows_of(name) == []


@pytest.mark.django_db
def test_deleting_an_object_leaves_deeper_rows_to_the_database() -> None:
    insert("ly_act_tasks_params")
    Action.objects.get().delete()
    assert [rows_of(name) for name in ("ly_actions", "ly_act_tasks", "ly_act_tasks_params")] == [[], [], []]


@pytest.mark.django_db
def test_time_that_stored_sql_wrote_is_read_as_utc() -> None:
    insert("ly_language", 1)
    assert Language.objects.get().lng_audit_date == datetime(2024, 6, 19, 20, 35, 9, 891000, tzinfo=UTC)


@pytest.mark.django_db
def test_time_of_another_zone_is_stored_in_utc_without_a_zone() -> None:
    moment = datetime(2024, 6, 19, 20, 0, tzinfo=timezone(timedelta(hours=2)))
    Language.objects.create(lng_id="fr", lng_audit_date=moment)
    assert execute("SELECT lng_audit_date FROM ly_language") == [(datetime(2024, 6, 19, 18, 0),)]
    assert Language.objects.filter(
        lng_audit_date=moment, lng_audit_date__lt=moment + timedelta(seconds=1)
    ).exists()


@pytest.mark.django_db
def test_flag_keeps_null_and_the_empty_text_apart() -> None:
    RoleRight.objects.bulk_create(
        RoleRight(rol=Role.objects.create(rol_id=str(n)), aut_id=n, aut_run=run)
        for n, run in enumerate(["Y", "N", "", None])
    )
    runs = RoleRight.objects.order_by("aut_id").values_list("aut_run", flat=True)
    assert list(runs) == ["Y", "N", "", None]
    assert RoleRight.objects.filter(Q(aut_run="") | Q(aut_run=None)).count() == 2
