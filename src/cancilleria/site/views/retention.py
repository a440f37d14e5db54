"""What is past its time to be kept: by class, asked for by one officer and confirmed by another; and what is held back."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from cancilleria.kernel.cases import queries
from cancilleria.kernel.cases.actions.retention import HoldReasonMissing, hold_case, lift_hold
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.retention import MOST, Retention, due, held_back, retentions
from cancilleria.kernel.organs.actions import propose_act
from cancilleria.kernel.organs.authority import Actor, NotAuthorised
from cancilleria.kernel.organs.doors import in_language
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.pairs import AlreadyAsked, Overtaken, open_for
from cancilleria.services.accounts.audience import audience, officers

APPLIED = "retention.applied"
DISPOSALS = {"erased": _("se suprimen los datos personales y los archivos"), "files": _("se destruyen los archivos")}


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers(APPLIED))
def retention(request: HttpRequest) -> HttpResponse:
    """The classes of the profile with what each has due at this office."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    organ, problem = Organ.objects.get(pk=actor.organ), ""
    if request.method == "POST":
        problem = _act(request, actor, organ)
        if not problem:
            messages.success(request, translate("Quedó asentado en el registro."))
            return redirect("retention")
    context = {
        "rows": [_row(rule, organ) for rule in retentions().values()], "problem": problem, "most": MOST,
        "number": request.POST.get("number", ""), "reason": request.POST.get("reason", ""),
    }  # fmt: skip
    return render(request, "site/data/retention.html", context, status=422 if problem else 200)


def _row(rule: Retention, organ: Organ) -> dict[str, object]:
    return {
        "rule": rule, "name": in_language(rule.name), "does": DISPOSALS[rule.disposal],
        "due": due(rule, organ.key)[:MOST].count(), "held": held_back(rule, organ.key),
        "waits": open_for(APPLIED, _subject(rule, organ)) is not None,
    }  # fmt: skip


def _subject(rule: Retention, organ: Organ) -> str:
    return f"retention:{rule.key}:{organ.key}"


def _act(request: HttpRequest, actor: Actor, organ: Organ) -> str:
    """Ask for a disposal, hold or free a case; returns what kept it from being done, in words."""
    reason = request.POST.get("reason", "")[:2_000]
    table: Mapping[str, Callable[[], object]] = {
        "apply": lambda: _ask(actor, organ, request.POST.get("rule", "")),
        "hold": lambda: hold_case(actor=actor, case=_case(request, actor), reason=reason),
        "lift": lambda: lift_hold(actor=actor, case=_case(request, actor), reason=reason),
    }
    try:
        with transaction.atomic():
            table[request.POST.get("do", "")]()
    except KeyError:
        return translate("Elija una de las acciones de la página.")
    except Case.DoesNotExist:
        return translate("No hay un expediente de su oficina con ese número. Escríbalo como en la bandeja.")
    except HoldReasonMissing:
        return translate("Escriba el motivo.")
    except IntegrityError:
        return translate("Ese expediente ya está retenido.")
    except Overtaken:
        return translate("Ese expediente no está retenido.")
    except AlreadyAsked:
        return translate("Ya se pidió y espera a otra persona.")
    except NotAuthorised:
        return translate("Su puesto no le permite hacer esto.")
    return ""


def _ask(actor: Actor, organ: Organ, key: str) -> None:
    """Raises KeyError for a class the profile does not have."""
    rule = retentions()[key]
    arguments = {"rule": key, "organ": organ.key, "until": timezone.localdate().isoformat()}
    propose_act(actor=actor, verb=APPLIED, organ=organ, subject=_subject(rule, organ), arguments=arguments)


def _case(request: HttpRequest, actor: Actor) -> Case:
    parts = queries.NUMBER.fullmatch(request.POST.get("number", "").strip().upper())
    if parts is None:
        raise Case.DoesNotExist
    return queries.visible_to(actor).get(
        entry__book="case", entry__year=int(parts[1]), entry__number=int(parts[3]),
        entry__organ__in=Organ.objects.filter(code=parts[2]).values("key"),
    )  # fmt: skip
