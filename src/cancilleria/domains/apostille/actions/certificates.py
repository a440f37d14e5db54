"""Certificates: issued, refused, corrected, annulled. On paper, each takes a blank form."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from cancilleria.domains.apostille import queries, verbs
from cancilleria.domains.apostille.actions.forms import use_form
from cancilleria.domains.apostille.actions.signing import SIGN_TASK
from cancilleria.domains.apostille.models import Apostille, Form, Legalisation, Specimen
from cancilleria.domains.apostille.models.certificates import CONSULAR, INWARD, OUTWARD
from cancilleria.domains.apostille.rules import PAPER_PROBLEMS, Comparison, paper_problem
from cancilleria.kernel.cases.actions import NotAcceptable, decide_case
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.procedures import Problem, Request, procedures
from cancilleria.kernel.cases.rules import DENIED, GRANTED
from cancilleria.kernel.documents.models import Document
from cancilleria.kernel.documents.queries import inspection_of, latest
from cancilleria.kernel.organs.actions import use_slip
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.doors import ministry, official
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.pads import MARK, SERIES, Late
from cancilleria.kernel.organs.queries import signature_line_of
from cancilleria.kernel.register.actions import Recorded, record
from cancilleria.kernel.register.doors import tasks
from cancilleria.kernel.register.models import RECTIFIES, Entry
from cancilleria.kernel.register.verbs import Verb

# The procedures of paper, and which way their legalisations go; an apostille goes none.
ON_PAPER: Mapping[str, str] = {
    "apostille_paper": "", "legalisation_out": OUTWARD, "legalisation_consul": CONSULAR, "legalisation_inward": INWARD,
}  # fmt: skip


class ReasonMissing(ValueError):
    """Refusing and annulling demand a reason that the interested person can read."""


class NotCompared(ValueError):
    """On paper the officer says what was compared: signature, capacity, and the seal if there is one."""


class FormMissing(ValueError):
    """A certificate to be joined to a document on paper is printed on a form of the organ's stock."""


@dataclass(frozen=True)
class _Basis:
    """What a certificate stands on."""

    case: Case
    specimen: Specimen
    original: Document
    comparison: Comparison | None = None
    prior: Legalisation | None = None
    late: Late | None = None

    @property
    def direction(self) -> str:
        return ON_PAPER.get(self.case.procedure, "")

    @property
    def state(self) -> str:
        """Where the document is used, or comes from."""
        if self.prior is not None:
            return str(self.prior.entry.public["state"])
        return self.case.answers.get("destination") or self.case.answers.get("origin") or self.specimen.state


@transaction.atomic
def issue_apostille(*, actor: Actor, case: Case) -> Apostille:
    """Issue for a document signed by key: the next number of the organ's book, the ten fields, the decision, the signing queued.

    Needs `apostille.issued` at the case's organ. Raises NotAcceptable when the law's conditions no longer hold today,
    CannotFollow when the case was decided already. Convention, articles 3 to 5.
    """
    require(actor, verbs.APOSTILLE_ISSUED.code, case.organ)
    _check_again(case)
    decide_case(actor=actor, case=case, outcome=GRANTED)
    original = case.documents.get(field="document").document
    specimen = queries.authority_for(inspection_of(original).signature)
    if specimen is None:
        raise NotAcceptable([])
    return cast(Apostille, _certify(actor, verbs.APOSTILLE_ISSUED, _Basis(case, specimen, original)))


@transaction.atomic
def issue_on_paper(
    *,
    actor: Actor,
    case: Case,
    specimen: Specimen,
    comparison: Comparison,
    form: Form | None = None,
    late: Late | None = None,
) -> Apostille | Legalisation:
    """Issue for a document on paper, compared with a specimen, on a blank form: an apostille or a legalisation.

    `late` takes the place of the form for what was done on a contingency pad: it is numbered in the pad's own series, at the
    time at which it was done.

    Needs `apostille.issued` or `legalisation.issued` at the case's organ. Raises NotAcceptable, NotCompared, FormTaken,
    SlipTaken, NotThen, CannotFollow: then nothing happened and the form is blank still. Convention, articles 1 and 3 to 5.
    """
    verb = verbs.LEGALISATION_ISSUED if ON_PAPER[case.procedure] else verbs.APOSTILLE_ISSUED
    require(actor, verb.code, case.organ)
    _check_again(case)
    prior = queries.find_legalisation(case.answers.get("consular_number", ""))
    signed_on = queries.issued_on(prior.entry) if prior else date.fromisoformat(case.answers["signed_on"])
    _check_specimen(case, specimen, signed_on)
    if not comparison.whole:
        raise NotCompared
    decide_case(actor=actor, case=case, outcome=GRANTED)
    original = case.documents.get(field="document").document
    return _certify(actor, verb, _Basis(case, specimen, original, comparison, prior, late), form=form)


@transaction.atomic
def refuse_apostille(*, actor: Actor, case: Case, reason: str) -> Case:
    """Refuse a certificate with a reason. Needs the power that decides the case."""
    return decide_case(actor=actor, case=case, outcome=DENIED, reason=_reason(reason))


