"""Shells: what every page shows around its content, for whoever is looking."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.organs.authority import Actor, actor_of_officer, covers_on
from cancilleria.kernel.organs.doors import in_language, ministry
from cancilleria.kernel.organs.models import Cover, Organ
from cancilleria.kernel.organs.queries import name_of
from cancilleria.site.composition import profile
from cancilleria.site.offices import HOW, title_of

PORTAL = (
    ("procedures", _("Trámites")),
    ("tracking", _("Seguir mi trámite")),
    ("verify", _("Verificar")),
    ("missions", _("Misiones")),
)
FOOTER = (
    ("accessibility", _("Accesibilidad")),
    ("privacy", _("Privacidad")),
    ("public_register", _("Registro público de actos")),
    ("figures", _("Cifras publicadas")),
    ("open_data", _("Datos abiertos")),
    ("interface", _("Interfaz para programas")),
    ("trust_list", _("Lista de confianza")),
)
# What an officer's rail offers, by what it is about: a name of the group, then address, label and the power it needs.
DESK = (
    (_("Atención"), (
        ("desk", _("Bandeja"), "desk.cases"),
        ("counter_index", _("Ventanilla"), "desk.counter"),
        ("proposals", _("Por confirmar"), "desk"),
    )),
    (_("Certificados"), (
        ("bulk", _("Firmar en bloque"), "apostille.issued"),
        ("batches", _("Lotes"), "apostille.issued"),
        ("specimens", _("Firmas"), "specimen.registered"),
        ("forms", _("Formularios"), "form.received"),
    )),
    (_("Dinero"), (
        ("cash", _("Caja"), "desk.cash"),
        ("cash_account", _("Cuenta de caja"), "desk.money"),
    )),
    (_("Plan"), (
        ("board", _("Indicadores"), "desk.indicators"),
        ("own_months", _("Meses de mi oficina"), "desk.indicators"),
        ("own_values", _("Valores a mano"), "desk.indicators"),
    )),
    (_("Oficina"), (
        ("office", _("Mi oficina"), "desk"),
        ("desk_register", _("Registro"), "desk.register"),
        ("reads", _("Lecturas"), "desk.register"),
        ("retention", _("Conservación"), "retention.applied"),
        ("tokens", _("Llaves de programas"), "token.made"),
        ("webhooks", _("Avisos a programas"), "webhook.subscribed"),
        ("mfa_index", _("Mi acceso"), ""),
        ("gallery", _("Componentes"), ""),
    )),
)  # fmt: skip


def shell(request: HttpRequest) -> dict[str, object]:
    """The context every template has as `shell`."""
    actor: Actor = getattr(request, "actor", Actor("public"))
    found: dict[str, object] = {
        "ministry": in_language(ministry().name),
        "demonstration": settings.DEMONSTRATION,
        "example_number": profile()["example_number"],
        "portal_links": [_link(request, name, label) for name, label in PORTAL],
        "footer_links": [_link(request, name, label) for name, label in FOOTER],
    }
    return {"shell": found | _desk(request, actor) if actor.organ else found}


def _desk(request: HttpRequest, actor: Actor) -> dict[str, object]:
    organ = Organ.objects.get(pk=actor.organ)
    with timezone.override(organ.zone):
        clock = timezone.localtime().strftime("%H:%M")
    groups = [
        (group, [_link(request, name, label) for name, label, power in rows if not power or holds(actor, power)])
        for group, rows in DESK
    ]
    return {
        "desk_groups": [(group, links) for group, links in groups if links],
        "organ": name_of(organ.key),
        "clock": f"{clock} {organ.city}",
        "officer": f"{actor.name} ({actor.title})",
        "capacities": _capacities(actor),
    }


def _capacities(actor: Actor) -> list[tuple[str, str, bool]]:
    """In what capacities the officer may act today, if there is a choice: key, words, whether it is this one."""
    # Most officers never act for another: the plain question spares every page the long one.
    if not Cover.objects.filter(officer=actor.officer).exists():
        return []
    covers = list(covers_on().filter(officer=actor.officer))
    own = actor_of_officer(actor.officer) if covers else None
    if own is None:
        return []
    words = {own.key: own.title} | {
        cover.key: f"{title_of(cover.post)}, {HOW[cover.kind]}" for cover in covers
    }  # fmt: skip
    return [(key, text, key == actor.key) for key, text in words.items()]


def holds(actor: Actor, power: str) -> bool:
    """At the actor's own organ, or everywhere."""
    return power in actor.powers or f"{power}*" in actor.powers


_address = cache(reverse)


def _link(request: HttpRequest, name: str, label: object) -> dict[str, object]:
    url = _address(name)
    # The tray is above every desk page, so it is current on its own only.
    here = request.path == url if name == "desk" else request.path.startswith(url)
    return {"url": url, "label": label, "current": here}
