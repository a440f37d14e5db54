"""A plan says who reports what; what is published of a closed figure hides small counts and tells who did not report."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from cancilleria.kernel.indicators.actions import close_period, load_plan, publish_period, report_nothing
from cancilleria.kernel.indicators.actions.closing import NothingToClose
from cancilleria.kernel.indicators.declaration import Indicator
from cancilleria.kernel.indicators.expectations import expected, plans
from cancilleria.kernel.indicators.models import Closure, PublicCell
from cancilleria.kernel.indicators.periods import period
from cancilleria.kernel.indicators.plan import BadPlan, plan_from
from cancilleria.kernel.indicators.published import opened, published
from cancilleria.kernel.indicators.suppression import TOTAL
from cancilleria.kernel.indicators.tests.test_figures import DENIED, OTHER, AsWorker, Office, office
from cancilleria.kernel.organs.authority import SYSTEM
from cancilleria.kernel.testing.cast import HEADQUARTERS, officer
from cancilleria.kernel.testing.replay import verify_action

__all__ = ["office"]
pytestmark = pytest.mark.django_db
WORDS = {"es": "x", "en": "x"}
DECIDED = Indicator("test.decided", "T-4", "Decisiones", "tests", numerator="count(case.decided)",
                    dimensions=("outcome",))  # fmt: skip
OCTOBER, NOVEMBER = (date(2026, 10, 1), date(2026, 11, 1)), (date(2026, 11, 1), date(2026, 12, 1))


def content(**measure: object) -> dict[str, object]:
    measured = {"indicator": "test.decided", "reports": [HEADQUARTERS, "kind:consulate-general"], **measure}
    action = {**WORDS, "code": "A1", "responsible": HEADQUARTERS, "source": "s", "measure": [measured]}
    objective = {**WORDS, "code": "O1", "source": "s", "action": [action]}
    return {**WORDS, "key": "plan:x", "code": "X", "start": "2026-01-01", "end": "2026-12-31", "objective": [objective]}


def publish(indicator: Indicator, text: str) -> Closure:
    closure = close_period(actor=SYSTEM, indicator=indicator, period=period(text))
    return publish_period(actor=SYSTEM, closure=closure)


def test_a_plan_is_loaded_once_and_names_who_reports(office: Office) -> None:
    planner = officer("Paula", HEADQUARTERS, {"plan.loaded"})
    made = content(targets={"2026": "12.5"})
    loaded = verify_action(lambda: load_plan(actor=planner, content=made), records=["plan.loaded"])
    assert loaded is not None
    assert verify_action(lambda: load_plan(actor=planner, content=made), records=[]) is None
    assert next(plans()[0].measures()).targets == {2026: Decimal("12.5")}
    assert expected("test.decided") == sorted([HEADQUARTERS, OTHER])
    assert expected("test.other") == []


@pytest.mark.parametrize(
    "measure", [{"targets": {"2026": 1.5}}, {"targets": [1]}, {"indicator": 3}, {"targets": {"2026": "much"}}]
)
def test_a_plan_that_cannot_be_read_is_refused(measure: dict[str, object]) -> None:
    with pytest.raises(BadPlan):
        plan_from(content(**measure))
    twice = content()
    twice["objective"] = [*twice["objective"], *twice["objective"]]  # type: ignore[misc]
    with pytest.raises(BadPlan, match="two actions"):
        plan_from(twice)


def test_published_tables_hide_small_counts_and_say_who_did_not_report(office: Office) -> None:
    load_plan(actor=SYSTEM, content=content())
    for _ in range(9):
        office.decide(day=40, outcome="granted")
    for _ in range(2):
        office.decide(day=40)
        office.decide(OTHER, day=5)
    for _ in range(8):
        office.decide(OTHER, day=40)
    office.turn()
    made = opened(publish(DECIDED, "2026-T4"))
    assert made.whole == [[21, 21]]
    assert made.cell("organ", HEADQUARTERS, *NOVEMBER) is None  # tells nothing of the two abroad in October
    assert made.cell("organ", OTHER, *OCTOBER) is None
    assert made.cell("organ", HEADQUARTERS, date(2026, 12, 1), date(2027, 1, 1)) in ([], None)
    assert made.groups("outcome") == ["denied", "granted"]
    assert not PublicCell.objects.filter(counts__0__0__gt=0, counts__0__0__lt=5).exists()
    assert [closure.pk for closure in published(indicator="test.decided")] == [made.closure.pk]


def test_an_organ_that_said_nothing_is_zero_and_one_that_kept_silent_is_not(office: Office) -> None:
    load_plan(actor=SYSTEM, content=content())
    for _ in range(6):
        office.decide(day=40)
    report_nothing(actor=SYSTEM, indicator=DECIDED, organ=OTHER, month=OCTOBER[0])
    office.turn()
    made = opened(publish(DECIDED, "2026-T4"))
    assert made.cell("organ", HEADQUARTERS, *NOVEMBER) == [[6, 6]]
    assert made.cell("organ", OTHER, *OCTOBER) == [[0, 0]]
    assert made.cell("organ", OTHER, *NOVEMBER) == []


def test_what_one_indicator_hides_another_does_not_tell(office: Office) -> None:
    only_denied = Indicator("test.only_denied", "T-5", "x", "tests", numerator=DENIED.numerator)
    for _ in range(3):
        office.decide(day=40)
    for _ in range(20):
        office.decide(OTHER, day=40, outcome="granted")
    office.turn()
    share, count = opened(publish(DENIED, "2026-11")), opened(publish(only_denied, "2026-11"))
    assert share.cell("organ", HEADQUARTERS, *NOVEMBER) is None
    assert share.cell("organ", TOTAL, *NOVEMBER) is None
    assert count.cell("organ", HEADQUARTERS, *NOVEMBER) is None


def test_a_corrected_period_is_published_again_beside_the_first(office: Office) -> None:
    for _ in range(7):
        office.decide(day=40)
    office.turn()
    first = publish(DECIDED, "2026-11")
    office.decide(day=40)
    office.turn()
    second = publish(DECIDED, "2026-11")
    assert opened(first).whole == [[7, 7]]
    assert opened(second).whole == [[8, 8]]
    assert [closure.pk for closure in published()] == [second.pk, first.pk]


def test_the_figure_of_one_organ_is_not_published_alone(office: Office, as_worker: AsWorker) -> None:
    closure = close_period(actor=SYSTEM, indicator=DECIDED, period=period("2026-11"), organ=HEADQUARTERS)
    with pytest.raises(NothingToClose):
        publish_period(actor=SYSTEM, closure=closure)
