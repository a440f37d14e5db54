"""Foreign bytes are read in a child process: bounded memory, time and output, no network, no files to write.

Only `Refused` leaves this module.
"""

from __future__ import annotations

import base64
import ctypes
import importlib
import json
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Mapping

from django.conf import settings

from cancilleria.kernel.documents.rules import REFUSALS, Inspection, Refused, inspection_from
from cancilleria.kernel.documents.scanner import scan

CPU_SECONDS = 15
# Reading costs a second or two of a core. On a machine that is very busy a good document takes longer by the clock, and is not
# refused for that; and no more are read at once than there are cores.
CLOCK_SECONDS = 60
AT_ONCE = threading.BoundedSemaphore(os.cpu_count() or 1)
MEMORY_BYTES = 1024 * 1024 * 1024
NICE = 5  # whoever waits for a page goes before what somebody uploaded
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
COMMAND = [sys.executable, "-I", "-m", "cancilleria.kernel.documents.parsing"]


def inspect(data: bytes, *, function: str, given: Mapping[str, object]) -> Inspection:
    """What `function` reads in the bytes. Raises Refused."""
    found = in_child(data, function=function, given=given)
    if not isinstance(found, dict):
        raise Refused("unreadable")
    return inspection_from(found)


def in_child(data: bytes, *, function: str, given: Mapping[str, object]) -> object:
    """Run `function(data, given)` in a child; its answer is JSON. Raises Refused when it refuses, dies, or asks for too much."""
    scan(data, settings.ANTIVIRUS)
    head = json.dumps({"function": function, "given": given, "length": len(data)}).encode() + b"\n"
    try:
        with AT_ONCE:
            done = subprocess.run(
                COMMAND, input=head + data, capture_output=True, timeout=CLOCK_SECONDS, check=False,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}, cwd="/",
            )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise Refused("too_costly") from error
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        raise Refused("too_costly" if done.returncode < 0 else "unreadable") from error
    refused = answer.get("refused")
    if refused is not None:
        raise Refused(refused if refused in REFUSALS else "unreadable")
    found: object = answer["found"]
    return found


def _confine() -> None:
    """Give up what reading a file does not need. The network goes first: a new namespace has no interface."""
    os.nice(NICE)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(NEW_NETWORK) != 0:
        libc.unshare(NEW_USER | NEW_NETWORK)
    # Where the system forbids namespaces, Python itself still opens no socket.
    sys.addaudithook(_no_network)
    limits = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_CORE: 0,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))


def _no_network(event: str, _: tuple[object, ...]) -> None:
    if event in {"socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen", "os.system"}:
        raise PermissionError(event)


def _child() -> None:
    head = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read(head["length"])
    importlib.import_module(head["function"].partition(":")[0])
    _confine()
    os.write(1, json.dumps(answer(head["function"], data, head["given"])).encode())


def answer(function: str, data: bytes, given: Mapping[str, object]) -> dict[str, object]:
    """What the child answers: what was found, or the code of why it is refused. Raises nothing."""
    module, _, name = function.partition(":")
    try:
        return {"found": getattr(importlib.import_module(module), name)(data, given)}
    except Refused as refused:
        return {"refused": refused.code}
    except MemoryError:
        return {"refused": "too_costly"}
    except Exception:  # whatever a parser raises on hostile bytes, the answer is the same
        return {"refused": "unreadable"}


def encode(data: bytes) -> str:
    """Bytes as text, for what is given to the child or answered by it."""
    return base64.b64encode(data).decode()


def decode(answer: object) -> bytes:
    """Bytes a child answered. Raises Refused when it answered something else."""
    if not isinstance(answer, str):
        raise Refused("unreadable")
    return base64.b64decode(answer)


if __name__ == "__main__":
    _child()
