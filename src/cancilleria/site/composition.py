"""Fills the registries and opens the kernel's doors: the one place where every room is known."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from typing import Any

from django.conf import settings
from django.urls import reverse
from procrastinate.contrib.django import app as queue

from cancilleria.domains.apostille import indicators as apostille_indicators
from cancilleria.domains.apostille import procedures as apostille_procedures
from cancilleria.domains.apostille import reactions as apostille_reactions
from cancilleria.domains.apostille import tasks as apostille_tasks
from cancilleria.domains.apostille import verbs as apostille_verbs
from cancilleria.domains.planning import indicators as planning_indicators
from cancilleria.kernel.cases import data_verbs, holding, paired
from cancilleria.kernel.cases import doors as case_doors
from cancilleria.kernel.cases import tasks as case_tasks
from cancilleria.kernel.cases import verbs as case_verbs
from cancilleria.kernel.cases.procedures import procedures
from cancilleria.kernel.cases.retention import read_retentions, retentions
from cancilleria.kernel.cases.traces import traces
from cancilleria.kernel.documents import doors as document_doors
from cancilleria.kernel.documents import verbs as document_verbs
from cancilleria.kernel.indicators import verbs as indicator_verbs
from cancilleria.kernel.indicators.declaration import indicators
from cancilleria.kernel.organs import doors as organ_doors
from cancilleria.kernel.organs import verbs as organ_verbs
from cancilleria.kernel.organs.holdings import holdings
from cancilleria.kernel.organs.limits import house_rules, read_rules
from cancilleria.kernel.organs.pairs import seconders
from cancilleria.kernel.organs.profile import read_toml
from cancilleria.kernel.people import verbs as people_verbs
from cancilleria.kernel.register import doors
from cancilleria.kernel.register.tiles import Folder
from cancilleria.kernel.register.verbs import verbs
from cancilleria.services.accounts import verbs as account_verbs
from cancilleria.services.fees import holding as fee_holding
from cancilleria.services.fees import indicators as fee_indicators
from cancilleria.services.fees import verbs as fee_verbs
from cancilleria.services.fees.charges import Charges
from cancilleria.services.fees.gateway import gateway
from cancilleria.services.fees.simulator import Simulator
from cancilleria.services.interop import holding as interop_holding
from cancilleria.services.interop import verbs as interop_verbs
from cancilleria.services.notices import holding as notice_holding
from cancilleria.services.notices import verbs as notice_verbs
from cancilleria.services.notices.outbox import Outbox
from cancilleria.services.signing import verbs as signing_verbs
from cancilleria.services.signing.office import SignatureReader
from cancilleria.services.store.files import FileStore
from cancilleria.site import origin
from cancilleria.site.erasures import NAME, ErasureFile
from cancilleria.site.holdings import HOLDINGS
from cancilleria.site.patience import Patience

VERBS = (
    *organ_verbs.VERBS,
    *people_verbs.VERBS,
    *document_verbs.VERBS,
    *case_verbs.VERBS,
    *data_verbs.VERBS,
    *indicator_verbs.VERBS,
    *signing_verbs.VERBS,
    *fee_verbs.VERBS,
    *account_verbs.VERBS,
    *notice_verbs.VERBS,
    *interop_verbs.VERBS,
    *apostille_verbs.VERBS,
)
# In this order: what finds a row goes before what empties it.
TRACES = {
    "notices": notice_holding.TRACE, "fees": fee_holding.TRACE, "interop": interop_holding.TRACE, "apostille": apostille_reactions.TRACE, **holding.TRACES,
}  # fmt: skip
PROCEDURES = (*apostille_procedures.PROCEDURES,)
INDICATORS = (*apostille_indicators.INDICATORS, *planning_indicators.INDICATORS, *fee_indicators.INDICATORS)
TASKS: Mapping[str, Callable[..., None]] = {**case_tasks.TASKS, **apostille_tasks.TASKS}


log = logging.getLogger("cancilleria.tasks")


class CodeSecret:
    """The secret behind tracking and verification codes, from the key ring."""

    def code_secret(self) -> str:
        return settings.CODE_SECRET


class Queue:
    """The kernel's door `tasks`: enqueued in the act's own transaction."""

    def defer(self, name: str, **ids: str) -> None:
        queue.configure_task(name).defer(**ids)


@lru_cache(maxsize=1)
def profile() -> Mapping[str, Any]:
    """`profile.toml` of the ministry this installation serves."""
    return read_toml(settings.PROFILE_FOLDER / "profile.toml")


def ministry() -> organ_doors.Ministry:
    found = profile()
    return organ_doors.Ministry(
        found["key"],
        found["country"],
        found["headquarters"],
        found["ministry"],
        found["country_name"],
        found["authority"],
        tuple(found["languages"]),
        tuple(found["certificate_languages"]),
        found["identity_documents"],
    )


def store() -> FileStore:
    return FileStore(settings.HOME / "archivos")


def log_place() -> origin.Place:
    """The log this installation writes."""
    return origin.present(settings.HOME, profile())


def log_folder() -> Folder:
    return Folder(settings.HOME / log_place().stem)


def former_folder(closed: str) -> Folder:
    """Where a closed log of this installation is kept. Raises KeyError for another's."""
    stems = {found.origin: place.stem for found, place in origin.former(settings.HOME, profile())}
    return Folder(settings.HOME / stems[closed])


def assemble() -> None:
    """Called once, when Django is ready."""
    verbs.register(VERBS)
    procedures.register(PROCEDURES)
    indicators.register(INDICATORS)
    indicators.register(fee_indicators.in_currency(str(profile()["currency"])))
    holdings.register(HOLDINGS)
    seconders.register(apostille_reactions.PAIRED)
    seconders.register(paired.PAIRED)
    traces.register(TRACES)
    doors.log_origin.open(log_place().origin)
    doors.log_files.open(log_folder())
    doors.former_files.open(former_folder)
    doors.secrets.open(CodeSecret())
    doors.tasks.open(Queue())
    organ_doors.ministry.open(ministry())
    house_rules.open(read_rules(settings.PROFILE_FOLDER))
    retentions.open(read_retentions(settings.PROFILE_FOLDER))
    document_doors.blobs.open(store())
    document_doors.inspector.open(SignatureReader(settings.HOME / "autoridades"))
    case_doors.notices.open(Outbox())
    case_doors.fees.open(Charges())
    case_doors.erasure_list.open(ErasureFile(settings.HOME / NAME))
    gateway.open(Simulator(lambda token: reverse("simulator", args=[token])))


def register_tasks() -> None:
    """Tell the queue which function does which task. Called by the worker only: pages never run one."""
    for name, function in TASKS.items():
        queue.task(name=name, retry=Patience(), pass_context=False)(_told(function))


def _told(function: Callable[..., None]) -> Callable[..., None]:
    """A task that fails says so in the log, then is tried again; waiting for the log's proof is no failure."""

    @wraps(function)
    def run(**ids: str) -> None:
        try:
            function(**ids)
        except apostille_tasks.NotYet:
            raise
        except Exception:
            log.exception("a task failed and will be tried again")
            raise

    return run
