"""The ministry's civil months, the periods pages offer, and the head of the log they are read at."""

from __future__ import annotations

import zoneinfo
from datetime import date

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from cancilleria.kernel.indicators.periods import BadPeriod, Period, later, months_of, period
from cancilleria.kernel.organs.doors import ministry
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.queries import civil_zone
from cancilleria.kernel.register.queries import head


def this_month() -> date:
    """Its first day, where the ministry is."""
    return timezone.localdate(timezone=zoneinfo.ZoneInfo(civil_zone())).replace(day=1)


def year_of(month: date) -> Period:
    return Period(date(month.year, 1, 1), date(month.year + 1, 1, 1))


def month_of(month: date) -> Period:
    return Period(month, later(month, 1))


def ended(found: Period, now: date) -> list[date]:
    """The months of a period that are over: only of these can be said that nobody reported."""
    return [month for month in months_of(found) if month < now]


def offered(now: date) -> list[str]:
    """This year and the last, this year's quarters, the last months."""
    quarters = [f"{now.year}-T{n}" for n in range(1, (now.month - 1) // 3 + 2)]
    months = [f"{later(now, -n):%Y-%m}" for n in range(4)]
    return [str(now.year), *reversed(quarters), *months, str(now.year - 1)]


def head_in_words() -> str:
    """The head of the log that figures are read at, and when it was signed, where the ministry is."""
    top = head()
    if top is None:
        return _("el registro está vacío")
    at = timezone.localtime(top.created_at, zoneinfo.ZoneInfo(civil_zone()))
    size = number_format(top.size, use_l10n=True, force_grouping=True)
    city = Organ.objects.values_list("city", flat=True).get(pk=ministry().headquarters)
    return _("al asiento %(size)s, %(at)s %(city)s") % {"size": size, "at": f"{at:%d.%m.%Y %H:%M}", "city": city}


def asked(request: HttpRequest, now: date) -> tuple[str, Period]:
    """The period of the address, or this year. A text that is no period is not found."""
    text = request.GET.get("periodo") or str(now.year)
    try:
        return text, period(text)
    except BadPeriod:
        raise Http404 from None
