"""Long lists page by key: every row once, newest first, and the database counts and sorts nothing."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cancilleria.domains.apostille.tests.cast import Stage
from cancilleria.kernel.register.models import Entry
from cancilleria.site import older as pages
from cancilleria.site.older import older

pytestmark = pytest.mark.django_db


def test_pages_show_every_row_once_and_newest_first(scene: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE", 3)
    before, seen, first = "", [], True
    while True:
        page = older(Entry.objects.all(), before)
        assert page.first is first
        seen += [row.pk for row in page.rows]
        before, first = page.below, False
        if not before:
            break
    assert seen == list(Entry.objects.order_by("-pk").values_list("pk", flat=True))
    assert len(seen) > 6


def test_a_key_nobody_gave_is_the_beginning(scene: Stage) -> None:
    assert older(Entry.objects.all(), "no es una clave").first
    assert Client().get("/registro/?antes=%00").status_code in (200, 400)
    assert Client().get("/registro/?antes=1").status_code == 200


def test_nothing_is_counted_and_the_key_leads_to_the_page(scene: Stage) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = older(Entry.objects.all(), "")
        older(Entry.objects.all(), str(page.rows[-1].pk))
    assert len(asked) == 2
    assert not any("COUNT" in query["sql"].upper() for query in asked)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + asked[1]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Scan Backward using register_entry_pkey" in plan
    assert "Sort" not in plan
