"""Public verification: number, date and code; the printed link; or the file itself, checked in the browser."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from cancilleria.domains.apostille import queries
from cancilleria.domains.apostille.models.certificates import CONSULAR, INWARD, OUTWARD
from cancilleria.kernel.organs.queries import name_of
from cancilleria.kernel.register.models import Imported
from cancilleria.kernel.register.queries import ANNULLED, CORRECTED, IN_FORCE, cosigned, head, witness_names
from cancilleria.services.accounts.audience import EVERYONE, audience
from cancilleria.services.accounts.limits import allowed

TRIES, SECONDS = 15, 600
DIRECTIONS = {
    OUTWARD: _("para surtir efectos en el extranjero"), CONSULAR: _("consular"), INWARD: _("de la firma consular"),
}  # fmt: skip
BANDS = {IN_FORCE: "ok", CORRECTED: "warn", ANNULLED: "bad"}


@require_http_methods(["GET", "HEAD", "POST"])
@audience(EVERYONE)
def verify(request: HttpRequest) -> HttpResponse:
    """The form, and its answer in place: the code never stands in an address."""
    if request.method != "POST":
        return render(request, "apostille/portal/verify.html", {"number": request.GET.get("numero", "")[:40]})
    number, code = request.POST.get("number", ""), request.POST.get("code", "")
    on = _day(request.POST.get("on", ""))
    asked = on is not None and within_tries(request, number)
    found = queries.verify(number, code, on=on) if asked else None
    return _answer(request, number, found, queries.find_imported(number, on) if asked and on and not found else ())


@require_safe
@audience(EVERYONE)
def printed_link(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Where the QR code leads. The page says which address a genuine one has."""
    return _answer(request, number, queries.verify(number, code) if within_tries(request, number) else None)


def _answer(
    request: HttpRequest, number: str, found: queries.Verified | None, imported: Sequence[Imported] = ()
) -> HttpResponse:
    newest = head()
    context = {
        "number": number[:40], "asked": True, "found": found, "imported": [(i, name_of(i.organ)) for i in imported],
        "band": BANDS[found.status.state] if found else "", "head": newest,
        "witnesses": witness_names(cosigned(newest)) if newest else [],
        "rows": zip(_labels(found), _shown(found).values(), strict=True) if found else [],
        "direction": DIRECTIONS.get(found.direction, "") if found else "",
        "on": queries.issued_on(found.certificate.entry) if found else None,
    }  # fmt: skip
    response = render(request, "apostille/portal/verify.html", context, status=200 if found or imported else 404)
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


def _shown(found: queries.Verified) -> dict[str, str]:
    """The ten fields, the date written out in the reader's language."""
    return {**found.fields, "on": date_format(queries.issued_on(found.certificate.entry), "DATE_FORMAT")}


def within_tries(request: HttpRequest, number: str) -> bool:
    """Count one more try, by number and by address; False once there were too many."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    by_address = allowed("verify", address, times=120, seconds=SECONDS)
    return allowed("verify-number", number.strip().upper(), times=TRIES, seconds=SECONDS) and by_address


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        parts = text.strip().split("/")
        if len(parts) == 3 and all(part.isdigit() for part in parts):
            return _day("-".join(part.zfill(2) for part in reversed(parts)))
        return None


def _labels(found: queries.Verified) -> tuple[str, ...]:
    """As they are printed: numbered on an apostille (model annexed to the Convention), plain on a legalisation."""
    if found.direction:
        return (
            translate("País"), translate("Ha sido suscrito por"), translate("Quien actúa en calidad de"), translate("Lleva el sello de"), translate("En"),
            translate("El día"), translate("Por"), translate("Número"), translate("Sello"), translate("Firma"),
        )  # fmt: skip
    return (
        translate("1. País"), translate("2. Ha sido suscrito por"), translate("3. Quien actúa en calidad de"), translate("4. Lleva el sello de"),
        translate("5. En"), translate("6. El día"), translate("7. Por"), translate("8. Número"), translate("9. Sello"), translate("10. Firma"),
    )  # fmt: skip
