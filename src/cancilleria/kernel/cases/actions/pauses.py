"""What stops and moves a case's clock: corrections asked and made, suspension, waiting for others, extension."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from cancilleria.kernel.cases import queries, steps, verbs
from cancilleria.kernel.cases.actions.submission import NotAcceptable
from cancilleria.kernel.cases.doors import fees
from cancilleria.kernel.cases.models import Case, CaseDocument
from cancilleria.kernel.cases.procedures import Problem, Request, procedures
from cancilleria.kernel.cases.rules import (
    AWAITING_PAYMENT,
    OBSERVED,
    OPEN_STATES,
    PAUSED,
    RUNNING,
    CannotFollow,
)
from cancilleria.kernel.cases.terms import extend, last_day_to_answer, pause, recount, term_from
from cancilleria.kernel.documents.intake import take_in
from cancilleria.kernel.documents.queries import latest
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.models import Organ


@dataclass(frozen=True)
class File:
    """A file that corrects an earlier one."""

    title: str
    data: bytes


class TooLong(ValueError):
    """The norm allows no such extension: `most` working days in all."""

    def __init__(self, most: int) -> None:
        super().__init__(f"at most {most}")
        self.most = most


@transaction.atomic
def observe_case(*, actor: Actor, case: Case, fields: Sequence[str], reason: str, seen: int | None = None) -> Case:
    """Ask whoever asked to correct these fields; the clock stops until they do or their days are over.

    The days are the norm's, and those of distance. Raises ValueError for a field the procedure does not ask.
    """
    steps.authorise(actor, case)
    unknown = set(fields) - {f.name for f in procedures.get(case.procedure).fields()}
    if unknown or not fields:
        raise ValueError(f"fields to correct: {sorted(unknown) or 'none'}")
    norm, today = queries.norm_of(case.version), steps.today_of(case)
    country = case.answers.get("residence") or Organ.objects.get(pk=case.organ).country
    until = last_day_to_answer(today, norm.correction_days, steps.calendar_for(case), norm.distance_days, country)
    steps.advance(
        actor, case, verbs.CASE_OBSERVED, verbs.Days(procedure=case.procedure, days=norm.correction_days), to=OBSERVED,
        seen=seen, private={"reason": reason, "fields": list(fields)}, term=pause(term_from(case.term), OBSERVED, today),
        back=case.state, asked=list(fields), asked_reason=reason, answer_by=until,
    )  # fmt: skip
    steps.tell(case, "observed")
    return case


@transaction.atomic
def correct_case(*, actor: Actor, case: Case, answers: Mapping[str, str], files: Mapping[str, File]) -> Case:
    """Take the corrections of the fields asked for, and no others; the clock goes on.

    What was corrected is kept beside what replaces it; a corrected identity or address is that of the case from now on. Raises NotAcceptable, and CannotFollow when nothing was asked.
    """
    held = steps.locked(case)
    if held.state != OBSERVED:
        raise CannotFollow(f"{held.state}: nothing to correct")
    given = held.answers | {name: text for name, text in answers.items() if name in held.asked}
    fresh = {name: take_in(file.data, title=file.title) for name, file in files.items() if name in held.asked}
    procedure = procedures.get(held.procedure)
    fields = {f.name: f for f in procedure.fields()}
    missing = [
        Problem(name, "missing", "")
        for name in held.asked
        if fields[name].required and (name not in fresh if fields[name].attached else not answers.get(name))
    ]
    documents = {d.field: d.document for d in held.documents.select_related("document")} | fresh
    problems = missing or procedure.problems(Request(given, documents, timezone.now().date()))
    if problems:
        raise NotAcceptable(problems)
    for name, document in fresh.items():
        old = held.documents.filter(field=name)
        old.update(field=f"{name}/{held.documents.filter(field__startswith=name).count()}")
        CaseDocument.objects.create(case=held, field=name, document=document)
    versions = [latest(document) for document in fresh.values()]
    person = steps.applicant_of(actor, given, Organ.objects.get(pk=held.organ))
    private = {"answers": {name: given[name] for name in held.asked if name in answers}}
    steps.go_on(
        actor, held, case, verbs.CASE_CORRECTED, private=private | {"files": [v.blob_id for v in versions if v]},
        answers=given, asked=[], answer_by=None, contact=given.get("email", ""), applicant=person,
    )  # fmt: skip
    return case


@transaction.atomic
def pause_case(*, actor: Actor, case: Case, why: str, reason: str, seen: int | None = None) -> Case:
    """Stop the clock: `why` is the state suspended, awaiting_payment or awaiting_body. Whoever asked is told."""
    steps.authorise(actor, case)
    if why not in PAUSED or why == OBSERVED:
        raise CannotFollow(f"{why} does not pause")
    steps.advance(
        actor, case, verbs.CASE_PAUSED, verbs.Paused(procedure=case.procedure, why=why), to=why, seen=seen,
        private={"reason": reason}, term=pause(term_from(case.term), why, steps.today_of(case)), back=case.state,
        asked_reason=reason,
    )  # fmt: skip
    steps.tell(case, why)
    return case


@transaction.atomic
def resume_case(*, actor: Actor, case: Case, seen: int | None = None) -> Case:
    """The clock goes on with the days that were left. Needs the procedure's power at the case's organ."""
    steps.authorise(actor, case)
    held = steps.locked(case, seen)
    if held.state not in PAUSED or held.state == OBSERVED:
        raise CannotFollow(f"{held.state} does not resume")
    if held.state == AWAITING_PAYMENT and fees().owes(held.pk):
        raise CannotFollow("its payment lets it go on")
    steps.go_on(actor, held, case, verbs.CASE_RESUMED)
    return case


@transaction.atomic
def extend_case(*, actor: Actor, case: Case, days: int, reason: str, seen: int | None = None) -> Case:
    """Add working days to the term, as many as the norm allows in all. Raises TooLong, CannotFollow when it is not running."""
    steps.authorise(actor, case)
    term, most = term_from(case.term), queries.norm_of(case.version).extension_days
    if case.state not in RUNNING:
        raise CannotFollow(f"{case.state} is not extended")
    if days < 1 or term.extended + days > most:
        raise TooLong(most)
    steps.advance(
        actor, case, verbs.CASE_EXTENDED, verbs.Days(procedure=case.procedure, days=days), seen=seen,
        private={"reason": reason}, term=extend(term, days, steps.calendar_for(case)),
    )  # fmt: skip
    steps.tell(case, "extended")
    return case


@transaction.atomic
def recount_terms(*, actor: Actor, organs: Iterable[str]) -> int:
    """Count open terms of these organs again, after their calendar changed; returns how many moved (DECISIONS 17)."""
    require(actor, verbs.CASE_RECOUNTED.code)
    moved = 0
    for case in Case.objects.filter(organ__in=list(organs), state__in=OPEN_STATES).select_related("version"):
        kept = term_from(case.term)
        found = recount(kept, steps.calendar_for(case))
        if found != kept:
            steps.advance(actor, case, verbs.CASE_RECOUNTED, steps.of_procedure(case), term=found)
            moved += 1
    return moved