@transaction.atomic
def correct_apostille(
    *, actor: Actor, apostille: Apostille, reason: str, form: Form | None = None
) -> Apostille | Legalisation:
    """Issue a new certificate, with a new number, from what the register of specimens says now; the old one is corrected.

    The database refuses a second correction of the same certificate. Needs `apostille.corrected`; on paper, a new form.
    """
    return _correct(actor, verbs.APOSTILLE_CORRECTED, apostille, reason, form)


@transaction.atomic
def correct_legalisation(
    *, actor: Actor, legalisation: Legalisation, reason: str, form: Form
) -> Apostille | Legalisation:
    """The same for a legalisation. Needs `legalisation.corrected` and a new form."""
    return _correct(actor, verbs.LEGALISATION_CORRECTED, legalisation, reason, form)


def _correct(
    actor: Actor, verb: Verb, old: Apostille | Legalisation, reason: str, form: Form | None
) -> Apostille | Legalisation:
    require(actor, verb.code, old.case.organ)
    prior = old.prior if isinstance(old, Legalisation) else None
    basis = _Basis(old.case, queries.current(old.specimen), old.original, prior=prior)
    return _certify(actor, verb, basis, replaces=old, reason=_reason(reason), form=form)


def _check_again(case: Case) -> None:
    held = {d.field: d.document for d in case.documents.select_related("document")}
    problems = procedures.get(case.procedure).problems(Request(case.answers, held, timezone.now().date()))
    if problems:
        raise NotAcceptable(problems)


def _check_specimen(case: Case, specimen: Specimen, signed_on: date) -> None:
    code = paper_problem(queries.tenure_of(specimen), signed_on)
    if code:
        raise NotAcceptable([Problem("specimen", code, PAPER_PROBLEMS[code])])
    if not queries.eligible(case).filter(pk=specimen.pk).exists():
        message = _("Esa firma no es de quien puede firmar este documento. Elija una de las que muestra la página.")
        raise NotAcceptable([Problem("specimen", "not_eligible", message)])


def _certify(
    actor: Actor, verb: Verb, basis: _Basis, *, replaces: Apostille | Legalisation | None = None, reason: str = "",
    form: Form | None = None,
) -> Apostille | Legalisation:  # fmt: skip
    """Record the act, keep its row, print it on a form when it is on paper, and queue its signing."""
    if basis.case.procedure in ON_PAPER and form is None and basis.late is None:
        raise FormMissing
    recorded = _record(verb, actor, basis, (RECTIFIES, replaces.entry_id) if replaces else None, reason)
    values = {
        "id": uuid7(), "entry_id": recorded.id, "case": basis.case, "specimen": basis.specimen,
        "original": basis.original, "replaces": replaces,
    }  # fmt: skip
    found: Apostille | Legalisation = (
        Legalisation.objects.create(**values, direction=basis.direction, prior=basis.prior)
        if basis.direction
        else Apostille.objects.create(**values)
    )
    if basis.late is not None:
        use_slip(actor=actor, late=basis.late, act=Entry.objects.get(pk=recorded.id))
    elif form is not None:
        use_form(actor=actor, form=form, act=Entry.objects.get(pk=recorded.id))
    tasks().defer(SIGN_TASK, **{"legalisation" if basis.direction else "apostille": str(found.pk)})
    return found


def _record(verb: Verb, actor: Actor, basis: _Basis, relation: tuple[str, uuid.UUID] | None, reason: str) -> Recorded:
    case, organ, late = basis.case, Organ.objects.get(pk=basis.case.organ), basis.late
    now = late.performed_at if late else timezone.now()
    version = latest(basis.original)
    fields = {
        "country": official(ministry().country_name), "signed_by": basis.specimen.name,
        "capacity": basis.specimen.capacity, "seal_of": basis.specimen.entity.name, "at": organ.city,
        "on": now.astimezone(ZoneInfo(organ.zone)).date().isoformat(), "by": official(ministry().authority),
        "series": organ.code + (MARK if late else ""), "seal": "digital", "signature": signature_line_of(actor.key) or actor.name,
    }  # fmt: skip
    return record(
        verb, organ=organ.key, zone=organ.zone, actor=actor.key, performed_at=now, public=_public(basis, fields),
        facts=_facts(basis), private={"reason": reason} if reason else None, subjects=[f"case:{case.pk}"],
        relation=relation, documents=[version.blob_id] if version else [], series=SERIES if late else "",
    )  # fmt: skip


def _public(basis: _Basis, fields: Mapping[str, str]) -> verbs.Certificate:
    if not basis.direction:
        return verbs.Certificate(**fields)
    return verbs.LegalisationFields(**fields, direction=basis.direction, state=basis.state)


def _facts(basis: _Basis) -> verbs.Compared:
    """Coded: what was compared, where there was something to compare, and how many had certified before."""
    compared = basis.comparison
    told = (
        {
            "signature_compared": compared.signature, "capacity_compared": compared.capacity,
            "seal_compared": compared.seal, "certifications": max(len(queries.parts_of(basis.case)) - 1, 0),
        }
        if compared
        else {}
    )  # fmt: skip
    kind = basis.case.answers["kind"]
    if basis.direction:
        return verbs.Legalised(direction=basis.direction, state=basis.state, kind=kind, **told)
    route = "paper" if basis.case.procedure in ON_PAPER else "electronic"
    return verbs.Issued(destination=basis.case.answers["destination"], kind=kind, route=route, **told)


def _reason(text: str) -> str:
    if not text.strip():
        raise ReasonMissing
    return text.strip()
