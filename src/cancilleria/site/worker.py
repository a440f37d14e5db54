"""The worker: gives entries their place in the log, signs, stamps, sends notices, sweeps. One process, restartable alone."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection
from django.utils import timezone
from procrastinate.contrib.django import app as queue

from cancilleria.domains.apostille.tasks import ask_renewals
from cancilleria.kernel.cases import clock
from cancilleria.kernel.cases.actions import expire_case
from cancilleria.kernel.cases.actions.retention import note_due
from cancilleria.kernel.cases.retention import retentions
from cancilleria.kernel.indicators.declaration import indicators
from cancilleria.kernel.indicators.fold import fold
from cancilleria.kernel.organs.authority import SYSTEM
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.register.sequencer import LogBehind, Sequencer
from cancilleria.services.fees.charges import ask_about_due
from cancilleria.services.interop import idempotency, status_lists, webhooks
from cancilleria.services.notices.outbox import send_due
from cancilleria.services.store.tasks import sweep
from cancilleria.site import open_data
from cancilleria.site.backup import verification
from cancilleria.site.backup.place import Place, copy_files
from cancilleria.site.composition import log_folder, register_tasks, store
from cancilleria.site.database.connection import cluster_for
from cancilleria.site.log import former_signers, list_signer, publish_trust_list, signer, witnesses
from cancilleria.site.messages import compose

log = logging.getLogger("cancilleria.worker")
BEAT_SECONDS = 0.25
SWEEP_SECONDS = 3600.0
CLOCKS_SECONDS = 600.0
STALLED_SECONDS = 20.0
PAYMENTS_SECONDS = 5.0
LISTS_SECONDS = 600.0
OPEN_DATA_SECONDS = 3600.0
COPY_SECONDS = 5.0
DAY_SECONDS = 86400.0
CONCURRENCY = 2
# A worker says that it lives every ten seconds.
SILENT_SECONDS = 30.0


def work() -> None:
    """Run until stopped. Each loop survives a lost database and goes on when it is back."""
    register_tasks()
    loops: dict[str, Callable[[], Callable[[], float]]] = {
        "log": _sequencing, "outbox": _outbox, "sweep": _sweeping, "clocks": _clocks, "fold": _folding, "stalled": _reviving,
        "payments": _payments, "webhooks": _webhooks, "lists": _lists, "open data": _open_data,
        "renewals": _renewals,
    }  # fmt: skip
    if settings.ENVIRONMENT["CANCILLERIA_BACKUP"]:
        loops |= {"copies": _copying, "trial": _trying}
    for name, make in loops.items():
        threading.Thread(target=_forever, args=(name, make), name=name, daemon=True).start()
    while True:
        try:
            with queue.replace_connector(queue.connector.get_worker_connector()) as worker:
                worker.run_worker(concurrency=CONCURRENCY, fetch_job_polling_interval=0.5, listen_notify=True)
            return
        except (psycopg.Error, DatabaseError, OSError) as error:
            log.warning("the queue waits for the database: %s", type(error).__name__)
            time.sleep(1)


def _forever(name: str, make: Callable[[], Callable[[], float]]) -> None:
    """Call a beat again and again; it returns how many seconds to rest."""
    while True:
        try:
            beat = make()
            while True:
                time.sleep(beat())
        except LogBehind as error:
            # Signing would fork the log: this loop stops for good, the rest of the worker goes on.
            log.critical("%s", error)
            return
        except Exception:
            log.exception("%s stumbled and starts again", name)
            connection.close()
            close_old_connections()
            time.sleep(1)


def revive_stalled(silent_seconds: float = SILENT_SECONDS) -> int:
    """Queue again what no living worker is doing; returns how much. Every task may be done twice and acts once."""
    stalled = list(async_to_sync(queue.job_manager.get_stalled_jobs)(seconds_since_heartbeat=silent_seconds))
    for job in stalled:
        async_to_sync(queue.job_manager.retry_job)(job)
        log.warning("task %s was left by a worker that died: it is done again", job.task_name)
    return len(stalled)


def _sequencing() -> Callable[[], float]:
    sequencer = Sequencer(signer(), log_folder(), witnesses(), former_signers())
    sequencer.start()
    return lambda: BEAT_SECONDS if sequencer.step() == 0 else 0.01


def _outbox() -> Callable[[], float]:
    return lambda: 1.0 if send_due(compose) == 0 else 0.05


def _clocks() -> Callable[[], float]:
    """Abandonment, silence, what nobody claimed, each case in a transaction of its own; and what is past its time to be kept."""

    def beat() -> float:
        for case in clock.waiting_for_time().iterator():
            expire_case(actor=SYSTEM, case=case)
        for rule in retentions().values():
            for organ in Organ.objects.filter(closed_on=None):
                note_due(actor=SYSTEM, rule=rule, organ=organ)
        return CLOCKS_SECONDS

    return beat


def _reviving() -> Callable[[], float]:
    """Tasks that a killed worker left in the middle go back to the queue, once its heart has been silent for a while."""

    def beat() -> float:
        revive_stalled()
        return STALLED_SECONDS

    return beat


def _folding() -> Callable[[], float]:
    """The figures follow the log."""
    return lambda: BEAT_SECONDS if fold(indicators.all_rules()) == 0 else 0.01


def _payments() -> Callable[[], float]:
    """Payments on line of which nobody knows the outcome yet."""

    def beat() -> float:
        ask_about_due()
        return PAYMENTS_SECONDS

    return beat


def _webhooks() -> Callable[[], float]:
    """What the log has since is told to who subscribed."""

    def beat() -> float:
        return 1.0 if webhooks.pour() + webhooks.deliver_due() == 0 else 0.05

    return beat


def _copying() -> Callable[[], float]:
    """New files follow the archived log within seconds; a large store is walked less often."""
    place = Place(Path(str(settings.ENVIRONMENT["CANCILLERIA_BACKUP"])))

    def beat() -> float:
        began = time.monotonic()
        copy_files(settings.HOME, place.files)
        return max(COPY_SECONDS, 20 * (time.monotonic() - began))

    return beat


def _lists() -> Callable[[], float]:
    """The signed list of each day; and what keys of programs were answered is forgotten in time."""

    def beat() -> float:
        status_lists.publish(open_data.BOOKS, settings.HOME / "estado", list_signer())
        idempotency.forget_old()
        return LISTS_SECONDS

    return beat


def _open_data() -> Callable[[], float]:
    def beat() -> float:
        open_data.publish()
        return OPEN_DATA_SECONDS

    return beat


def _renewals() -> Callable[[], float]:
    """The lists of trust and of revocation are signed anew each day, and old documents get a further time stamp in time."""

    def beat() -> float:
        publish_trust_list()
        ask_renewals()
        return DAY_SECONDS

    return beat


def _trying() -> Callable[[], float]:
    """Once a week the newest backup is restored elsewhere and checked."""
    place = Place(Path(str(settings.ENVIRONMENT["CANCILLERIA_BACKUP"])))

    def beat() -> float:
        if place.bases() and verification.is_due(settings.HOME, timezone.now()):
            result = verification.verify(settings.HOME, place, cluster_for(settings.ENVIRONMENT))
            log.log(logging.INFO if result.good else logging.CRITICAL, "trial of the backup: %s", result.told)
        return SWEEP_SECONDS

    return beat


def _sweeping() -> Callable[[], float]:
    def beat() -> float:
        sweep(store())
        return SWEEP_SECONDS

    return beat
