"""What is recorded of the network."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.register.verbs import Facts, Verb


class Loaded(Facts):
    """Digest of the profile's files and how many rows of each kind changed."""

    profile: str
    digest: str
    added: int
    changed: int
    closed: int


class Posted(Facts):
    """Which post an officer took or left."""

    post: str


class Covered(Facts):
    """Which post, how, from when to when (ISO days, empty for no end), and the powers withheld."""

    post: str
    kind: str
    start: str
    end: str
    withheld: str


class Seconding(Facts):
    """Whose posting confirms from afar, from when to when."""

    posting: str
    start: str
    end: str


class Asked(Facts):
    """The verb of an act that takes two persons."""

    verb: str


class StampFacts(Facts):
    """Which stamp, of which kind."""

    stamp: str
    kind: str


class Entrusted(Facts):
    """Which stamp, and the posting that answers for it."""

    stamp: str
    posting: str


class Minutes(Facts):
    """SHA-256 of the lines of a handover, and how many they are."""

    digest: str
    lines: int


class OrganClosed(Facts):
    """The organ that keeps the books of the one closed."""

    successor: str


class PadFacts(Facts):
    """A contingency pad and its slips, from which to which."""

    pad: str
    first: int
    last: int


class SlipFacts(Facts):
    """One slip, by the number printed on it."""

    slip: str


class ClosedLog(Facts):
    """A log this node closed: leaves published, leaves the rows keep, its published root in hex."""

    origin: str
    published: int
    rows: int
    root: str


class SeenLog(Facts):
    """The head of another node's log: leaves, and root in hex."""

    origin: str
    size: int
    root: str


HANDOVER_BOOK = "handover"
PROFILE_LOADED = Verb(
    "profile.loaded",
    _("Cargó el perfil {profile}: {added} altas, {changed} cambios, {closed} cierres"),
    owner="organs",
    facts=Loaded,
)
OFFICER_POSTED = Verb("officer.posted", _("Destinó a un funcionario al puesto {post}"), owner="organs", facts=Posted)
OFFICER_RELIEVED = Verb(
    "officer.relieved", _("Puso fin a un destino en el puesto {post}"), owner="organs", facts=Posted
)

COVER_NAMED = Verb("cover.named", _("Encargó a otra persona el puesto {post}"), owner="organs", facts=Covered)
COVER_ENDED = Verb("cover.ended", _("Puso fin a un encargo del puesto {post}"), owner="organs", facts=Covered)
SECOND_NAMED = Verb(
    "second.named", _("Nombró a quien confirma a distancia los actos de dos personas"), owner="organs", facts=Seconding
)
SECOND_ENDED = Verb("second.ended", _("Puso fin a la tarea de confirmar a distancia"), owner="organs", facts=Seconding)
ACT_PROPOSED = Verb("act.proposed", _("Pidió que otra persona confirme un acto"), owner="organs", facts=Asked)
ACT_SECONDED = Verb("act.seconded", _("Confirmó el acto que otra persona pidió"), owner="organs", facts=Asked)
ACT_DECLINED = Verb("act.declined", _("No confirmó el acto que se pidió"), owner="organs", facts=Asked)
STAMP_REGISTERED = Verb("stamp.registered", _("Registró un sello"), owner="organs", facts=StampFacts)
STAMP_ENTRUSTED = Verb("stamp.entrusted", _("Confió un sello a una persona"), owner="organs", facts=Entrusted)
STAMP_LOST = Verb("stamp.lost", _("Dio parte de la pérdida de un sello"), owner="organs", facts=StampFacts)
STAMP_RETIRED = Verb("stamp.retired", _("Retiró un sello"), owner="organs", facts=StampFacts)
HANDOVER_DRAWN = Verb(
    "handover.drawn", _("Levantó el acta de entrega número {number} de {year}"), owner="organs", facts=Minutes,
    book=HANDOVER_BOOK,
)  # fmt: skip
HANDOVER_ACCEPTED = Verb("handover.accepted", _("Recibió conforme al acta de entrega"), owner="organs", facts=Minutes)
ORGAN_CLOSED = Verb(
    "organ.closed", _("Cerró la oficina; sus libros pasan a {successor}"), owner="organs", facts=OrganClosed
)
PAD_DELIVERED = Verb(
    "pad.delivered",
    _("Entregó el talonario de contingencia {pad}, del {first} al {last}"),
    owner="organs",
    facts=PadFacts,
)
SLIP_USED = Verb(
    "slip.used", _("Asentó después lo que se hizo en la hoja {slip} del talonario de contingencia"), owner="organs",
    facts=SlipFacts,
)  # fmt: skip
SLIP_SPOILED = Verb(
    "slip.spoiled", _("Inutilizó la hoja {slip} del talonario de contingencia"), owner="organs", facts=SlipFacts
)
LOG_CLOSED = Verb(
    "log.closed", _("Cerró el registro {origin} con {published} asientos y abrió otro"), owner="organs", facts=ClosedLog
)
LOG_SEEN = Verb("log.seen", _("Anotó el punto de control de {origin}: {size} asientos"), owner="organs", facts=SeenLog)

VERBS = (
    PROFILE_LOADED, OFFICER_POSTED, OFFICER_RELIEVED, COVER_NAMED, COVER_ENDED, SECOND_NAMED, SECOND_ENDED, ACT_PROPOSED,
    ACT_SECONDED, ACT_DECLINED, STAMP_REGISTERED, STAMP_ENTRUSTED, STAMP_LOST, STAMP_RETIRED, HANDOVER_DRAWN,
    HANDOVER_ACCEPTED, ORGAN_CLOSED, PAD_DELIVERED, SLIP_USED, SLIP_SPOILED, LOG_CLOSED, LOG_SEEN,
)  # fmt: skip
