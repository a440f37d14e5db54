"""Blank forms: received, used by an act, spoiled with a reason, returned. None is lost from sight."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from uuid_utils.compat import uuid7

from cancilleria.domains.apostille import verbs
from cancilleria.domains.apostille.models import Form
from cancilleria.domains.apostille.models.forms import BLANK, RETURNED, SPOILED, USED
from cancilleria.kernel.organs.authority import Actor, require
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.register.actions import Recorded, record
from cancilleria.kernel.register.models import FOLLOWS, Entry

MOST = 5_000


class FormTaken(ValueError):
    """The form is not blank any more, or is another organ's."""


class FormReasonMissing(ValueError):
    """A form is spoiled or returned for a reason that is kept with it."""


@transaction.atomic
def receive_forms(*, actor: Actor, organ: str, series: str, first: int, count: int) -> list[Form]:
    """Take in printed forms, `series` and six digits each. Needs `form.received` at the organ.

    Raises ValueError for none or more than MOST, IntegrityError when a serial is held already, here or elsewhere.
    """
    require(actor, verbs.FORM_RECEIVED.code, organ)
    if not 0 < count <= MOST or first < 1:
        raise ValueError(f"{count} forms from {first}")
    made = [Form(id=uuid7(), serial=f"{series}{number:06d}", organ=organ) for number in range(first, first + count)]
    Form.objects.bulk_create(made)
    facts = verbs.Stock(count=count, first=made[0].serial, last=made[-1].serial)
    record(verbs.FORM_RECEIVED, organ=organ, zone=_zone(organ), actor=actor.key, facts=facts)
    return made


@transaction.atomic
def use_form(*, actor: Actor, form: Form, act: Entry) -> Recorded:
    """Print an act on a blank form of its organ. Whoever records the act has checked the authority. Raises FormTaken."""
    if not Form.objects.filter(pk=form.pk, organ=act.organ, state=BLANK).update(state=USED, act=act):
        raise FormTaken(form.serial)
    return record(
        verbs.FORM_USED, organ=act.organ, zone=act.zone, actor=actor.key, facts=verbs.Serial(serial=form.serial),
        relation=(FOLLOWS, act.pk), subjects=_subjects(act, form),
    )  # fmt: skip


@transaction.atomic
def spoil_form(*, actor: Actor, form: Form, reason: str, instead: Form | None = None) -> Recorded:
    """Write a form off. One that an act was printed on needs another `instead`, which bears the act from now on.

    Needs `form.spoiled` at its organ. Raises FormTaken, FormReasonMissing.
    """
    require(actor, verbs.FORM_SPOILED.code, form.organ)
    held = Form.objects.select_for_update(of=("self",)).select_related("act").get(pk=form.pk)
    if held.state not in (BLANK, USED) or (held.act is not None and instead is None):
        raise FormTaken(form.serial)
    Form.objects.filter(pk=form.pk).update(state=SPOILED, reason=_reason(reason))
    recorded = record(
        verbs.FORM_SPOILED, organ=held.organ, zone=_zone(held.organ), actor=actor.key,
        facts=verbs.Serial(serial=held.serial), private={"reason": reason.strip()}, subjects=_subjects(held.act, held),
        relation=(FOLLOWS, held.act.pk) if held.act else None,
    )  # fmt: skip
    if held.act is not None and instead is not None:
        use_form(actor=actor, form=instead, act=held.act)
    return recorded


@transaction.atomic
def return_forms(*, actor: Actor, organ: str, forms: Sequence[Form], reason: str) -> Recorded:
    """Give blank forms back to who prints them. Needs `form.returned` at the organ. Raises FormTaken, all or none."""
    require(actor, verbs.FORM_RETURNED.code, organ)
    blank = Form.objects.filter(pk__in=[form.pk for form in forms], organ=organ, state=BLANK)
    serials = sorted(form.serial for form in forms)
    if not serials or blank.update(state=RETURNED, reason=_reason(reason)) != len(serials):
        raise FormTaken(", ".join(serials[:3]))
    facts = verbs.Stock(count=len(serials), first=serials[0], last=serials[-1])
    return record(
        verbs.FORM_RETURNED, organ=organ, zone=_zone(organ), actor=actor.key, facts=facts,
        private={"serials": serials, "reason": reason.strip()},
    )  # fmt: skip


def _subjects(act: Entry | None, form: Form) -> list[str]:
    """The form, and the case of its act, whose history tells it."""
    of_act = [subject for subject in act.subjects if subject.startswith("case:")] if act else []
    return [*of_act, f"form:{form.pk}"]


def _zone(organ: str) -> str:
    return Organ.objects.values_list("zone", flat=True).get(pk=organ)


def _reason(text: str) -> str:
    if not text.strip():
        raise FormReasonMissing
    return text.strip()
