"""The only writers of the plan's figures: what an officer closes, publishes, wants, reports, or enters by hand."""

from cancilleria.kernel.indicators.actions.closing import NothingToClose, close_period, publish_period
from cancilleria.kernel.indicators.actions.plans import load_plan, set_target
from cancilleria.kernel.indicators.actions.reporting import (
    HasActs,
    NotByHand,
    NotYet,
    enter_value,
    report_nothing,
)

__all__ = [
    "HasActs",
    "NotByHand",
    "NotYet",
    "NothingToClose",
    "close_period",
    "enter_value",
    "load_plan",
    "publish_period",
    "report_nothing",
    "set_target",
]
