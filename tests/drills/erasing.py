"""People of a drill and their erasure: `python -m tests.drills.erasing make|erase|places NUMBER [FILE]`.

Works in the installation named by CANCILLERIA_HOME, by the actions of its officers. `places` prints every table in which the
number still stands, as the database's superuser, row-level security or not.
"""

from __future__ import annotations

import os
import sys
import uuid
from pathlib import Path

from psycopg import sql

from cancilleria.site.commands.setup import database
from cancilleria.site.database import server
from cancilleria.site.supervisor import is_served

KIND, STATE = "passport", "ES"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
STANDS = "SELECT EXISTS (SELECT FROM {} t WHERE position(%s IN t::text) > 0 OR position(%s IN t::text) > 0)"


def make(number: str, file: str) -> None:
    """A request of a person of their own, paid and denied, with a file that nobody else sent."""
    with database("app"):
        from cancilleria.kernel.cases import drafts  # noqa: PLC0415 - Django is ready by then
        from cancilleria.kernel.cases.actions import decide_case, submit_case  # noqa: PLC0415
        from cancilleria.kernel.cases.procedures import procedures  # noqa: PLC0415
        from cancilleria.kernel.cases.rules import DENIED  # noqa: PLC0415
        from cancilleria.kernel.organs.authority import CITIZEN  # noqa: PLC0415
        from cancilleria.kernel.organs.doors import ministry  # noqa: PLC0415
        from cancilleria.site.demonstration_cases import _officer, _pay, _sample  # noqa: PLC0415

        draft = drafts.start(procedures.get("apostille"))
        given = {
            "document_kind": KIND,
            "document_number": number,
            "issuing_state": STATE,
            "email": f"{number}@x.example",
        }
        drafts.answer(draft, {**_sample()["answers"], **given})
        drafts.attach(draft, "document", Path(file).read_bytes(), title=f"{number}.pdf")
        body, capital = drafts.body_digest(draft), ministry().headquarters
        case = submit_case(actor=CITIZEN, draft=draft, key=uuid.uuid4().hex, body=body, capital=capital).case
        decide_case(actor=_officer(), case=_pay(case), outcome=DENIED, reason=f"No procede: {number}")


def erase(number: str) -> None:
    """Two officers: one proposes and another confirms."""
    with database("app"):
        from cancilleria.kernel.organs.actions import propose_act, second_act  # noqa: PLC0415 - Django is ready by then
        from cancilleria.kernel.organs.authority import actor_for  # noqa: PLC0415
        from cancilleria.kernel.organs.doors import ministry  # noqa: PLC0415
        from cancilleria.kernel.organs.models import Organ, Posting  # noqa: PLC0415
        from cancilleria.kernel.organs.scope import viewer_scope  # noqa: PLC0415
        from cancilleria.kernel.people.queries import known_person  # noqa: PLC0415

        able = Posting.objects.filter(to_date=None, post__powers__overlap=["data.erased", "data.erased*"])
        first, second = (actor_for(found) for found in able.select_related("post", "officer").order_by("pk")[:2])
        home, person = Organ.objects.get(pk=ministry().headquarters), known_person(KIND, number, STATE)
        assert person is not None
        with viewer_scope(first):
            proposal = propose_act(
                actor=first, verb="data.erased", organ=home, subject=person, arguments={"cause": "request"}
            )
        with viewer_scope(second):
            second_act(actor=second, proposal=proposal)


def places(number: str) -> list[str]:
    home = Path(os.environ["CANCILLERIA_HOME"])
    cluster = server.Cluster(home / "postgresql")
    with (
        server.running(cluster, served=is_served(home)),
        server.connect(cluster, database="cancilleria") as connection,
    ):
        words = [number, number.encode().hex()]
        tables = [row[0] for row in connection.execute(TABLES)]
        found = [(t, connection.execute(sql.SQL(STANDS).format(sql.Identifier(t)), words).fetchone()) for t in tables]
    return [table for table, row in found if row and row[0]]


if __name__ == "__main__":
    what, *given = sys.argv[1:]
    if what == "places":
        print(*places(*given))
    else:
        {"make": make, "erase": erase}[what](*given)
