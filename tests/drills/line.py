"""A bad line between a browser and the site: slow, far, and cut where the drill says."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

CHUNK = 512
ABORT = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Cut:
    """End the connection once so many bytes went up to the site, or are to come down from it. None: never."""

    up: int | None = None
    down: int | None = None


class Line:
    """Listens on a port of its own. Every connection takes the next cut of the plan; none is taken while it is offline."""

    def __init__(self, address: str, *, rate: float, delay: float) -> None:
        """`rate` in bytes a second each way; `delay` in seconds each way."""
        parts = urlsplit(address)
        self._site = (str(parts.hostname), int(parts.port or 80))
        self._rate, self._delay = rate, delay
        self._plan: deque[Cut] = deque()
        self._offline_until, self.cuts = 0.0, 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def plan(self, cuts: Iterable[Cut]) -> None:
        self._plan.extend(cuts)

    def offline(self, seconds: float) -> None:
        self._offline_until = time.monotonic() + seconds

    def close(self) -> None:
        self._listener.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                browser, _ = self._listener.accept()
                threading.Thread(target=self._carry, args=(browser,), daemon=True).start()

    def _carry(self, browser: socket.socket) -> None:
        if time.monotonic() < self._offline_until:
            _abort(browser)
            return
        cut = self._plan.popleft() if self._plan else Cut()
        try:
            site = socket.create_connection(self._site)
        except OSError:
            _abort(browser)
            return
        up = threading.Thread(target=self._pump, args=(browser, site, cut.up), daemon=True)
        up.start()
        self._pump(site, browser, cut.down)
        up.join()
        browser.close()
        site.close()

    def _pump(self, source: socket.socket, sink: socket.socket, limit: int | None) -> None:
        """Carry bytes at the line's pace until the source ends, or `limit` of them arrived: then both sides are cut."""
        carried, first = 0, True
        with suppress(OSError):
            while data := source.recv(CHUNK):
                time.sleep(len(data) / self._rate + (self._delay if first else 0))
                first = False
                if limit is not None and carried + len(data) > limit:
                    sink.sendall(data[: limit - carried])
                    self.cuts += 1
                    _abort(source)
                    _abort(sink)
                    return
                sink.sendall(data)
                carried += len(data)
            sink.shutdown(socket.SHUT_WR)


def _abort(end: socket.socket) -> None:
    """As a line that is gone: reset, whatever the other thread is doing with it."""
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
        end.shutdown(socket.SHUT_RDWR)
    end.close()
