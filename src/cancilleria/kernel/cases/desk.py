"""What an officer may do with a case, whatever its procedure: a table of acts, each with its questions and its writer.

A page shows the acts that are lawful from the case's state for its viewer, and only those.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.cases import actions, queries
from cancilleria.kernel.cases.doors import fees
from cancilleria.kernel.cases.forms import form_for
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.procedures import CHOICE, COUNTER, LONG_TEXT, MANY, NUMBER, TEXT, Field, Page, procedures
from cancilleria.kernel.cases.rules import (
    ADMITTED,
    AWAITING_BODY,
    AWAITING_PAYMENT,
    DENIED,
    GRANTED,
    INADMISSIBLE,
    LATE,
    NEXT,
    OPEN_STATES,
    OUTCOME_NAMES,
    PAUSED,
    READY,
    RUNNING,
    STATE_NAMES,
    SUBMITTED,
    SUSPENDED,
    TODAY,
    UNCLAIMED,
    CannotFollow,
    ChangedMeanwhile,
    urgency,
)
from cancilleria.kernel.organs.authority import Actor, NotAuthorised
from cancilleria.kernel.organs.models import Posting
from cancilleria.kernel.organs.queries import name_of, open_organs, signature_lines
from cancilleria.kernel.register.models import Withheld
from cancilleria.kernel.register.queries import Line, history

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

COUNTER_POWER = "desk.counter"
Ask = Callable[[Case], tuple[Field, ...]]
Run = Callable[[Actor, Case, Mapping[str, Any], int], object]


@dataclass(frozen=True)
class Act:
    """`states` from which it is lawful, `when` the case allows it too; `everybody` who sees the office's cases may do it,
    else only who decides them.
    """

    key: str
    label: StrOrPromise
    states: Sequence[str]
    ask: Ask
    run: Run
    when: Callable[[Case], bool] = lambda case: True
    everybody: bool = False
    weighty: bool = False


@dataclass(frozen=True)
class Offered:
    """An act as a page shows it: its form, open when there is something to mend."""

    act: Act
    form: forms.Form

    @property
    def open(self) -> bool:
        return bool(self.form.errors)


@dataclass(frozen=True)
class Result:
    """What came of pressing: nothing to mend, or why, and what others did since the page was shown."""

    done: bool
    problem: str = ""
    meanwhile: tuple[Line, ...] = ()
    form: forms.Form | None = None


def _reason(label: StrOrPromise = _("Motivo, que leerá quien presentó la solicitud")) -> Ask:
    return lambda case: (Field("reason", label, LONG_TEXT),)


def _fields_to_correct(case: Case) -> tuple[Field, ...]:
    asked = [(f.name, str(f.label)) for f in procedures.get(case.procedure).fields()]
    return (Field("fields", _("¿Qué debe corregir?"), MANY, choices=lambda: asked), *_reason()(case))


def _days_left(case: Case) -> int:
    return queries.norm_of(case.version).extension_days - queries.term_of(case).extended


def _is_appeal(case: Case) -> bool:
    return case.appeals_id is not None


def _is_request(case: Case) -> bool:
    return case.appeals_id is None


def _days(case: Case) -> tuple[Field, ...]:
    hint = translate("Quedan %(most)d días hábiles según la norma.") % {"most": _days_left(case)}
    return (Field("days", _("¿Cuántos días hábiles más?"), NUMBER, hint=hint), *_reason()(case))


def _colleagues(case: Case) -> tuple[Field, ...]:
    found = (
        Posting.objects.filter(post__organ=case.organ, to_date=None)
        .select_related("officer")
        .order_by("officer__first_surname")
    )
    options = [(posting.key, posting.officer.name) for posting in found]
    return (Field("posting", _("¿A quién?"), CHOICE, choices=lambda: options),)


def _offices(case: Case) -> tuple[Field, ...]:
    options = sorted(((o.key, name_of(o.key)) for o in open_organs() if o.key != case.organ), key=lambda row: row[1])
    return (Field("organ", _("¿A qué oficina?"), CHOICE, choices=lambda: options), *_reason()(case))


def _pause(why: str) -> Run:
    return lambda actor, case, given, seen: actions.pause_case(
        actor=actor, case=case, why=why, reason=given["reason"], seen=seen
    )


def _decide(outcome: str) -> Run:
    return lambda actor, case, given, seen: actions.decide_case(
        actor=actor, case=case, outcome=outcome, reason=given["reason"], seen=seen
    )


def _nothing(case: Case) -> tuple[Field, ...]:
    return ()


ACTS = (
    Act("take", _("Tomar el expediente"), (SUBMITTED,), _nothing,
        lambda actor, case, given, seen: actions.admit_case(actor=actor, case=case, seen=seen)),
    Act("grant_appeal", _("Declarar fundada la apelación"), (SUBMITTED, ADMITTED), _reason(), _decide(GRANTED),
        when=_is_appeal, weighty=True),
    Act("deny_appeal", _("Declarar infundada la apelación"), (SUBMITTED, ADMITTED), _reason(), _decide(DENIED),
        when=_is_appeal, weighty=True),
    Act("observe", _("Pedir una corrección"), (SUBMITTED, ADMITTED), _fields_to_correct,
        lambda actor, case, given, seen: actions.observe_case(
            actor=actor, case=case, fields=given["fields"], reason=given["reason"], seen=seen),
        when=_is_request),
    Act("await_body", _("Esperar a otra entidad"), (ADMITTED,), _reason(_("¿Qué se pidió y a quién?")), _pause(AWAITING_BODY)),
    Act("await_payment", _("Esperar el pago"), (SUBMITTED, ADMITTED), _reason(_("¿Qué debe pagarse?")), _pause(AWAITING_PAYMENT),
        when=lambda case: _is_request(case) and not fees().ordered(case.pk)),
    Act("suspend", _("Suspender el plazo"), (ADMITTED,), _reason(), _pause(SUSPENDED)),
    Act("resume", _("Reanudar el plazo"), (SUSPENDED, AWAITING_BODY, AWAITING_PAYMENT), _nothing,
        lambda actor, case, given, seen: actions.resume_case(actor=actor, case=case, seen=seen),
        # What was ordered is lifted by its payment only.
        when=lambda case: case.state != AWAITING_PAYMENT or not fees().owes(case.pk)),
    Act("extend", _("Ampliar el plazo"), RUNNING, _days,
        lambda actor, case, given, seen: actions.extend_case(
            actor=actor, case=case, days=given["days"], reason=given["reason"], seen=seen),
        when=lambda case: _days_left(case) > 0),
    Act("inadmissible", _("Declarar inadmisible"), (SUBMITTED, *PAUSED), _reason(), _decide(INADMISSIBLE), weighty=True),
    Act("hand_over", _("Entregar en ventanilla"), (READY, UNCLAIMED),
        lambda case: (Field("to", _("Nombre y documento de quien recibe"), TEXT),),
        lambda actor, case, given, seen: actions.deliver_case(actor=actor, case=case, to=given["to"])),
    Act("destroy", _("Destruir el documento no recogido"), (UNCLAIMED,), _reason(_("Acta de destrucción")),
        lambda actor, case, given, seen: actions.destroy_unclaimed(actor=actor, case=case, reason=given["reason"], seen=seen),
        weighty=True),
    Act("assign", _("Encargar a otra persona"), OPEN_STATES, _colleagues,
        lambda actor, case, given, seen: actions.assign_case(actor=actor, case=case, posting=given["posting"], seen=seen),
        everybody=True),
    Act("route", _("Pasar a otra oficina"), OPEN_STATES, _offices,
        lambda actor, case, given, seen: actions.route_case(
            actor=actor, case=case, organ=given["organ"], reason=given["reason"], seen=seen)),
    Act("note", _("Anotar"), tuple(NEXT), lambda case: (Field("text", _("Nota para la oficina"), LONG_TEXT),),
        lambda actor, case, given, seen: actions.note_case(actor=actor, case=case, text=given["text"]), everybody=True),
)  # fmt: skip


def offered(case: Case, actor: Actor, *, failed: str = "", form: forms.Form | None = None) -> list[Offered]:
    """The acts lawful now for this actor, each with its form; the `failed` one with what is to be mended."""
    return [
        Offered(act, form if form is not None and act.key == failed else _form(act, case))
        for act in ACTS
        if _lawful(act, case, actor)
    ]


def perform(key: str, actor: Actor, case: Case, data: object, seen: int) -> Result:
    """Do an act of the table as its form says; nothing is done when something is to be mended."""
    act = next((a for a in ACTS if a.key == key and _lawful(a, case, actor)), None)
    if act is None:
        return Result(False, translate("Elija una de las acciones de la página."), _since(case, seen))
    form = _form(act, case, data)
    if not form.is_valid():
        return Result(False, form=form)
    try:
        act.run(actor, case, form.cleaned_data, seen)
    except ChangedMeanwhile:
        told = translate(
            "Mientras usted lo veía, otra persona actuó en este expediente. Lea qué hizo y repita si aún procede."
        )
        return Result(False, told, _since(case, seen), form)
    except CannotFollow:
        return Result(False, translate("Otra persona atendió este expediente antes. La página muestra cómo quedó."))
    except NotAuthorised:
        return Result(False, translate("Su puesto no le permite hacer esto en este expediente."))
    except actions.TooLong as error:
        form.add_error(
            "days", translate("La norma permite ampliar hasta %(most)d días hábiles en total.") % {"most": error.most}
        )
        return Result(False, form=form)
    except actions.NotThere:
        form.add_error(None, translate("Esa persona o esa oficina ya no atiende. Elija otra."))
        return Result(False, form=form)
    return Result(True)


def context(case: Case, actor: Actor, result: Result, *, failed: str = "") -> dict[str, Any]:
    """What every page of a case shows: number, state, term, acts, notes and history."""
    standing = urgency(case.state, case.due_on, timezone.localdate(timezone=queries.zone_of(case)))
    notes = case.notes.select_related("entry").order_by("-entry__recorded_at")
    told = history(f"case:{case.pk}")
    names = signature_lines(entry.actor for entry in (*(line.entry for line in told), *(n.entry for n in notes)))
    return {
        "case": case, "number": queries.number_of(case), "title": queries.norm_of(case.version).text("title"),
        "state": OUTCOME_NAMES.get(case.outcome) or STATE_NAMES[case.state], "open": case.state in OPEN_STATES,
        "standing": {TODAY: "warn", LATE: "bad"}.get(standing, ""), "explanation": queries.term_of(case).explanation(),
        "acts": offered(case, actor, failed=failed, form=result.form), "problem": result.problem, "failed": result.form,
        "counter": case.channel == COUNTER and actor.may(COUNTER_POWER, case.organ), "meanwhile": result.meanwhile, "notes": [(note, names.get(note.entry.actor, "")) for note in notes],
        "history": [(line, names.get(line.entry.actor, "")) for line in reversed(told)], "withheld": withheld(case),
    }  # fmt: skip


def withheld(case: Case) -> Withheld | None:
    """The act that erased its private data or destroyed its files, the former first."""
    found = Withheld.objects.filter(subject=f"case:{case.pk}").select_related("entry").order_by("what")
    return found.first()


def _lawful(act: Act, case: Case, actor: Actor) -> bool:
    if case.state not in act.states or not act.when(case):
        return False
    if act.everybody:
        return actor.may(queries.TRAY_POWER, case.organ)
    procedure = procedures.get(case.procedure)
    return actor.may(procedure.appeal_power if case.appeals_id else procedure.decide_power, case.organ)


def _form(act: Act, case: Case, data: object = None) -> forms.Form:
    return form_for(Page(act.key, act.label, act.ask(case)), data=data, prefix=act.key)


def _since(case: Case, seen: int) -> tuple[Line, ...]:
    """The acts others did after the page was shown: those a case counts, not the notices they caused."""
    now = Case.objects.values_list("revision", flat=True).get(pk=case.pk)
    acts = [line for line in history(f"case:{case.pk}") if line.entry.verb.startswith("case.")]
    return tuple(acts[-(now - seen) :]) if now > seen else ()
