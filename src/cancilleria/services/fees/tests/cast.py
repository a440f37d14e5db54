"""The stage of the fees: the chess club charges for joining, Sara keeps its box, and a simulated gateway stands behind."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from cancilleria.kernel.cases import doors as case_doors
from cancilleria.kernel.cases.actions import load_procedures
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.organs.authority import SYSTEM, Actor
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.testing.cast import HEADQUARTERS, Cast, officer, on_stage
from cancilleria.kernel.testing.club import NORM
from cancilleria.services.fees.actions import load_tariff
from cancilleria.services.fees.charges import Charges
from cancilleria.services.fees.gateway import gateway
from cancilleria.services.fees.models import Order
from cancilleria.services.fees.simulator import Simulator

SINCE = date(2020, 1, 1)
DATED = {"source": "inventado", "valid_from": SINCE, "valid_to": None}
PIECES = [10000, 5000, 1000, 500, 100, 50, 10, 5]


def line(key: str, unit: str, amount: int, *refundable: str, **dates: object) -> dict[str, object]:
    names = {"name_es": key.title(), "name_en": key.title()}
    basis = {"legal_basis": "Estatuto", "refundable": list(refundable)}
    return {"key": key, "unit": unit, "amount": amount, **names, **basis, **DATED, **dates}


def rate(organ: str, unit: str, currency: str, factor: str, rounding: str = "up", step: int = 5) -> dict[str, object]:
    found = {"organ": organ, "unit": unit, "currency": currency, "factor": Decimal(factor).quantize(Decimal("1E-8"))}
    return {**found, "rounding": rounding, "step": step, **DATED}


def means(organ: str, name: str, currency: str) -> dict[str, object]:
    return {"organ": organ, "means": name, "currency": currency, "pieces": PIECES if name == "cash" else [], **DATED}


TARIFF = [line("joining", "unit", 1000, "withdrawn", "denied"), line("card", "CHF", 250)]
RATES = [
    rate(HEADQUARTERS, "unit", "CHF", "2.03"), rate("organ:branch-abroad", "unit", "EUR", "2.10"),
    rate("organ:branch-abroad", "CHF", "EUR", "1.07"),
]  # fmt: skip
MEANS = [
    *(means(HEADQUARTERS, name, "CHF") for name in ("cash", "card", "transfer", "gateway")),
    means("organ:branch-abroad", "cash", "EUR"),
]
EXEMPTIONS = [
    {
        "key": "orphan", "lines": ["card", "joining"], "field": "given_names", "value": "Huérfana",
        "name_es": "Orfandad", "name_en": "Orphans", "legal_basis": "Estatuto, artículo 2", **DATED,
    }
]  # fmt: skip
# 10,00 units at 2.03 are 20,30; and the card costs 2,50.
DUE = 2280


@dataclass
class Office:
    """The club's people, and who keeps the box."""

    people: Cast
    sara: Actor
    other: Actor
    head: Actor

    def submit(self, **answers: str) -> Case:
        return self.people.submit(self.people.draft(**answers))

    def order(self, **answers: str) -> Order:
        return Order.objects.get(case=self.submit(**answers))


@contextlib.contextmanager
def office() -> Iterator[Office]:
    """Doors open, the tariff loaded, everybody posted."""
    with on_stage() as people, case_doors.fees.held(Charges()), gateway.held(Simulator(lambda token: f"/sim/{token}")):
        organ = Organ.objects.get(pk=HEADQUARTERS)
        rows = {"tariff": TARIFF, "rates": RATES, "means": MEANS, "exemptions": EXEMPTIONS}
        for kind, found in rows.items():
            load_tariff(actor=SYSTEM, organ=organ, kind=kind, rows=found)
        norm = replace(NORM, fees=("joining", "card"), reason="Se cobra")
        load_procedures(actor=SYSTEM, organ=organ, norms={"membership": norm})
        yield Office(
            people, sara=officer("Sara", HEADQUARTERS, {"desk", "desk.cash", "desk.money"}),
            other=officer("Olga", HEADQUARTERS, {"desk", "desk.cash"}),
            head=officer("Hilda", HEADQUARTERS, {"desk.cash", "desk.cases", "fee.exempted", "refund.ordered", "refund.paid"}),
        )  # fmt: skip
