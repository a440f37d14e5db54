"""Every power in words: what whoever holds it may do. A house test finds the ones without."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Verb codes and page codes, as the posts of a profile name them, without the * of those that reach every office.
LABELS: Mapping[str, StrOrPromise] = {
    "desk": _("Entrar al despacho"),
    "desk.cases": _("Ver los expedientes"),
    "desk.counter": _("Atender en ventanilla"),
    "desk.people": _("Ver a las personas"),
    "desk.indicators": _("Ver los indicadores"),
    "desk.register": _("Ver el registro de actos"),
    "desk.cash": _("Llevar una caja: cobrar, anular, contar y depositar"),
    "desk.money": _("Ver los cobros y la cuenta de caja"),
    "cash.relieved": _("Pasar a otra persona la caja de quien no está"),
    "fee.exempted": _("Eximir del pago"),
    "refund.ordered": _("Ordenar devoluciones"),
    "refund.paid": _("Pagar devoluciones"),
    "desk.office": _("Dirigir la oficina y ver sus facultades"),
    "case.appeal": _("Resolver apelaciones"),
    "apostille.issued": _("Emitir y denegar apostillas"),
    "apostille.corrected": _("Corregir apostillas"),
    "apostille.annulled": _("Anular apostillas"),
    "legalisation.issued": _("Emitir y denegar legalizaciones"),
    "legalisation.corrected": _("Corregir legalizaciones"),
    "legalisation.annulled": _("Anular legalizaciones"),
    "specimen.registered": _("Registrar y dar de baja firmas"),
    "form.received": _("Recibir formularios en blanco"),
    "form.spoiled": _("Inutilizar formularios"),
    "form.returned": _("Devolver formularios"),
    "month.reported": _("Informar que un mes no hubo actos"),
    "period.closed": _("Cerrar un periodo de los indicadores"),
    "period.published": _("Publicar cifras cerradas"),
    "target.set": _("Fijar metas"),
    "value.entered": _("Ingresar valores a mano"),
    "cover.named": _("Encargar un puesto a otra persona"),
    "second.named": _("Nombrar a quien confirma a distancia"),
    "stamp.registered": _("Registrar sellos"),
    "stamp.entrusted": _("Confiar un sello a una persona"),
    "stamp.lost": _("Dar parte de la pérdida de un sello"),
    "stamp.retired": _("Retirar un sello"),
    "handover.drawn": _("Levantar el acta de entrega"),
    "organ.closed": _("Cerrar una oficina"),
    "pad.delivered": _("Entregar talonarios de contingencia"),
    "slip.spoiled": _("Inutilizar hojas de contingencia"),
    "data.given": _("Ver y entregar lo que consta sobre una persona"),
    "data.erased": _("Suprimir datos personales"),
    "retention.applied": _("Disponer de lo que cumplió su plazo"),
    "hold.placed": _("Retener expedientes"),
    "hold.lifted": _("Levantar la retención de expedientes"),
    "token.made": _("Dar llaves a programas"),
    "webhook.subscribed": _("Suscribir programas a los actos"),
}


def label_of(power: str) -> StrOrPromise:
    """The power in words; its code when nobody wrote them."""
    return LABELS.get(power.removesuffix("*"), power)
