"""What the pages of an office share: who serves where, in words, and the forms of its acts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.organs.authority import postings_on
from cancilleria.kernel.organs.matrix import AFAR, CONFIRMS, LIMITED, OWN, WITHHELD, Holder
from cancilleria.kernel.organs.models import Organ, Post, Posting
from cancilleria.kernel.organs.models.posts import ACTING, LEAVE
from cancilleria.kernel.organs.queries import current_names

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

KIND_NAMES: Mapping[str, StrOrPromise] = {
    "ministry": _("Ministerio"), "directorate": _("Dirección"), "embassy": _("Embajada"),
    "permanent-representation": _("Representación permanente"), "consulate-general": _("Consulado general"),
    "consulate": _("Consulado"), "consular-section": _("Sección consular"),
    "honorary-consulate": _("Consulado honorario"), "regional-office": _("Oficina en el interior"),
    "commercial-office": _("Oficina comercial"), "attached-body": _("Organismo adscrito"),
}  # fmt: skip
HOW: Mapping[str, StrOrPromise] = {
    OWN: _("en su puesto"), ACTING: _("encargada o encargado"), LEAVE: _("en suplencia"), AFAR: _("desde otra oficina"),
    CONFIRMS: _("confirma a distancia"),
}  # fmt: skip
WHY: Mapping[str, StrOrPromise] = {
    OWN: _("Sí, por su puesto"), ACTING: _("Sí, por encargo"), LEAVE: _("Sí, por suplencia"),
    AFAR: _("Sí, desde otra oficina"), CONFIRMS: _("Confirma lo que otra persona pide"),
    WITHHELD: _("No: excluida del encargo"), LIMITED: _("No: esta clase de oficina no puede"),
}  # fmt: skip


def organ_at(slug: str) -> Organ:
    """The organ of an address. Raises Http404."""
    found = Organ.objects.filter(pk=f"organ:{slug}").select_related("parent", "supervised_by", "successor").first()
    if found is None:
        raise Http404
    return found


def slug_of(organ: str) -> str:
    """The organ's key as an address writes it."""
    return organ.removeprefix("organ:")


def title_of(post: Post) -> str:
    """A post in the reader's language."""
    return post.title_en if (get_language() or "es").startswith("en") else post.title_es


def people_of(organ: Organ, *, own: bool = True) -> list[tuple[str, str]]:
    """Postings of today as options, by surname: those of the organ first, unless left out, then those of every other."""
    found = postings_on().order_by("officer__first_surname", "officer__given_names")
    names = current_names()
    if not own:
        found = found.exclude(post__organ=organ)
    rows = sorted(found, key=lambda posting: posting.post.organ_id != organ.pk)
    return [(p.key, _told(p, "" if p.post.organ_id == organ.pk else names[p.post.organ_id])) for p in rows]


def posting_of(key: str) -> Posting:
    """Raises Http404 when nobody serves under it."""
    found = Posting.objects.select_related("officer", "post__organ").filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def person(holder: Holder) -> dict[str, object]:
    """Who acts at an office, as its pages tell it."""
    return {
        "name": holder.name, "post": title_of(holder.post), "how": HOW[holder.how], "kind": holder.how,
        "span": span(holder.from_date, holder.to_date),
    }  # fmt: skip


def span(from_date: date, to_date: date | None) -> str:
    """From when to when, in words."""
    since = date_format(from_date, "DATE_FORMAT")
    if to_date is None:
        return translate("desde el %(since)s") % {"since": since}
    until = date_format(to_date, "DATE_FORMAT")
    return translate("del %(since)s al %(until)s") % {"since": since, "until": until}


def _told(posting: Posting, where: str) -> str:
    post = ", ".join(part for part in (title_of(posting.post), where) if part)
    return f"{posting.officer.name} ({post})"
