"""Replay: run an action, fold the register again, compare with what is stored (STYLE, habit 3)."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TypeVar

from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.rules import ADMITTED, DECIDED, DELIVERED, NOTIFIED, READY, SUBMITTED
from cancilleria.kernel.register.leaf import FACTS, HEAD, PRIVATE, PUBLIC, Part, opens
from cancilleria.kernel.register.models import Entry

T = TypeVar("T")
STATE_AFTER = {
    "case.submitted": SUBMITTED, "case.admitted": ADMITTED, "case.decided": DECIDED, "case.notified": NOTIFIED,
    "case.ready": READY, "case.delivered": DELIVERED,
}  # fmt: skip


def verify_action(action: Callable[[], T], *, records: Sequence[str]) -> T:
    """Run `action`; it must record exactly these verbs, in this order, and leave tables that the register retells."""
    before = set(Entry.objects.values_list("pk", flat=True))
    result = action()
    made = sorted(Entry.objects.exclude(pk__in=before).select_related("private"), key=lambda e: (e.recorded_at, e.pk))
    assert [entry.verb for entry in made] == list(records)
    for entry in made:
        verify_commitments(entry)
    for key in {subject for entry in made for subject in entry.subjects if subject.startswith("case:")}:
        verify_case(key.removeprefix("case:"))
    return result


def verify_commitments(entry: Entry) -> None:
    """Every stored part opens its commitment in the leaf, or in the hidden head of an opaque one."""
    shown = json.loads(bytes(entry.leaf))
    if entry.head_part is not None and entry.head_salt is not None:
        head = Part(HEAD, bytes(entry.head_part), bytes(entry.head_salt))
        assert opens(shown["commitment"], head)
        shown = json.loads(head.data)
    parts = {
        PUBLIC: Part(PUBLIC, bytes(entry.public_part), bytes(entry.public_salt)),
        FACTS: Part(FACTS, bytes(entry.facts_part), bytes(entry.facts_salt)),
        PRIVATE: Part(PRIVATE, bytes(entry.private.part), bytes(entry.private.salt)),
    }
    for name, part in parts.items():
        assert opens(shown[f"{name}_c"], part)
    assert (shown["verb"], shown.get("number")) == (entry.verb, entry.number)


def verify_case(case_id: str) -> None:
    """State, outcome, officer and number of a case are what its entries tell."""
    case = Case.objects.select_related("entry").get(pk=case_id)
    told = Entry.objects.filter(subjects__contains=[f"case:{case_id}"]).order_by("recorded_at", "pk")
    state, outcome, officer = "", "", ""
    for entry in told:
        state = STATE_AFTER.get(entry.verb, state)
        outcome = entry.facts.get("outcome", outcome)
        officer = entry.actor if entry.verb == "case.admitted" else officer
    assert (case.state, case.outcome, case.officer) == (state, outcome, officer)
    assert case.entry == told.get(verb="case.submitted")
