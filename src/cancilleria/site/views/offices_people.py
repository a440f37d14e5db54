"""Who stands in for whom at an office: covers, and who confirms its acts from afar. Pages of its head."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from cancilleria.kernel.cases.forms import form_for
from cancilleria.kernel.cases.procedures import CHOICE, DATE, MANY, TEXT, Field, Page
from cancilleria.kernel.organs import actions
from cancilleria.kernel.organs.authority import Actor, NotAuthorised
from cancilleria.kernel.organs.limits import house_rules
from cancilleria.kernel.organs.models import Cover, Organ, Post, SecondOfficer
from cancilleria.kernel.organs.models.posts import ACTING, LEAVE
from cancilleria.kernel.organs.queries import local_today, name_of
from cancilleria.services.accounts.audience import audience, officers
from cancilleria.site.offices import HOW, people_of, posting_of, span, title_of
from cancilleria.site.powers import label_of

KINDS = ((ACTING, _("Encargo: nadie ocupa el puesto")), (LEAVE, _("Suplencia: quien lo ocupa está ausente")))
FROM = Field("from_date", _("Desde"), DATE)
TO = Field("to_date", _("Hasta"), DATE, required=False, hint=_("Vacío: sin fecha final."))
PROBLEMS: Mapping[type[Exception], Any] = {
    actions.WrongDays: _("El último día es anterior al primero. Revise las fechas."),
    actions.NotServing: _("Esa persona no tiene puesto en esa fecha. Elija otra o cambie la fecha."),
    actions.NotOfThePost: _("Lo que se excluye no es facultad del puesto. Vuelva a abrir la página."),
    NotAuthorised: _("Su puesto no le permite hacer esto."),
    IntegrityError: _("Ya hay un nombramiento para esos días. Póngale fin antes o elija otros días."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@audience(officers("desk.office"))
def people(request: HttpRequest) -> HttpResponse:
    """Covers and remote seconds of one's own office; `?puesto=` opens the form to cover a post."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    organ = Organ.objects.get(pk=actor.organ)
    post = _post(request.GET.get("puesto", ""), organ)
    cover = _cover_form(post, organ, request.POST if request.POST.get("do") == "cover" else None) if post else None
    second = _second_form(organ, request.POST if request.POST.get("do") == "second" else None)
    if request.method == "POST":
        table: Mapping[str, Callable[[], bool]] = {
            "cover": lambda: post is not None and cover is not None and _name(actor, post, cover),
            "second": lambda: _second(actor, organ, second),
            "end_cover": lambda: _end_cover(request, actor, organ),
            "end_second": lambda: _end_second(request, actor, organ),
        }
        act = table.get(request.POST.get("do", ""))
        if act is None:
            raise Http404
        if act():
            messages.success(request, translate("Quedó asentado en el registro."))
            return redirect("office_people")
    failed = next((form for form in (cover, second) if form is not None and form.errors), None)
    context = _context(organ) | {"post": post and title_of(post), "cover": cover, "second": second, "failed": failed}
    return render(request, "site/desk/office_people.html", context, status=422 if failed else 200)


def _context(organ: Organ) -> dict[str, object]:
    today = local_today(organ)
    later = Q(to_date=None) | Q(to_date__gte=today)
    covers = Cover.objects.filter(later, post__organ=organ).select_related("officer", "post").order_by("from_date")
    seconds = SecondOfficer.objects.filter(later, organ=organ).select_related("posting__officer", "posting__post")
    return {
        "name": name_of(organ.key),
        "posts": [(post.key, title_of(post), _occupants(post)) for post in organ.posts.exclude(powers=[]).order_by("key")],
        "covers": [
            {"cover": c, "post": title_of(c.post), "how": HOW[c.kind], "span": span(c.from_date, c.to_date),
             "withheld": [label_of(power) for power in c.withheld], "ending": c.to_date == today} for c in covers
        ],
        "seconds": [
            {"second": s, "post": title_of(s.posting.post), "organ": name_of(s.posting.post.organ_id),
             "span": span(s.from_date, s.to_date), "ending": s.to_date == today} for s in seconds
        ],
        "two_persons": [label_of(power) for power in sorted(house_rules().two_persons)],
    }  # fmt: skip


