"""Replay: run an action, fold the register again, compare with what is stored (STYLE, habit 3)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.rules import (
    ADMITTED,
    CLOSED,
    DECIDED,
    DELIVERED,
    DESTROYED,
    NOTIFIED,
    OBSERVED,
    READY,
    SUBMITTED,
    UNCLAIMED,
)
from cancilleria.kernel.register.leaf import FACTS, HEAD, PRIVATE, PUBLIC, Part, opens
from cancilleria.kernel.register.models import Entry

T = TypeVar("T")
BEGINNINGS = ("case.submitted", "case.appealed")
OFFICER_AFTER: Mapping[str, Callable[[Entry], str]] = {
    "case.admitted": lambda entry: entry.actor,
    "case.assigned": lambda entry: str(entry.facts["to"]),
    "case.routed": lambda _: "",
}
STATE_AFTER = {
    "case.submitted": SUBMITTED, "case.appealed": SUBMITTED, "case.admitted": ADMITTED, "case.observed": OBSERVED,
    "case.decided": DECIDED, "case.notified": NOTIFIED, "case.reopened": ADMITTED, "case.ready": READY,
    "case.delivered": DELIVERED, "case.unclaimed": UNCLAIMED, "case.destroyed": DESTROYED, "case.closed": CLOSED,
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
    """State, outcome, officer, organ, revision and number of a case are what its entries tell."""
    case = Case.objects.select_related("entry").get(pk=case_id)
    told = Entry.objects.filter(subjects__contains=[f"case:{case_id}"]).order_by("recorded_at", "pk")
    begun = [e for e in told if e.verb in BEGINNINGS and e.subjects[0] == f"case:{case_id}"]
    assert [case.entry] == begun
    state, outcome, officer, organ, acts = "", "", "", begun[0].organ, 0
    for entry in told:
        if entry.verb.partition(".")[0] != "case" or entry.subjects[0] != f"case:{case_id}":
            continue
        acts += entry.verb not in BEGINNINGS
        state = entry.facts.get("state") or entry.facts.get("why") or STATE_AFTER.get(entry.verb, state)
        outcome = "" if entry.verb == "case.reopened" else entry.facts.get("outcome", outcome)
        officer = OFFICER_AFTER[entry.verb](entry) if entry.verb in OFFICER_AFTER else officer
        organ = entry.facts["to"] if entry.verb == "case.routed" else organ
    assert (case.state, case.outcome, case.officer) == (state, outcome, officer)
    assert (case.organ, case.revision) == (organ, acts)
