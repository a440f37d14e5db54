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
    """radios, checkbox or other."""
    widget = field.field.widget
    return (
        "radios"
        if isinstance(widget, forms.RadioSelect)
        else "checkbox"
        if isinstance(widget, forms.CheckboxInput)
        else ""
    )


@register.filter
def styled(field: BoundField) -> SafeString:
    """The widget with its classes, and told by its hint and its errors."""
    base = next((css for widget, css in CLASSES.items() if isinstance(field.field.widget, widget)), "govuk-input")
    told = [f"{field.id_for_label}-ayuda"] if field.help_text else []
    told += [f"{field.id_for_label}-error"] if field.errors else []
    attributes = {"class": base + (f" {base}--error" if field.errors else ""), **field.field.widget.attrs}
    if told:
        attributes["aria-describedby"] = " ".join(told)
    if field.errors:
        attributes["aria-invalid"] = "true"
    return field.as_widget(attrs=attributes)
