"""Asking for a procedure: one thing a page, review, submit, receipt. Works for any declared procedure."""

from __future__ import annotations

import uuid

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cancilleria.kernel.cases import drafts, queries
from cancilleria.kernel.cases.actions import NotAcceptable, OtherBody, submit_case
from cancilleria.kernel.cases.forms import form_for
from cancilleria.kernel.cases.models import Draft
from cancilleria.kernel.cases.norms import TEXTS
from cancilleria.kernel.cases.procedures import PORTAL, Page, Problem, Procedure, UnknownProcedure, procedures
from cancilleria.kernel.documents.rules import Refused
from cancilleria.kernel.organs.authority import CITIZEN
from cancilleria.kernel.organs.doors import ministry
from cancilleria.kernel.organs.queries import name_of
from cancilleria.services.accounts.audience import EVERYONE, audience
from cancilleria.services.accounts.limits import allowed
from cancilleria.services.fees import tariff
from cancilleria.site import holder

DRAFT_SECONDS = 30 * 24 * 3600


@require_POST
@audience(EVERYONE)
def begin(request: HttpRequest, key: str) -> HttpResponse:
    """Start a draft, or go on with the one this browser has."""
    procedure = _procedure(key)
    draft = _held(request, procedure)
    if draft is None or drafts.submitted_case(draft):
        draft = drafts.start(procedure)
    return _hold(redirect("request_page", key=key, page=procedure.pages[0].key), draft)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(EVERYONE)
