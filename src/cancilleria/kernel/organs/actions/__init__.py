"""The only writers of the network, of those who serve in it, and of what they answer for."""

from __future__ import annotations

from cancilleria.kernel.organs.actions.closing import NoSuccessor, StillHolds, close_organ
from cancilleria.kernel.organs.actions.covers import NotOfThePost, end_cover, name_cover
from cancilleria.kernel.organs.actions.handovers import NotDrawn, SamePerson, accept_handover, draw_handover
from cancilleria.kernel.organs.actions.logs import ForkedLog, note_closed_log, note_head
from cancilleria.kernel.organs.actions.network import load_network, load_posts, stored_network
from cancilleria.kernel.organs.actions.pads import NotThen, SlipTaken, WhyMissing, deliver_pad, spoil_slip, use_slip
from cancilleria.kernel.organs.actions.pairs import decline_act, propose_act, second_act
from cancilleria.kernel.organs.actions.postings import post_officer, relieve_officer
from cancilleria.kernel.organs.actions.seconds import end_second, name_second
from cancilleria.kernel.organs.actions.stamps import (
    Elsewhere,
    NotInUse,
    entrust_stamp,
    register_stamp,
    report_stamp_lost,
    retire_stamp,
)
from cancilleria.kernel.organs.spans import NotServing, WrongDays

__all__ = [
    "Elsewhere",
    "ForkedLog",
    "NoSuccessor",
    "NotDrawn",
    "NotInUse",
    "NotOfThePost",
    "NotServing",
    "NotThen",
    "SamePerson",
    "SlipTaken",
    "StillHolds",
    "WhyMissing",
    "WrongDays",
    "accept_handover",
    "close_organ",
    "decline_act",
    "deliver_pad",
    "draw_handover",
    "end_cover",
    "end_second",
    "entrust_stamp",
    "load_network",
    "load_posts",
    "name_cover",
    "name_second",
    "note_closed_log",
    "note_head",
    "post_officer",
    "propose_act",
    "register_stamp",
    "relieve_officer",
    "report_stamp_lost",
    "retire_stamp",
    "second_act",
    "spoil_slip",
    "stored_network",
    "use_slip",
]  # fmt: skip
