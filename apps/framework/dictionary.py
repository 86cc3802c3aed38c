"""The data dictionary: what a column is called in a language, and how a client shows it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from apps.framework.models import Dictionary, DictionaryLabel, Language
from apps.pools.catalogue import remembered
from apps.pools.framework_tables import read_tables


@dataclass(frozen=True, slots=True)
class Entry:
    """One dictionary entry in one language; None where the dictionary says nothing."""

    label: str | None
    type: str | None
    rules: str | None
    rules_values: str | None
    default: str | None


def entries(catalogue: str, language: str) -> Mapping[str, Entry]:
    """Return the dictionary of `catalogue` by upper-case id, with the labels of `language`.

    A label that is missing in the language falls back to the default language, then to the entry's own.
    Reads the dictionary once until the catalogue changes.
    """
    key = ("dictionary", language)
    return remembered(catalogue, key, lambda: read_tables(catalogue, lambda: _load(language)))


def effective_language(catalogue: str, wanted: str) -> str:
    """Return the language of `catalogue` that serves `wanted`: `fr` for `fr-CA`, the default for `xx`."""
    known = remembered(catalogue, "languages", lambda: read_tables(catalogue, _languages))
    exact = known.get(wanted.lower())
    if exact:
        return exact
    primary = wanted.lower().replace("_", "-").split("-")[0]
    return known.get(primary, settings.LIBERTY_DEFAULT_LANGUAGE)


def _languages() -> Mapping[str, str]:
    return {language.lower(): language for language in Language.objects.values_list("lng_id", flat=True)}


def _load(language: str) -> Mapping[str, Entry]:
    labels = {**_labels(settings.LIBERTY_DEFAULT_LANGUAGE), **_labels(language)}
    rows = Dictionary.objects.values_list(
        "dd_id", "dd_label", "dd_type", "dd_rules", "dd_rules_values", "dd_default"
    )
    return {
        name.upper(): Entry(labels.get(name) or label, kind, rules, rules_values, default)
        for name, label, kind, rules, rules_values, default in rows
    }


def _labels(language: str) -> dict[str, str | None]:
    rows = DictionaryLabel.objects.filter(lng_id=language, lng_label__isnull=False)
    return dict(rows.values_list("dd_id", "lng_label"))
