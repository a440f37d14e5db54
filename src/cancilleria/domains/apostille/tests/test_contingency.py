"""With no power or line an office works on its pad; each act is entered later in a series of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from cancilleria.domains.apostille import queries
from cancilleria.domains.apostille.actions import FormMissing, issue_on_paper
from cancilleria.domains.apostille.tests.cast import WHOLE, Stage, by_hand, late, stage
from cancilleria.kernel.indicators.actions import close_period
from cancilleria.kernel.indicators.declaration import indicators
from cancilleria.kernel.indicators.difference import explain
from cancilleria.kernel.indicators.periods import period
from cancilleria.kernel.organs.actions import NotThen, SlipTaken, deliver_pad, spoil_slip
from cancilleria.kernel.organs.authority import SYSTEM, NotAuthorised
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.pads import blank_slips, stocks
from cancilleria.kernel.register.models import Entry, Slip
from cancilleria.kernel.testing.cast import HEADQUARTERS
from cancilleria.kernel.testing.replay import verify_action


@pytest.fixture
def scene(db: None, tmp_path: Path) -> Iterator[Stage]:
    with stage(tmp_path) as found:
        yield found


def test_what_was_done_on_a_pad_is_entered_later_in_its_own_series(scene: Stage) -> None:
    home, specimen = Organ.objects.get(pk=HEADQUARTERS), by_hand()
    verify_action(
        lambda: deliver_pad(actor=SYSTEM, organ=home, name="C-CLB", first=1, count=4), records=["pad.delivered"]
    )
    done_at = timezone.now()
    normal, first, second = scene.paper(), scene.paper(), scene.paper()
    issue_on_paper(actor=scene.ana, case=normal, specimen=specimen, comparison=WHOLE, form=scene.form())
    slips = list(blank_slips(HEADQUARTERS))
    made = [
        verify_action(
            lambda c=case, s=slip: issue_on_paper(  # type: ignore[misc]
                actor=scene.ana, case=c, specimen=specimen, comparison=WHOLE, late=late(s, done_at)
            ),
            records=["case.admitted", "case.decided", "case.notified", "apostille.issued", "slip.used"],
        )
        for case, slip in ((first, slips[0]), (second, slips[1]))
    ]
    verify_action(lambda: spoil_slip(actor=SYSTEM, slip=slips[2], reason="Mojada"), records=["slip.spoiled"])
    # Both books are without gaps, and neither counts in the other.
    books = Entry.objects.filter(verb="apostille.issued").order_by("recorded_at").values_list("book", "number")
    assert list(books) == [("apostille", 1), ("apostille/contingency", 1), ("apostille/contingency", 2)]
    assert [act.entry.performed_at for act in made] == [done_at, done_at]
    number = queries.number_of(made[0].entry)
    assert number.split("-")[-2:] == ["C", "000001"]
    found = queries.verify(number, queries.verification_code(made[0].entry_id))
    assert found is not None
    assert found.slip == "C-CLB-000001"
    (stock,) = stocks(HEADQUARTERS)
    assert (stock.delivered, stock.used, stock.spoiled, stock.left, stock.closes) == (4, 2, 1, 1, True)


def test_a_slip_serves_once_and_only_for_the_past(scene: Stage) -> None:
    home, specimen, case = Organ.objects.get(pk=HEADQUARTERS), by_hand(), scene.paper()
    with pytest.raises(NotAuthorised):
        deliver_pad(actor=scene.ana, organ=home, name="C-CLB", first=1, count=1)
    deliver_pad(actor=SYSTEM, organ=home, name="C-CLB", first=1, count=1)
    slip = blank_slips(HEADQUARTERS)[0]
    common = {"actor": scene.ana, "specimen": specimen, "comparison": WHOLE}
    for moment in (timedelta(hours=1), timedelta(days=-400)):
        with pytest.raises(NotThen), transaction.atomic():
            issue_on_paper(**common, case=case, late=late(slip, timezone.now() + moment))  # type: ignore[arg-type]
    issue_on_paper(**common, case=case, late=late(slip, timezone.now()))  # type: ignore[arg-type]
    with pytest.raises(SlipTaken), transaction.atomic():
        issue_on_paper(**common, case=scene.paper(), late=late(slip, timezone.now()))  # type: ignore[arg-type]
    with pytest.raises(FormMissing), transaction.atomic():
        issue_on_paper(**common, case=scene.paper())  # type: ignore[arg-type]
    with pytest.raises(DatabaseError, match="used or spoiled once"), transaction.atomic():
        Slip.objects.update(state="blank", act=None)


def test_an_act_entered_late_goes_to_its_month_and_the_closed_figure_tells_the_difference(scene: Stage) -> None:
    home, specimen, issued = Organ.objects.get(pk=HEADQUARTERS), by_hand(), indicators.get("apostille.issued")
    deliver_pad(actor=SYSTEM, organ=home, name="C-CLB", first=1, count=1)
    done_at = datetime(timezone.now().year - 1, 3, 15, 12, tzinfo=UTC)
    closure = close_period(actor=SYSTEM, indicator=issued, period=period(f"{done_at.year}-03"))
    slip = blank_slips(HEADQUARTERS)[0]
    slip.pad.entry.performed_at = done_at - timedelta(days=1)  # the pad was there already
    issue_on_paper(actor=scene.ana, case=scene.paper(), specimen=specimen, comparison=WHOLE, late=late(slip, done_at))
    (side,) = explain(closure, issued).sides
    assert (side.then, side.now, len(side.late), side.adds_up) == (0, 1, 1, True)
