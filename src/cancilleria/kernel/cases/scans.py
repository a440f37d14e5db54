"""The form field of what is scanned or photographed: several pages in, one PDF out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.base import ContentFile

from cancilleria.kernel.documents.pages import pdf_of
from cancilleria.kernel.documents.rules import Refused


class ScanInput(forms.FileInput):
    """Several pages at once, from a folder or a camera."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class ScanField(forms.FileField):
    """One PDF, or images that are pages; cleaned to one PDF file. What cannot be used says what to do."""

    widget = ScanInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = [data] if hasattr(data, "read") else list(data or ())
        cleaned = [super(ScanField, self).clean(file, initial) for file in files or [None]]
        if cleaned[0] is None:
            return None
        try:
            pdf = pdf_of([file.read() for file in cleaned])
        except Refused as refused:
            raise forms.ValidationError(refused.message) from refused
        return ContentFile(pdf, name=f"{cleaned[0].name.rpartition('.')[0] or cleaned[0].name}.pdf")
