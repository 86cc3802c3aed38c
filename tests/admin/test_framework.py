"""The pages of languages, the dictionary, modules and themes."""

import pytest
from django.test import Client

from apps.framework.dictionary import entries
from apps.framework.models import Dictionary, DictionaryLabel, Language, Module, Theme, ThemeColor
from tests.admin.pages import Page

DICTIONARY = "/admin/framework/dictionary/"
ENTRY = f"{DICTIONARY}CITY/change/"
LABELS = "dictionarylabel"
THEMES = "/admin/framework/theme/"
COLOURS = "themecolor"


@pytest.fixture
def entry(db: None) -> Dictionary:
    for key, name in [
        ("en", "English"),
        ("fr", "Français"),
        ("de", None),
        ("long5", "Too long for labels"),
    ]:
        Language.objects.create(lng_id=key, lng_name=name)
    entry = Dictionary.objects.create(dd_id="CITY", dd_label="City", dd_type="text", dd_rules="LOOKUP")
    DictionaryLabel.objects.create(dd=entry, lng_id="fr", lng_label="Ville")
    return entry


@pytest.fixture
def theme(db: None) -> Theme:
    theme = Theme.objects.create(thm_id=2, thm_name="blue")
    ThemeColor.objects.create(
        thm=theme, tcl_id=1, tcl_key="primary", tcl_light="#00f", tcl_dark="rgb(0, 0, 80)"
    )
    gradient = "linear-gradient(90deg, red, blue)"
    ThemeColor.objects.create(thm=theme, tcl_id=5, tcl_key="background", tcl_light=gradient, tcl_dark="black")
    return theme


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ("q=city", True),
        ("q=ville", True),
        ("q=town", False),
        ("dd_type=text", True),
        ("dd_rules=LOOKUP", True),
        ("dd_type=number", False),
    ],
)
def test_entries_are_found_by_id_label_and_type(
    site: Client, entry: Dictionary, asked: str, is_found: bool
) -> None:
    Dictionary.objects.create(dd_id="AREA", dd_type="number")
    assert (ENTRY in site.get(f"{DICTIONARY}?{asked}").content.decode()) is is_found


def test_an_entry_is_added_with_labels(site: Client, entry: Dictionary) -> None:
    page = Page.open(site, f"{DICTIONARY}add/")
    page.add_row(LABELS, lng_id="fr", lng_label="Pays")
    page.add_row(LABELS, lng_id="de", lng_label="Land")
    page.save(dd_id="COUNTRY", dd_label="Country", dd_type="text")
    labels = DictionaryLabel.objects.filter(dd_id="COUNTRY").order_by("lng_id")
    assert [(label.lng_id, label.lng_label, label.lng_audit_user) for label in labels] == [
        ("de", "Land", "admin"),
        ("fr", "Pays", "admin"),
    ]


def test_labels_are_changed_added_and_deleted(site: Client, entry: Dictionary) -> None:
    DictionaryLabel.objects.create(dd=entry, lng_id="de", lng_label="Stadt")
    page = Page.open(site, ENTRY)
    page.delete_row(LABELS, 0)
    page.set_row(LABELS, 1, lng_label="La ville")
    page.add_row(LABELS, lng_id="en", lng_label="Town")
    page.save(dd_type="textarea")
    labels = DictionaryLabel.objects.order_by("lng_id").values_list("lng_id", "lng_label")
    assert list(labels) == [("en", "Town"), ("fr", "La ville")]
    assert Dictionary.objects.get().dd_type == "textarea"


def test_a_new_label_is_served_at_once(site: Client, entry: Dictionary) -> None:
    assert entries("default", "fr")["CITY"].label == "Ville"
    page = Page.open(site, ENTRY)
    page.set_row(LABELS, 0, lng_label="Cité")
    page.save()
    assert entries("default", "fr")["CITY"].label == "Cité"


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ({"lng_id": "fr", "lng_label": "Cité"}, "There is a row for Français (fr) already."),
        ({"lng_id": "xx"}, "Select a valid choice. xx is not one of the available choices."),
        ({"lng_id": "long5"}, "Select a valid choice. long5 is not one of the available choices."),
        ({"lng_label": "Ort"}, "This field is required."),
    ],
)
def test_a_bad_label_is_told(site: Client, entry: Dictionary, row: dict[str, str], complaint: str) -> None:
    page = Page.open(site, ENTRY)
    page.add_row(LABELS, **row)
    assert page.refused() == [complaint]


def test_a_label_in_a_language_that_is_gone_can_be_changed(site: Client, entry: Dictionary) -> None:
    Language.objects.filter(lng_id="fr").delete()
    page = Page.open(site, ENTRY)
    page.set_row(LABELS, 0, lng_label="Cité")
    page.save()
    assert DictionaryLabel.objects.get().lng_label == "Cité"


