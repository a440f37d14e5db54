"""The account of a month: on the screen, on paper, and as a table."""

from __future__ import annotations

import csv
import io
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as translate
from django.views.decorators.http import require_safe

from cancilleria.kernel.cases.queries import number_of as case_number
from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.queries import local_today, name_of, signature_lines
from cancilleria.services.accounts.audience import audience, officers
from cancilleria.services.accounts.confirmation import confirmed
from cancilleria.services.fees import queries, tariff
from cancilleria.services.fees.account import MonthAccount, month_account
from cancilleria.site.cash_papers import ACCOUNT_NAMES, MEANS_NAMES, pdf

Rows = list[tuple[str, str]]


@require_safe
@audience(officers(queries.READS))
def account(request: HttpRequest) -> HttpResponse:
    """What the office held, took, gave back, deposited and holds, in a month of its own."""
    found = _account(request)
    months = [found.first, _before(found.first)]
    boxes = queries.boxes_to_relieve(request.actor)  # type: ignore[attr-defined]
    lines = signature_lines(box.officer for box in boxes)
    context = {
        "account": found, "organ": name_of(found.organ), "months": months,
        "boxes": [(box, lines.get(box.officer, "")) for box in boxes],
    }  # fmt: skip
    context |= _tables(found)
    return render(request, "site/cash/account.html", context)


@require_safe
@audience(officers(queries.READS))
def paper(request: HttpRequest) -> HttpResponse:
    """The same account on paper, for its signature."""
    found = _account(request)
    tables, title = _tables(found), translate("Cuenta mensual de caja")
    data = {
        "title": title, "organ": name_of(found.organ), "month": date_format(found.first, "F Y"), "tables": [
            [translate("Resumen"), tables["summary"]], [translate("Recaudación por concepto y medio"), tables["lines"]],
            [translate("Dónde está el dinero"), tables["held"]], [translate("Exentos"), tables["exempt"]],
            [translate("Anulados"), tables["voids"]], [translate("Actos sin recibo"), tables["without"]],
        ],
        "empty": translate("Ninguno."), "sign": translate("Firma de quien rinde la cuenta"),
        "date": [found.last.year, found.last.month, found.last.day],
    }  # fmt: skip
    return pdf("account.typ", data, f"cuenta-{found.first:%Y-%m}.pdf")


@require_safe
@audience(officers(queries.READS))
@confirmed
def table(request: HttpRequest) -> HttpResponse:
    """The same account as CSV, in minor units of its currency."""
    found = _account(request)
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(["organo", "moneda", "mes", "partida", "medio", "cantidad", "importe_minimo"])
    head = [found.organ, found.currency, f"{found.first:%Y-%m}"]
    for name in ("opening", "collected", "voided", "refunded", "differences", "closing", "deposited"):
        lines.writerow([*head, name, "", "", getattr(found, name)])
    for key, means, n, amount in found.lines:
        lines.writerow([*head, f"line:{_cell(key)}", means, n, amount])
    for receipt in (*found.exempt, *found.voids):
        kind = "void" if receipt.voided_id else "exempt"
        lines.writerow([*head, f"{kind}:{queries.number_of(receipt)}", receipt.means, 1, receipt.total])
    for case in found.without:
        lines.writerow([*head, f"without_receipt:{case_number(case)}", "", 1, 0])
    headers = {"Content-Disposition": f'attachment; filename="cuenta-{found.first:%Y-%m}.csv"'}
    return HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _account(request: HttpRequest) -> MonthAccount:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    organ = Organ.objects.get(pk=actor.organ)
    today = local_today(organ)
    try:
        month = date.fromisoformat(f"{request.GET.get('mes') or f'{today:%Y-%m}'}-01")
        return month_account(organ.key, tariff.currency_of(organ.key, today), month)
    except (ValueError, tariff.NoPrice):
        raise Http404 from None


def _tables(found: MonthAccount) -> dict[str, Rows]:
    """Every table of the account in words: label and amount."""
    names = tariff.names_of([key for key, *_ in found.lines], found.last)

    def money(amount: int) -> str:
        return tariff.in_words(amount, found.currency)

    return {
        "summary": [(str(ACCOUNT_NAMES[name]), money(getattr(found, name))) for name in SUMMARY],
        "lines": [
            (f"{names.get(key, key)} · {MEANS_NAMES[means]} ({n})", money(amount)) for key, means, n, amount in found.lines
        ],
        "held": [(str(ACCOUNT_NAMES[kind]), money(amount)) for kind, amount in found.held if amount],
        "exempt": [(f"{queries.number_of(r)} · {_why(r)}", money(0)) for r in found.exempt],
        "voids": [(f"{queries.number_of(r)} · {r.cause}", money(r.total)) for r in found.voids],
        "without": [(case_number(case), "") for case in found.without],
    }  # fmt: skip


SUMMARY = ("opening", "collected", "voided", "refunded", "differences", "closing", "deposited")


def _why(receipt: queries.Receipt) -> str:
    return tariff.name_of(receipt.exemption) if receipt.exemption else receipt.cause


def _before(month: date) -> date:
    return date.fromordinal(month.toordinal() - 1).replace(day=1)


def _cell(text: str) -> str:
    return text.replace(",", " ")
