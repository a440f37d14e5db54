"""An invented procedure, so that no legal rule leaks into the kernel: joining the chess club of Utopia."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from cancilleria.kernel.cases.norms import TEXTS, Norm
from cancilleria.kernel.cases.procedures import CHOICE, EMAIL, SCAN, Field, Page, Problem, Procedure, Request

POWER = "membership.decide"


def _old_enough(request: Request) -> Iterable[Problem]:
    if request.answers.get("age") == "child":
        yield Problem("age", "too_young", "Pida a un adulto que lo acompañe.")


MEMBERSHIP = Procedure(
    key="membership",
    pages=(
        Page("age", "Edad", (Field("age", "¿Qué edad tiene?", CHOICE, choices=lambda: (("adult", "Adulto"), ("child", "Niño")), radio=True),)),
        Page("name", "Nombre", (Field("given_names", "Nombres"), Field("first_surname", "Apellido"))),
        Page("contact", "Contacto", (Field("email", "Correo", EMAIL, required=False),)),
        Page("proof", "Carta", (Field("letter", "Carta de otro socio", SCAN),)),
    ),
    checks={"age": _old_enough},
    decide_power=POWER,
)  # fmt: skip

NORM = Norm(
    key="membership", code="CLUB-1", legal_basis="Estatuto del club, artículo 1", organ="organ:club", term_days=3,
    clock="organ", silence="positive", valid_from=date(2026, 1, 1), source="estatuto",
    reason="Primera versión", texts={name: {"es": f"{name} del club", "en": f"{name} of the club"} for name in TEXTS},
    words=("club", "ajedrez"),
)  # fmt: skip
