"""What an officer gives to programs: tokens with some of their powers, and addresses that are told of acts."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from cancilleria.kernel.cases import verbs as case_verbs
from cancilleria.kernel.cases.procedures import procedures
from cancilleria.kernel.organs.authority import Actor, NotAuthorised
from cancilleria.kernel.register.verbs import verbs
from cancilleria.services.accounts.audience import audience, officers
from cancilleria.services.interop import actions
from cancilleria.services.interop.models import DEAD, SENDING, SENT, WAITING, Delivery, Subscription, Token
from cancilleria.services.interop.outgoing import Refused
from cancilleria.services.interop.tokens import tokens_of
from cancilleria.services.interop.webhooks import secret_of
from cancilleria.site.powers import label_of

MOST = 50
DAYS = ((30, _("30 días")), (90, _("90 días")), (180, _("180 días")), (366, _("Un año")))
# Powers over pages that no program can open are not given.
READS = frozenset({"desk.cases", "specimen.registered"})
WHY = {
    "malformed": _("Esa dirección no está bien escrita."), "not-https": _("La dirección debe empezar con https://."),
    "not-listed": _("Esta instalación no llama a ese servidor. Pida a quien la administra que lo agregue a CANCILLERIA_OUTGOING_HOSTS."),
}  # fmt: skip
DELIVERY_STATES = {
    WAITING: (_("en espera"), "warn"), SENDING: (_("enviándose"), "warn"), SENT: (_("recibido"), "ok"),
    DEAD: (_("no llegó"), "bad"),
}  # fmt: skip


class TokenForm(forms.Form):
    """A name for the program, the powers it gets, and for how long."""

    label = forms.CharField(label=_("¿Para qué programa es?"), max_length=80)
    scopes = forms.MultipleChoiceField(label=_("¿Qué podrá hacer?"), widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(
        label=_("¿Por cuánto tiempo?"), coerce=int, choices=DAYS, widget=forms.RadioSelect, initial=90
    )

    def __init__(self, actor: Actor, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        useful = READS | {power for p in procedures for power in (p.decide_power, p.appeal_power)}
        given = sorted(power for power in actor.powers if power.removesuffix("*") in useful)
        self.fields["scopes"].choices = [(power, _named(power)) for power in given]  # type: ignore[attr-defined]


class SubscriptionForm(forms.Form):
    """Where to tell, and of what."""

    address = forms.CharField(label=_("Dirección que recibirá los avisos"), max_length=500)
    verbs = forms.MultipleChoiceField(label=_("¿De qué actos?"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        codes = sorted(
            {v.code for v in verbs if v.open} | {v.code for v in case_verbs.VERBS if v.code.startswith("case.")}
        )
        self.fields["verbs"].choices = [(code, _sentence(code)) for code in codes]  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("token.made"))
def tokens(request: HttpRequest) -> HttpResponse:
    """The officer's tokens. A new one is shown on this answer, and never again."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    making = request.POST.get("do") == "make"
    form = TokenForm(actor, request.POST if making else None)
    secret = ""
    if making and form.is_valid():
        _made, secret = actions.make_token(actor=actor, **form.cleaned_data)
        form = TokenForm(actor)
    elif request.method == "POST" and not making:
        return _revoke(request, actor)
    context = {"form": form, "secret": secret, "rows": [_row(token) for token in tokens_of(actor)[:MOST]]}
    response = render(request, "site/desk/tokens.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("webhook.subscribed"))
def webhooks(request: HttpRequest) -> HttpResponse:
    """The office's subscriptions: what each was told, and what did not arrive."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    adding = request.POST.get("do") == "subscribe"
    form = SubscriptionForm(request.POST if adding else None)
    secret = ""
    if adding and form.is_valid():
        try:
            secret = secret_of(actions.subscribe(actor=actor, **form.cleaned_data))
            form = SubscriptionForm()
        except Refused as error:
            form.add_error("address", str(WHY.get(error.why, WHY["malformed"])))
    elif request.method == "POST" and not adding:
        return _change(request, actor)
    found = (
        Subscription.objects.filter(organ=actor.organ).select_related("entry", "ended").order_by("-entry__recorded_at")
    )
    context = {
        "form": form,
        "secret": secret,
        "rows": [_told(s) for s in found[:MOST]],
        "hosts": settings.OUTGOING_HOSTS,
    }
    response = render(request, "site/desk/webhooks.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


def _revoke(request: HttpRequest, actor: Actor) -> HttpResponse:
    try:
        actions.revoke_token(actor=actor, token=_id(request, "token"))
    except NotAuthorised:
        raise Http404 from None
    except actions.AlreadyOver:
        messages.info(request, translate("Esa llave ya estaba anulada."))
    else:
        messages.success(request, translate("La llave quedó anulada: ya no sirve."))
    return redirect("tokens")


def _change(request: HttpRequest, actor: Actor) -> HttpResponse:
    chosen = _id(request, "subscription")
    table: Mapping[str, Callable[[], object]] = {
        "end": lambda: actions.end_subscription(actor=actor, subscription=chosen),
        "resend": lambda: actions.resend(actor=actor, subscription=chosen),
    }
    act = table.get(request.POST.get("do", ""))
    if act is None:
        raise Http404
    try:
        act()
    except NotAuthorised:
        raise Http404 from None
    except actions.AlreadyOver:
        messages.info(request, translate("Esa dirección ya estaba dada de baja."))
    else:
        messages.success(request, translate("Quedó asentado en el registro."))
    return redirect("webhooks")


def _row(token: Token) -> dict[str, object]:
    state, mark = (_("vigente"), "ok")
    if token.revoked_id:
        state, mark = (_("anulada"), "bad")
    elif token.expires_at <= timezone.now():
        state, mark = (_("vencida"), "plain")
    return {"token": token, "state": state, "mark": mark, "scopes": [_named(power) for power in token.scopes]}


def _told(found: Subscription) -> dict[str, object]:
    deliveries = Delivery.objects.filter(subscription=found)
    last = [
        {
            "delivery": d,
            "state": DELIVERY_STATES[d.status][0],
            "mark": DELIVERY_STATES[d.status][1],
            "verb": d.entry.verb,
        }
        for d in deliveries.select_related("entry").order_by("-pk")[:10]
    ]
    dead = deliveries.filter(status=DEAD).count()
    return {"subscription": found, "last": last, "dead": dead}


def _named(power: str) -> str:
    """The power in words, and whether it reaches every organ."""
    label = str(label_of(power))
    return translate("%(power)s (en todas las oficinas)") % {"power": label} if power.endswith("*") else label


def _sentence(code: str) -> str:
    """The verb's sentence without what each act fills in, and its code."""
    return re.sub(r"\{\w+\}", "…", str(verbs.get(code).sentence)) + f" ({code})"


def _id(request: HttpRequest, name: str) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get(name, ""))
    except ValueError:
        raise Http404 from None
