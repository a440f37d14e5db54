"""A cashier's browser without JavaScript: takes cash for what citizens owe while processes are killed, then counts the box.

Nobody is charged twice, no receipt that was shown is lost, and the count of what was really taken closes the box without a
difference.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field

from tests.drills.citizen import Citizen, Page
from tests.drills.ledger import Ledger
from tests.drills.officer import enter
from tests.serving import Serving

RECEIPT = re.compile(r"\d{4}-DGC-\d{6}")
AMOUNT = re.compile(r'name="orden" value="([0-9a-f-]{36})"')
GIVEN, PRICE_CENTS = "100", 3_100


@dataclass
class Cashier:
    """Signed in, with an open box; `taken` counts receipts shown."""

    browser: Citizen
    taken: int = 0
    receipts: list[str] = field(default_factory=list)

    def take(self, number: str, ledger: Ledger) -> None:
        """Charge one request in cash and note the receipt once the page shows it."""
        found = self.browser.get(f"/despacho/caja/?buscar={number}")
        order = AMOUNT.search(found.body)
        if order is None:
            raise AssertionError(f"{number} is not to be charged: {found.url} ({found.status})")
        page = self.browser.get(f"/despacho/caja/cobrar/?orden={order[1]}")
        shown = self.browser.send(page, page.form(having="means"), {"means": "cash", "given": GIVEN})
        receipt = RECEIPT.search(shown.body)
        if shown.status != 200 or "/recibo/" not in shown.url or receipt is None:
            raise AssertionError(f"no receipt for {number} at {shown.url} ({shown.status})")
        ledger.write(receipt=shown.url.rstrip("/").rpartition("/")[2], case=number)
        self.taken += 1

    def close(self) -> Page:
        """Count what was taken, in coins of ten cents, and close: possible without a reason only when all of it is there."""
        page = self.browser.get("/despacho/caja/arqueo/")
        counted = self.browser.send(page, page.form(having="n10"), {"n10": str(self.taken * PRICE_CENTS // 10)})
        return self.browser.send(counted, counted.form(having="close"), {"close": "1", "reason": ""})


def signed_in(serving: Serving) -> Cashier:
    """Sara, with her second factor and a box opened on nothing."""
    browser = enter(serving, "sara", "/despacho/caja/")
    page = browser.get("/despacho/caja/")
    browser.send(page, page.form(having="opening"), {"opening": "0"})
    return Cashier(browser)


def work(cashier: Cashier, submitted: Ledger, receipts: Ledger, over: threading.Event, most: int) -> None:
    """Charge requests as they are acknowledged, until the drill is over or `most` are charged."""
    charged: set[str] = set()
    while cashier.taken < most and not (over.is_set() and len(charged) >= len(submitted.lines())):
        for number in [line["number"] for line in submitted.lines()]:
            if number not in charged and cashier.taken < most:
                charged.add(number)
                cashier.take(number, receipts)
        over.wait(0.5)
