"""Initial data of a catalogue."""

import json
from pathlib import Path

import pytest
from django.apps import apps

from apps.framework.models import Dictionary, DictionaryLabel, Language, Module, Theme, ThemeColor
from apps.framework.services import load_fixtures
from liberty.settings.env import BASE_DIR

pytestmark = pytest.mark.django_db

COUNTS = {
    "ly_language": 2,
    "ly_modules": 6,
    "ly_themes": 2,
    "ly_dictionary": 357,
    "ly_thm_colors": 20,
    "ly_dictionary_l": 357,
}


def test_a_new_catalogue_gets_every_row() -> None:
    assert load_fixtures() == COUNTS


def test_a_second_run_adds_nothing() -> None:
    load_fixtures()
    assert load_fixtures() == dict.fromkeys(COUNTS, 0)


def test_changed_rows_and_their_parts_stay() -> None:
    load_fixtures()
    Module.objects.filter(module_id="dev").update(module_enabled="Y")
    ThemeColor.objects.filter(thm_id=1, tcl_id=1).delete()
    DictionaryLabel.objects.filter(dd_id="USR_ID").update(lng_label="Compte")
    load_fixtures()
    assert (
        Module.objects.get(module_id="dev").module_enabled,
        ThemeColor.objects.filter(thm_id=1, tcl_id=1).exists(),
        DictionaryLabel.objects.get(dd_id="USR_ID").lng_label,
    ) == ("Y", False, "Compte")


def test_a_theme_of_the_same_name_keeps_its_own_colours() -> None:
    Theme.objects.create(thm_id=70, thm_name="liberty")
    load_fixtures()
    assert sorted(Theme.objects.values_list("thm_id", "thm_name")) == [(2, "orchard"), (70, "liberty")]
    assert set(ThemeColor.objects.values_list("thm_id", flat=True)) == {2}


def test_deleted_rows_come_back_with_their_parts() -> None:
    load_fixtures()
    Dictionary.objects.filter(dd_id="USR_ID").delete()
    Language.objects.filter(lng_id="fr").delete()
    added = {table: count for table, count in load_fixtures().items() if count}
    assert added == {"ly_dictionary": 1, "ly_dictionary_l": 1, "ly_language": 1}


def test_every_framework_column_has_an_entry_with_labels_in_two_languages() -> None:
    columns = {
        field.column.upper()
        for model in apps.get_models()
        if model._meta.db_table.startswith("ly_")
        for field in model._meta.local_concrete_fields
    }
    load_fixtures()
    assert columns - set(Dictionary.objects.exclude(dd_label=None).values_list("dd_id", flat=True)) == set()
    assert columns - set(DictionaryLabel.objects.filter(lng_id="fr").values_list("dd_id", flat=True)) == set()


def test_both_themes_have_the_same_colours() -> None:
    rows = json.loads((BASE_DIR / "fixtures" / "ly_thm_colors.json").read_text(encoding="utf-8"))
    keys = {number: [row["tcl_key"] for row in rows if row["thm_id"] == number] for number in (1, 2)}
    assert keys[1] == keys[2]


@pytest.mark.parametrize("file", sorted(BASE_DIR.glob("fixtures/*.json")), ids=lambda file: file.stem)
def test_texts_fit_their_columns(file: Path) -> None:
    """SQLite would take longer ones, PostgreSQL not."""
    model = next(model for model in apps.get_models() if model._meta.db_table == file.stem)
    fields = {field.attname: field for field in model._meta.local_concrete_fields}
    rows = json.loads(file.read_text(encoding="utf-8"))
    too_long = [
        value
        for row in rows
        for name, value in row.items()
        if isinstance(value, str) and len(value) > (getattr(fields[name], "max_length", None) or len(value))
    ]
    assert too_long == []
