"""The data dictionary: what a column is called in a language, and how a client shows it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from apps.framework.models import Dictionary, DictionaryLabel, Language
from apps.pools.catalogue import reading_alias, remembered


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
    return remembered(catalogue, ("dictionary", language), lambda: _load(catalogue, language))


def effective_language(catalogue: str, wanted: str) -> str:
    """Return the language of `catalogue` that serves `wanted`: `fr` for `fr-CA`, the default for `xx`."""
    known = remembered(catalogue, "languages", lambda: _languages(catalogue))
    exact = known.get(wanted.lower())
    if exact:
        return exact
    primary = wanted.lower().replace("_", "-").split("-")[0]
    return known.get(primary, settings.LIBERTY_DEFAULT_LANGUAGE)


def _languages(catalogue: str) -> Mapping[str, str]:
    rows = Language.objects.using(reading_alias(catalogue)).values_list("lng_id", flat=True)
    return {language.lower(): language for language in rows}


def _load(catalogue: str, language: str) -> Mapping[str, Entry]:
    alias = reading_alias(catalogue)
    labels = {
        **_labels(alias, settings.LIBERTY_DEFAULT_LANGUAGE),
        **_labels(alias, language),
    }
    rows = Dictionary.objects.using(alias).values_list(
        "dd_id", "dd_label", "dd_type", "dd_rules", "dd_rules_values", "dd_default"
    )
    return {
        name.upper(): Entry(labels.get(name) or label, kind, rules, rules_values, default)
        for name, label, kind, rules, rules_values, default in rows
    }


def _labels(alias: str, language: str) -> dict[str, str | None]:
    rows = DictionaryLabel.objects.using(alias).filter(lng_id=language, lng_label__isnull=False)
    return dict(rows.values_list("dd_id", "lng_label"))
