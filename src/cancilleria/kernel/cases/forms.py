"""A page of a procedure as a Django form."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.cases.procedures import (
    CHOICE,
    DATE,
    DOCUMENT,
    EMAIL,
    LONG_TEXT,
    MANY,
    NUMBER,
    SCAN,
    TEXT,
    YES,
    Field,
    Page,
)
from cancilleria.kernel.cases.scans import ScanField, ScanInput

REQUIRED = {
    TEXT: _("Escriba este dato para continuar."),
    LONG_TEXT: _("Escriba este dato para continuar."),
    EMAIL: _("Escriba su correo electrónico, por ejemplo nombre@correo.com."),
    CHOICE: _("Elija una opción para continuar."),
    MANY: _("Marque al menos una opción para continuar."),
    NUMBER: _("Escriba un número para continuar."),
    YES: _("Marque la casilla para continuar."),
    DATE: _("Escriba la fecha para continuar."),
    DOCUMENT: _("Adjunte el documento para continuar."),
    SCAN: _("Escanee o fotografíe el documento para continuar."),
}
AUTOCOMPLETE = {"email": "email", "given_names": "given-name", "first_surname": "family-name"}


def form_for(
    page: Page, *, data: object = None, files: object = None, initial: Mapping[str, str] | None = None, prefix: str = ""
) -> forms.Form:
    """A form with the page's fields; bound when data is given. `prefix` keeps several forms of one page apart."""
    built = {found.name: BUILD[found.kind](found) for found in page.fields}
    form_class: type[forms.Form] = type("PageForm", (forms.Form,), dict(built))
    # Without colons and ids of their own: the components write labels and errors.
    return form_class(data, files, initial=dict(initial or {}), label_suffix="", auto_id=f"{prefix or 'id'}_%s")  # type: ignore[arg-type]


def _common(found: Field) -> dict[str, object]:
    return {
        "label": found.label,
        "help_text": found.hint,
        "required": found.required,
        "error_messages": {"required": REQUIRED[found.kind]},
    }


def _text(found: Field) -> forms.Field:
    widget = forms.TextInput(attrs=_completes(found))
    return forms.CharField(max_length=found.max_length, widget=widget, **_common(found))  # type: ignore[arg-type]


def _long_text(found: Field) -> forms.Field:
    return forms.CharField(max_length=2_000, widget=forms.Textarea(attrs={"rows": 5}), **_common(found))  # type: ignore[arg-type]


def _email(found: Field) -> forms.Field:
    field = forms.EmailField(widget=forms.EmailInput(attrs=_completes(found)), **_common(found))  # type: ignore[arg-type]
    field.error_messages["invalid"] = REQUIRED[EMAIL]
    return field


def _choice(found: Field) -> forms.Field:
    choices = list(found.choices() if found.choices else ())
    widget = forms.RadioSelect() if found.radio else forms.Select()
    shown = choices if found.radio else [("", _("Elija…")), *choices]
    field = forms.ChoiceField(choices=shown, widget=widget, **_common(found))  # type: ignore[arg-type]
    field.error_messages["invalid_choice"] = REQUIRED[CHOICE]
    return field


def _many(found: Field) -> forms.Field:
    choices = list(found.choices() if found.choices else ())
    field = forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple(), **_common(found))  # type: ignore[arg-type]
    field.error_messages["invalid_choice"] = REQUIRED[MANY]
    return field


def _number(found: Field) -> forms.Field:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-5"})
    field = forms.IntegerField(min_value=1, max_value=10**9, widget=widget, **_common(found))  # type: ignore[arg-type]
    field.error_messages["invalid"] = REQUIRED[NUMBER]
    return field


def _yes(found: Field) -> forms.Field:
    return forms.BooleanField(**_common(found))  # type: ignore[arg-type]


def _date(found: Field) -> forms.Field:
    field = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **_common(found))  # type: ignore[arg-type]
    field.error_messages["invalid"] = _("Escriba la fecha como día/mes/año, por ejemplo 05/03/2026.")
    return field


def _document(found: Field) -> forms.Field:
    widget = forms.FileInput(attrs={"accept": "application/pdf,.pdf"})
    field = forms.FileField(widget=widget, **_common(found))  # type: ignore[arg-type]
    field.error_messages["empty"] = _("El archivo está vacío. Elija otra vez el documento y adjúntelo.")
    return field


def _scan(found: Field) -> forms.Field:
    accepted = "application/pdf,image/jpeg,image/png,image/tiff"
    field = ScanField(widget=ScanInput(attrs={"accept": accepted, "data-scan": ""}), **_common(found))  # type: ignore[arg-type]
    field.error_messages["empty"] = _("El archivo está vacío. Elija otra vez el documento y adjúntelo.")
    return field


def _completes(found: Field) -> dict[str, str]:
    name = AUTOCOMPLETE.get(found.name)
    return {"autocomplete": name} if name else {}


BUILD: Mapping[str, Callable[[Field], forms.Field]] = {
    TEXT: _text, LONG_TEXT: _long_text, EMAIL: _email, CHOICE: _choice, MANY: _many, NUMBER: _number,
    YES: _yes, DATE: _date, DOCUMENT: _document, SCAN: _scan,
}  # fmt: skip