def test_saving_an_untouched_entry_changes_nothing(site: Client, entry: Dictionary) -> None:
    Dictionary.objects.update(dd_rules="own rule", dd_default="")
    before = list(Dictionary.objects.values_list()), list(DictionaryLabel.objects.values_list())
    Page.open(site, ENTRY).save()
    assert (list(Dictionary.objects.values_list()), list(DictionaryLabel.objects.values_list())) == before


def test_an_entry_is_deleted_with_its_labels(site: Client, entry: Dictionary) -> None:
    assert site.get(f"{DICTIONARY}CITY/delete/").status_code == 200
    assert site.post(f"{DICTIONARY}CITY/delete/", {"post": "yes"}).status_code == 302
    assert (Dictionary.objects.count(), DictionaryLabel.objects.count()) == (0, 0)


def test_languages_are_added_changed_found_and_deleted(site: Client) -> None:
    languages = "/admin/framework/language/"
    Page.open(site, f"{languages}add/").save(lng_id="it", lng_name="Italiano")
    Page.open(site, f"{languages}it/change/").save(lng_name="italiano")
    row = Language.objects.get()
    assert (row.lng_id, row.lng_name, row.lng_audit_user) == ("it", "italiano", "admin")
    assert f"{languages}it/change/" in site.get(f"{languages}?q=ital").content.decode()
    page = Page.open(site, f"{languages}add/")
    assert page.refused(lng_id="it") == ["Language with this Language already exists."]
    assert site.post(f"{languages}it/delete/", {"post": "yes"}).status_code == 302
    assert Language.objects.count() == 0


def test_modules_are_switched_and_keep_their_settings(site: Client) -> None:
    settings = '{\n  "url": "https://example.com"\n}\n'
    Module.objects.create(module_id="menus", module_enabled="N", module_params=settings)
    modules = "/admin/framework/module/"
    Page.open(site, f"{modules}menus/change/").save(module_enabled="on")
    row = Module.objects.get()
    assert (row.module_enabled, row.module_params, row.module_audit_user) == ("Y", settings, "admin")
    for asked, is_found in [("q=menus", True), ("module_enabled__exact=Y", True), ("q=other", False)]:
        assert (f"{modules}menus/change/" in site.get(f"{modules}?{asked}").content.decode()) is is_found
    Page.open(site, f"{modules}add/").save(module_id="dev", module_params="a\r\nb")
    assert Module.objects.get(module_id="dev").module_params == "a\nb"
    assert site.post(f"{modules}menus/delete/", {"post": "yes"}).status_code == 302
    assert [module.module_id for module in Module.objects.all()] == ["dev"]


def test_a_theme_is_added_with_colours(site: Client) -> None:
    page = Page.open(site, f"{THEMES}add/")
    page.add_row(COLOURS, tcl_key="primary", tcl_light="#fff", tcl_dark="#000")
    page.save(thm_name="grey")
    assert list(ThemeColor.objects.values_list("thm_id", "tcl_id", "tcl_key")) == [(1, 1, "primary")]


def test_colours_are_changed_added_and_deleted(site: Client, theme: Theme) -> None:
    page = Page.open(site, f"{THEMES}2/change/")
    page.set_row(COLOURS, 0, tcl_dark="#111")
    page.delete_row(COLOURS, 1)
    page.add_row(COLOURS, tcl_id="9", tcl_key="secondary", tcl_light="#eee", tcl_dark="#222")
    page.save(thm_name="Blue")
    colours = ThemeColor.objects.order_by("tcl_id").values_list("tcl_id", "tcl_dark", "tcl_audit_user")
    assert list(colours) == [(1, "#111", "admin"), (9, "#222", "admin")]
    assert Theme.objects.get().thm_name == "Blue"


def test_plain_colours_have_a_sample(site: Client, theme: Theme) -> None:
    text = Page.open(site, f"{THEMES}2/change/").text
    assert text.count('class="swatch"') == 2
    assert 'style="background: rgb(0, 0, 80)"' in text


@pytest.mark.parametrize(
    ("row", "complaints"),
    [
        (
            {"tcl_id": "5", "tcl_key": "a", "tcl_light": "b", "tcl_dark": "c"},
            ["There is a row for 5 already."],
        ),
        ({"tcl_key": "a"}, ["This field is required."] * 2),
    ],
)
def test_a_bad_colour_is_told(site: Client, theme: Theme, row: dict[str, str], complaints: list[str]) -> None:
    page = Page.open(site, f"{THEMES}2/change/")
    page.add_row(COLOURS, **row)
    assert page.refused() == complaints


def test_a_name_of_a_theme_is_taken_once(site: Client, theme: Theme) -> None:
    assert Page.open(site, f"{THEMES}add/").refused(thm_name="blue") == [
        "Theme with this Name already exists."
    ]


def test_a_theme_is_found_and_deleted_with_its_colours(site: Client, theme: Theme) -> None:
    assert f"{THEMES}2/change/" in site.get(f"{THEMES}?q=blu").content.decode()
    assert site.post(f"{THEMES}2/delete/", {"post": "yes"}).status_code == 302
    assert (Theme.objects.count(), ThemeColor.objects.count()) == (0, 0)