def _occupants(post: Post) -> str:
    found = post.postings.filter(to_date=None).select_related("officer").order_by("officer__first_surname")
    return ", ".join(posting.officer.name for posting in found)


def _post(key: str, organ: Organ) -> Post | None:
    return get_object_or_404(Post, pk=key, organ=organ) if key else None


def _cover_form(post: Post, organ: Organ, data: object) -> forms.Form:
    powers = [(power, str(label_of(power))) for power in post.powers]
    fields = (
        Field("posting", _("¿Quién?"), CHOICE, choices=lambda: people_of(organ)),
        Field("kind", _("¿Por qué?"), CHOICE, choices=lambda: [(k, str(label)) for k, label in KINDS], radio=True),
        FROM, TO,
        Field("withheld", _("¿Qué no podrá hacer?"), MANY, required=False, choices=lambda: powers),
        Field("signature_line", _("Línea de firma"), TEXT, required=False,
              hint=_("Vacía: su nombre con la marca que usa el ministerio.")),
    )  # fmt: skip
    return form_for(Page("cover", _("Encargar"), fields), data=data, prefix="cover")


def _second_form(organ: Organ, data: object) -> forms.Form:
    fields = (
        Field("posting", _("¿Quién, de otra oficina?"), CHOICE, choices=lambda: people_of(organ, own=False)), FROM, TO,
    )  # fmt: skip
    return form_for(Page("second", _("Nombrar"), fields), data=data, prefix="second")


def _name(actor: Actor, post: Post, form: forms.Form) -> bool:
    if not form.is_valid():
        return False
    given = form.cleaned_data
    officer = posting_of(given["posting"]).officer
    line = given["signature_line"] or house_rules().signature(given["kind"], officer.signature_line)
    return _done(form, lambda: actions.name_cover(
        actor=actor, officer=officer, post=post, kind=given["kind"], from_date=given["from_date"],
        to_date=given["to_date"], withheld=given["withheld"], signature_line=line,
    ))  # fmt: skip


def _second(actor: Actor, organ: Organ, form: forms.Form) -> bool:
    if not form.is_valid():
        return False
    given = form.cleaned_data
    return _done(form, lambda: actions.name_second(
        actor=actor, organ=organ, posting=posting_of(given["posting"]), from_date=given["from_date"],
        to_date=given["to_date"],
    ))  # fmt: skip


def _done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether the act was done; else the form says why not."""
    try:
        with transaction.atomic():
            act()
    except tuple(PROBLEMS) as error:
        form.add_error(None, next(text for kind, text in PROBLEMS.items() if isinstance(error, kind)))
        return False
    return True


def _end_cover(request: HttpRequest, actor: Actor, organ: Organ) -> bool:
    """End it today; pressed twice it is over once."""
    cover = get_object_or_404(
        Cover.objects.select_related("post__organ"), pk=request.POST.get("cover"), post__organ=organ
    )
    return _ended(lambda: actions.end_cover(actor=actor, cover=cover, last_day=local_today(organ)))


def _end_second(request: HttpRequest, actor: Actor, organ: Organ) -> bool:
    key = request.POST.get("second", "")
    second = get_object_or_404(SecondOfficer, pk=int(key) if key.isdigit() else 0, organ=organ)
    return _ended(lambda: actions.end_second(actor=actor, second=second, last_day=local_today(organ)))


def _ended(act: Callable[[], object]) -> bool:
    try:
        act()
    except actions.WrongDays:
        return True
    except NotAuthorised:
        raise Http404 from None
    return True
