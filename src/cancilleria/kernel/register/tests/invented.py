"""Invented verbs for tests of the register: moves of a chess game."""

from __future__ import annotations

from typing import Any

from cancilleria.kernel.register.actions import Recorded, record
from cancilleria.kernel.register.verbs import Facts, Verb, verbs

ORGAN, ZONE = "organ:club", "America/Lima"


class Move(Facts):
    piece: str


MOVE = Move
MOVED = Verb("game.moved", "Movió {piece}", owner="tests", facts=Move, book="game")
SHOWN = Verb("game.shown", "Mostró {piece}", owner="tests", facts=Move, book="shown", open=True)
ERASED = Verb("game.erased", "Retiró los datos privados", owner="tests")
verbs.register([MOVED, SHOWN, ERASED])


def recording(verb: Verb = MOVED, **given: Any) -> Recorded:
    """Record one move by Alicia."""
    return record(verb, organ=ORGAN, zone=ZONE, actor="posting:alicia", facts=Move(piece="rook"), **given)
