"""Recording with real commits, on a database of its own."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from cancilleria.kernel.register.models import Entry
from cancilleria.kernel.register.tests.invented import recording


def test_recording_outside_a_transaction_is_refused(fresh_database: str) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        recording()


def test_eight_writers_on_one_book_leave_no_gap(fresh_database: str) -> None:
    def write() -> None:
        for _ in range(10):
            with transaction.atomic():
                recording()
        connection.close()

    writers = [threading.Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(Entry.objects.values_list("number", flat=True)) == list(range(1, 81))
