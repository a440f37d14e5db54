"""What this ministry publishes as open data: the register without persons, the network, the procedures, the published figures.

The rule that protects people: nothing of what a certificate was for stands beside its number, and its day is given to the
month. How many there were for each State or kind is told by the published figures alone, where small counts are hidden
together with those from which they could be worked out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from cancilleria.domains.apostille.verbs import BOOK, LEGALISATIONS
from cancilleria.kernel.cases.queries import offered
from cancilleria.kernel.organs.doors import in_language, ministry
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.pads import printed, with_series
from cancilleria.kernel.organs.queries import civil_zone, names_of, open_organs
from cancilleria.kernel.register.models import Entry
from cancilleria.kernel.register.queries import IN_FORCE, STATUS_OF
from cancilleria.kernel.register.tiles import Folder
from cancilleria.services.interop.catalogue import catalogue
from cancilleria.services.interop.packages import Column, Dataset, Resource, Row, write
from cancilleria.site.api.catalogue import indicator_whole, published_indicators

BOOKS = with_series(BOOK, LEGALISATIONS)
PATH = "/datos/"
ENTRY = ("organ", "book", "year", "number", "recorded_at", "leaf_hash", "log_leaf__index", "pk")


def _acts() -> Iterator[Row]:
    codes, zone = dict(Organ.objects.values_list("key", "code")), ZoneInfo(civil_zone())
    changes = Entry.objects.filter(relation__in=STATUS_OF, target__book__in=BOOKS)
    after = {
        target: (STATUS_OF[str(relation)], printed(year, codes[organ], book, number) if number else None)
        for target, relation, organ, book, year, number in changes.values_list(
            "target", "relation", "organ", "book", "year", "number"
        )
    }
    # What the log has not taken yet comes with the next package.
    placed = Entry.objects.filter(book__in=BOOKS, log_leaf__isnull=False).order_by("book", "organ", "year", "number")
    for organ, book, year, number, at, leaf, index, pk in placed.values_list(*ENTRY).iterator():
        state, by = after.get(pk, (IN_FORCE, None))
        month = f"{at.astimezone(zone):%Y-%m}"
        yield printed(year, codes[organ], book, number), book, codes[organ], month, state, by, index, bytes(leaf).hex()


def _organs() -> Iterator[Row]:
    found = list(open_organs())
    names = names_of(o.key for o in found)
    for o in found:
        yield o.code, o.key, o.kind, names[o.key], o.country, o.city, o.zone, o.latitude, o.longitude, o.source


def _procedures() -> Iterator[Row]:
    for norm in sorted(offered(), key=lambda found: found.key):
        yield (
            norm.key, norm.code, norm.text("title"), norm.text("summary"), norm.legal_basis, norm.term_days, norm.silence,
            norm.text("fee_text"), norm.organ, norm.valid_from.isoformat(), norm.source,
        )  # fmt: skip


def _figures() -> Iterator[Row]:
    for row in published_indicators():
        for period in indicator_whole(row.key, "").periods:
            for c in indicator_whole(row.key, period).cells:
                yield (
                    row.key,
                    row.code,
                    row.name,
                    row.unit,
                    period,
                    c.table,
                    c.group,
                    c.name,
                    c.period,
                    c.state,
                    c.value and Decimal(c.value),
                )


REGISTER = Resource("actos", _("Actos"), (
    Column("numero", _("Número del certificado")), Column("libro", _("Libro: apostille o legalisation, con /contingency lo de un talonario")),
    Column("organo", _("Código del órgano que lo emitió")), Column("mes", _("Mes en que se asentó"), "yearmonth"),
    Column("estado", _("in_force: vigente; corrected: corregido; annulled: anulado")),
    Column("reemplazado_por", _("Número del que lo corrige"), required=False),
    Column("asiento", _("Lugar en el registro verificable"), "integer"), Column("huella", _("SHA-256 de su hoja del registro")),
), _acts, ("libro", "numero"))  # fmt: skip
NETWORK = Resource("organos", _("Órganos"), (
    Column("codigo", _("Código, como va en los números")), Column("clave", _("Clave, que nunca cambia")),
    Column("tipo", _("Clase de órgano")), Column("nombre", _("Nombre")), Column("pais", _("País (ISO 3166-1)")),
    Column("ciudad", _("Ciudad")), Column("zona", _("Zona horaria (IANA)")), Column("latitud", _("Latitud"), "number", False),
    Column("longitud", _("Longitud"), "number", False), Column("fuente", _("De dónde consta")),
), _organs, ("clave",))  # fmt: skip
OFFERED = Resource("tramites", _("Trámites"), (
    Column("clave", _("Clave")), Column("codigo", _("Código en la norma")), Column("titulo", _("Título")),
    Column("resumen", _("Resumen")), Column("base_legal", _("Base legal")),
    Column("plazo_dias", _("Plazo en días hábiles"), "integer"), Column("silencio", _("Silencio: positive o negative")),
    Column("derecho", _("Cuánto cuesta")), Column("organo", _("Clave del órgano que resuelve")),
    Column("vigente_desde", _("Vigente desde"), "date"), Column("fuente", _("De dónde consta")),
), _procedures, ("clave",))  # fmt: skip
PUBLISHED = Resource("cifras", _("Cifras"), (
    Column("indicador", _("Clave del indicador")), Column("codigo", _("Código en el plan")), Column("nombre", _("Nombre")),
    Column("unidad", _("Unidad")), Column("publicacion", _("Periodo publicado")), Column("tabla", _("Por qué se reparte")),
    Column("grupo", _("Clave del grupo; vacía en los totales"), required=False), Column("nombre_grupo", _("Nombre del grupo"), required=False),
    Column("periodo", _("Periodo de la celda")), Column("estado", _("published, hidden (oculta), not-reported (no informó) o nothing")),
    Column("valor", _("Valor"), "number", False),
), _figures, ("indicador", "publicacion", "tabla", "grupo", "periodo"))  # fmt: skip

DATASETS = (
    Dataset("registro", _("Registro de apostillas y legalizaciones"),
            _("Cada certificado emitido: su número, quién lo emitió, en qué mes y si sigue vigente, con su lugar en el registro verificable."),
            _("No dice de quién es, de qué documento ni para qué país, y la fecha va solo hasta el mes. Cuántos hubo de cada clase está en las cifras publicadas, donde se ocultan las menores de 5 y las que permitirían deducirlas."),
            (_("apostilla"), _("legalización"), _("registro público")), (REGISTER,)),
    Dataset("organos", _("Red de órganos"), _("Dónde está cada oficina del ministerio y su código."), "",
            (_("consulados"), _("embajadas")), (NETWORK,)),
    Dataset("tramites", _("Catálogo de trámites"), _("Qué se puede pedir, a quién, con qué plazo y con qué base legal."), "",
            (_("trámites"), _("requisitos")), (OFFERED,)),
    Dataset("cifras", _("Cifras publicadas"), _("Las tablas de cada cifra cerrada, tal como se publicaron."),
            _("Las cifras de 1 a 4 se ocultan, y con ellas las que permitirían deducirlas."),
            (_("indicadores"), _("estadística")), (PUBLISHED,)),
)  # fmt: skip


def publish() -> None:
    """Write every package and the catalogue below CANCILLERIA_HOME, in the ministry's first language."""
    folder, address, now = settings.HOME / "datos", settings.ADDRESS + PATH, timezone.now()
    language = ministry().languages[0]
    with translation.override(language):
        for dataset in DATASETS:
            write(dataset, folder, address=address, now=now)
        publisher = {
            "name": in_language(ministry().name), "title": translation.gettext("Datos abiertos"),
            "description": translation.gettext("Lo que el ministerio publica para que cualquiera lo use."),
        }  # fmt: skip
        found = catalogue(DATASETS, folder, address=address, publisher=publisher, language=language, now=now)
    Folder(folder).publish({"catalogo.jsonld": json.dumps(found, ensure_ascii=False, indent=1).encode()})