def page(request: HttpRequest, key: str, page: str) -> HttpResponse:
    """One page of questions."""
    procedure = _procedure(key)
    shown, draft = procedure.page(page), _held(request, procedure)
    if shown is None:
        raise Http404
    if draft is None:
        return redirect("procedure", key=key)
    case = drafts.submitted_case(draft)
    if case is not None:
        return holder.hold(redirect("receipt", case=case.pk), request, case.pk)
    changed = drafts.resume(draft)
    attached = _attached(draft, shown)
    form = form_for(shown, data=request.POST or None, files=request.FILES or None, initial=draft.answers)
    _relax(form, attached)
    if request.method == "POST" and form.is_valid() and _accept(procedure, shown, draft, form):
        following = procedure.following(page)
        to_review = following is None or "revisar" in request.GET
        return redirect(_url(key, None if to_review or following is None else following.key))
    keys = [p.key for p in procedure.pages]
    context = {
        "procedure": procedure, "page": shown, "form": form, "number": keys.index(page) + 1, "total": len(keys) + 1,
        "back": _url(key, keys[keys.index(page) - 1]) if keys.index(page) else reverse("procedure", args=[key]),
        "attached": attached, "changed": changed, "title": queries.norm_of(draft.version).text("title"),
        "resume_code": drafts.code_of(draft.pk), "has_file": any(f.attached for f in shown.fields),
    }  # fmt: skip
    return render(request, "site/request/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(EVERYONE)
def review(request: HttpRequest, key: str) -> HttpResponse:
    """Check the answers and submit. The key of the submission is in the page, so a repeated press makes one case."""
    procedure = _procedure(key)
    draft = _held(request, procedure)
    if draft is None:
        return redirect("procedure", key=key)
    case = drafts.submitted_case(draft)
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            case = submit_case(
                actor=CITIZEN, draft=draft, key=request.POST.get("key", ""), body=request.POST.get("body", ""),
                capital=ministry().headquarters,
            ).case  # fmt: skip
        except NotAcceptable as error:
            problems = error.problems
        except OtherBody:
            return render(request, "site/request/changed.html", {"key": key}, status=422)
    if case is not None:
        return holder.hold(redirect("receipt", case=case.pk), request, case.pk)
    norm = queries.norm_of(draft.version)
    context = {
        "procedure": procedure, "rows": _rows(procedure, draft), "norm": norm, "title": norm.text("title"),
        "problems": [(p, _page_of(procedure, p.field)) for p in problems], "key": uuid.uuid4().hex,
        "body": drafts.body_digest(draft), "total": len(procedure.pages) + 1, "summary": norm.text("fee_text"),
        "price": tariff.shown(norm.fees, organ=norm.organ, on=timezone.now().date()),
        "back": _url(key, procedure.pages[-1].key),
    }  # fmt: skip
    return render(request, "site/request/review.html", context, status=422 if problems else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(EVERYONE)
def resume(request: HttpRequest) -> HttpResponse:
    """Go on with a draft on another device, by its code."""
    problem = ""
    if request.method == "POST":
        draft = (
            drafts.find(request.POST.get("code", ""))
            if allowed("resume", holder.address(request), times=20, seconds=600)
            else None
        )
        if draft is not None and draft.procedure in procedures:
            first = procedures.get(draft.procedure).pages[0].key
            return _hold(redirect("request_page", key=draft.procedure, page=first), draft)
        problem = _(
            "No hay ninguna solicitud guardada con ese código. Revise que lo escribió completo, con sus letras y números."
        )
    return render(request, "site/request/resume.html", {"problem": problem}, status=422 if problem else 200)


@require_safe
@audience(EVERYONE)
def service(request: HttpRequest, key: str) -> HttpResponse:
    """What it is, who can ask, what it costs, how long it takes, where: then one button."""
    procedure = _known(key)
    version = queries.current_version(key)
    norm = queries.norm_of(version)
    prices = tariff.where(norm.fees, timezone.now().date())
    context = {
        "procedure": procedure,
        "norm": norm,
        "version": version,
        "texts": {name: norm.text(name) for name in TEXTS},
        "online": PORTAL in procedure.channels,
        "prices": [(name_of(organ), price) for organ, price in prices],
        "price": next((price for organ, price in prices if organ == norm.organ), prices[0][1] if prices else ""),
        "money": len({price for _, price in prices}) > 1,
    }
    return render(request, "site/procedure.html", context)


def _accept(procedure: Procedure, page: Page, draft: Draft, form: forms.Form) -> bool:
    """Keep the answers of a page if the law's checks let them pass; else put each problem beside its field."""
    answers = {f.name: str(form.cleaned_data.get(f.name) or "").strip() for f in page.fields if not f.attached}
    files = {f.name: form.cleaned_data.get(f.name) for f in page.fields if f.attached}
    try:
        for name, upload in files.items():
            if upload:
                drafts.attach(draft, name, upload.read(), title=upload.name[:120])
    except Refused as refused:
        form.add_error(next(iter(files)), refused.message)
        return False
    request = drafts.request_of(draft)
    problems = procedure.problems(
        type(request)({**request.answers, **answers}, request.documents, request.on), page=page.key
    )
    for problem in problems:
        form.add_error(problem.field, str(problem.message))
        if problem.field in files:
            drafts.detach(draft, problem.field)
    if problems:
        return False
    drafts.answer(draft, answers)
    return True


def _relax(form: forms.Form, attached: str) -> None:
    # A document already attached need not be chosen again.
    for field in form.fields.values():
        if attached and isinstance(field, forms.FileField):
            field.required = False


def _attached(draft: Draft, page: Page) -> str:
    names = [f.name for f in page.fields if f.attached]
    held = draft.documents.filter(field__in=names).select_related("document").first()
    return held.document.title if held else ""


def _rows(procedure: Procedure, draft: Draft) -> list[dict[str, object]]:
    held = {d.field: d.document.title for d in draft.documents.select_related("document")}
    rows = []
    for page in procedure.pages:
        for f in page.fields:
            value = held.get(f.name, "") if f.attached else draft.answers.get(f.name, "")
            labels: dict[str, object] = dict(f.choices()) if f.choices else {}
            url = f"{_url(procedure.key, page.key)}?revisar=1"
            rows.append({"label": f.label, "value": labels.get(value, value), "url": url})
    return rows


def _page_of(procedure: Procedure, field: str) -> str:
    found = next((p for p in procedure.pages if any(f.name == field for f in p.fields)), procedure.pages[0])
    return f"{_url(procedure.key, found.key)}?revisar=1"


def _procedure(key: str) -> Procedure:
    """One that may be asked for here."""
    found = _known(key)
    if PORTAL not in found.channels:
        raise Http404
    return found


def _known(key: str) -> Procedure:
    try:
        queries.current_version(key)
        return procedures.get(key)
    except (UnknownProcedure, queries.NoSuchProcedure):
        raise Http404 from None


def _url(key: str, page: str | None) -> str:
    return reverse("request_page", args=[key, page]) if page else reverse("request_review", args=[key])


def _held(request: HttpRequest, procedure: Procedure) -> Draft | None:
    value = request.get_signed_cookie(_cookie(procedure.key), "", salt="draft", max_age=DRAFT_SECONDS)
    return Draft.objects.filter(pk=value, procedure=procedure.key).select_related("version").first() if value else None


def _hold(response: HttpResponse, draft: Draft) -> HttpResponse:
    holder.set_signed(response, _cookie(draft.procedure), str(draft.pk), salt="draft", seconds=DRAFT_SECONDS)
    return response


def _cookie(key: str) -> str:
    return f"borrador-{key}"
