"""Figures entered by hand, each value with the document that supports it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.indicators.declaration import PERCENT, Indicator

INDICATORS = (
    Indicator("planning.trained", "PL-01", _("Personas capacitadas en cooperación internacional"), "planning"),
    Indicator("planning.satisfaction", "PL-02", _("Personas satisfechas con la atención, según encuesta"), "planning",
              PERCENT),
)  # fmt: skip
