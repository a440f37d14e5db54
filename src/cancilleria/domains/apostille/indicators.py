"""Figures of the apostille service, over its own acts and those of its cases."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.indicators.declaration import DAYS, LESS, PERCENT, Indicator

DECIDED = 'procedure = "apostille" and outcome in ("granted", "denied")'

INDICATORS = (
    Indicator("apostille.requests", "AP-01", _("Solicitudes de apostilla presentadas"), "apostille",
              numerator='count(case.submitted where procedure = "apostille")', dimensions=("channel",)),
    Indicator("apostille.issued", "AP-02", _("Apostillas emitidas"), "apostille",
              numerator="count(apostille.issued)", dimensions=("destination", "kind", "route")),
    Indicator("apostille.corrected", "AP-03", _("Apostillas corregidas"), "apostille", sense=LESS,
              numerator="count(apostille.corrected)"),
    Indicator("apostille.annulled", "AP-04", _("Apostillas anuladas"), "apostille", sense=LESS,
              numerator="count(apostille.annulled)"),
    Indicator("apostille.refused", "AP-05", _("Solicitudes denegadas"), "apostille", sense=LESS,
              numerator='count(case.decided where procedure = "apostille" and outcome = "denied")'),
    Indicator("apostille.refused_share", "AP-06", _("Parte de las decisiones que deniegan"), "apostille", PERCENT, LESS,
              numerator='count(case.decided where procedure = "apostille" and outcome = "denied")',
              denominator=f"count(case.decided where {DECIDED})"),
    Indicator("apostille.in_term", "AP-07", _("Solicitudes decididas dentro del plazo"), "apostille", PERCENT,
              numerator=f"count(case.decided where {DECIDED} and in_term = true)",
              denominator=f"count(case.decided where {DECIDED})"),
    Indicator("apostille.same_day", "AP-08", _("Solicitudes decididas el mismo día"), "apostille", PERCENT,
              numerator=f"count(case.decided where {DECIDED} and same_day = true)",
              denominator=f"count(case.decided where {DECIDED})"),
    Indicator("apostille.turnaround", "AP-09", _("Días hábiles hasta la decisión, en promedio"), "apostille", DAYS, LESS,
              numerator=f"sum(case.decided.days where {DECIDED})",
              denominator=f"count(case.decided where {DECIDED})"),
    Indicator("apostille.observed", "AP-10", _("Solicitudes que hubo que corregir"), "apostille", PERCENT, LESS,
              numerator='count(case.observed where procedure = "apostille")',
              denominator='count(case.submitted where procedure = "apostille")'),
    Indicator("apostille.lapsed", "AP-11", _("Solicitudes vencidas sin decisión"), "apostille", sense=LESS,
              numerator='count(case.lapsed where procedure = "apostille")'),
    Indicator("apostille.delivered", "AP-12", _("Documentos entregados"), "apostille",
              numerator='count(case.delivered where procedure = "apostille")', dimensions=("channel",)),
    Indicator("apostille.appealed", "AP-13", _("Decisiones apeladas"), "apostille", sense=LESS,
              numerator='count(case.appealed where procedure = "apostille")'),
    Indicator("apostille.on_paper", "AP-14", _("Apostillas puestas en papel"), "apostille", PERCENT, LESS,
              numerator='count(apostille.issued where route = "paper")',
              denominator="count(apostille.issued)"),
    Indicator("legalisation.issued", "LG-01", _("Legalizaciones emitidas"), "apostille",
              numerator="count(legalisation.issued)", dimensions=("direction", "state", "kind")),
    Indicator("legalisation.corrected", "LG-02", _("Legalizaciones corregidas"), "apostille", sense=LESS,
              numerator="count(legalisation.corrected)"),
    Indicator("legalisation.annulled", "LG-03", _("Legalizaciones anuladas"), "apostille", sense=LESS,
              numerator="count(legalisation.annulled)"),
    Indicator("specimen.registered", "LG-04", _("Firmas registradas"), "apostille",
              numerator="count(specimen.registered)", dimensions=("kind",)),
    Indicator("specimen.asked", "LG-05", _("Firmas que no constaban y se pidieron"), "apostille", sense=LESS,
              numerator="count(specimen.asked)", dimensions=("procedure",)),
    Indicator("form.used", "LG-06", _("Formularios usados"), "apostille", numerator="count(form.used)"),
    Indicator("form.spoiled", "LG-07", _("Formularios inutilizados"), "apostille", sense=LESS,
              numerator="count(form.spoiled)"),
)  # fmt: skip
