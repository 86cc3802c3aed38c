"""Forms of the admin pages of the dictionary, modules and themes."""

import re
from typing import Any, ClassVar

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.framework.models import Dictionary, DictionaryLabel, Language
from liberty.admin_forms import Choices, FrameworkForm, choices_with, set_choices
from liberty.admin_rows import RowForm

NOTHING = ("", "---------")
TYPES = [(name, name) for name in ("text", "textarea", "number", "date", "boolean")]
RULES = [
    (name, name)
    for name in (
        "BOOLEAN",
        "COLOR",
        "CURRENT_DATE",
        "ENUM",
        "LOGIN",
        "LOOKUP",
        "NN",
        "PASSWORD",
        "SEQUENCE",
        "SYSDATE",
    )
]

_plain_color = re.compile(r"#[0-9a-f]{3,8}|(rgb|hsl)a?\([\d\s.,%/]+\)", re.IGNORECASE)


class DictionaryForm(FrameworkForm):
    dd_type = forms.ChoiceField(label="Type", required=False)
    dd_rules = forms.ChoiceField(label="Rule", required=False)

    class Meta:
        model = Dictionary
        fields = "__all__"
        help_texts: ClassVar[dict[str, str]] = {
            "dd_id": "The column name that stored queries return, in capital letters.",
            "dd_label": "Shown where a language has no label of its own.",
            "dd_rules_values": "What the rule works on: the number of a lookup, sequence or enumeration.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "dd_type", choices_with([NOTHING, *TYPES], self.instance.dd_type))
        set_choices(self, "dd_rules", choices_with([NOTHING, *RULES], self.instance.dd_rules))


class DictionaryLabelForm(RowForm):
    languages: ClassVar[Choices] = []
    """Choices; set once for a page, so that its rows do not each ask for them."""

    lng_id = forms.ChoiceField(label="Language")

    class Meta:
        model = DictionaryLabel
        fields = "__all__"

    def set_up(self) -> None:
        set_choices(self, "lng_id", choices_with([NOTHING, *self.languages], self.instance.lng_id))


class ColorInput(forms.TextInput):
    """A text input with a sample beside it, where the text is a plain colour."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        entered = super().render(name, value, attrs, renderer)
        if not _plain_color.fullmatch(str(value or "")):
            return entered
        sample = format_html('<span class="swatch" style="background: {}"></span>', value)
        return format_html('<span class="sampled">{}{}</span>', entered, sample)


def language_choices() -> Choices:
    """Return the languages that fit into the four characters of a label's key."""
    rows = Language.objects.order_by("lng_id").values_list("lng_id", "lng_name")
    return [(key, f"{name} ({key})" if name else key) for key, name in rows if len(key) <= 4]
