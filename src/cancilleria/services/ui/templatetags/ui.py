"""How form fields are shown."""

from __future__ import annotations

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

register = template.Library()
CLASSES: dict[type[forms.Widget], str] = {
    forms.Select: "govuk-select",
    forms.Textarea: "govuk-textarea",
    forms.FileInput: "govuk-file-upload",
}


@register.filter
def kind(field: BoundField) -> str:
    """radios, checkboxes, checkbox or, for what has one widget under one label, nothing."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxSelectMultiple):  # Django derives it from RadioSelect
        return "checkboxes"
    if isinstance(widget, forms.RadioSelect):
        return "radios"
    return "checkbox" if isinstance(widget, forms.CheckboxInput) else ""


@register.filter
def target(field: BoundField) -> str:
    """The id a link to the field goes to: of several options, the first."""
    return f"{field.auto_id}_0" if kind(field) in ("radios", "checkboxes") else field.id_for_label


@register.filter
def told_by(field: BoundField, hint: str = "") -> str:
    """The ids of its hint and of its error message, of those there are."""
    parts = {"ayuda": hint or field.help_text, "error": field.errors}
    return " ".join(f"{field.auto_id}-{name}" for name, there in parts.items() if there)


@register.filter
def styled(field: BoundField, hint: str = "") -> SafeString:
    """The widget with its classes, and told by its hint and its errors."""
    widget = field.field.widget
    base = next((css for kind_, css in CLASSES.items() if isinstance(widget, kind_)), "govuk-input")
    classes = [base, f"{base}--error" if field.errors else "", widget.attrs.get("class", "")]
    if isinstance(widget, forms.DateInput) and "class" not in widget.attrs:
        classes.append("govuk-input--width-10")
    attributes = {**widget.attrs, "class": " ".join(filter(None, classes))}
    if told := told_by(field, hint):
        attributes["aria-describedby"] = told
    if field.errors:
        attributes["aria-invalid"] = "true"
    return field.as_widget(attrs=attributes)
