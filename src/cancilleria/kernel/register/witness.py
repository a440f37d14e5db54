"""A witness (C2SP tlog-witness): keeps the last head of each log, demands that the next continues it, and cosigns.

The state is one file for each log, written to disk before the cosignature leaves.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from cancilleria.kernel.register.merkle import ProofError, consistency_proof, verify_consistency
from cancilleria.kernel.register.note import COSIGNATURE, Checkpoint, Note, NoteError, Signer, VerifierKey
from cancilleria.kernel.register.tiles import Folder, Reader, node_from

MAX_BODY = 64 * 1024
MAX_FILE = 1024 * 1024
TIMEOUT_SECONDS = 3.0


class WitnessAhead(RuntimeError):
    """A witness has cosigned more leaves than this log has."""


class ForkSeen(RuntimeError):
    """A witness has cosigned another history of this log. Whoever reads this must find out which one is true."""


@dataclass(frozen=True)
class Answer:
    """Status and body of C2SP tlog-witness: 200 cosigned, 400, 403 signature, 404 log, 409 other size, 422 proof."""

    status: int
    body: str = ""


@dataclass
class Witness:
    """`logs` are the keys it accepts, by origin; heads are kept in `folder`."""

    signer: Signer
    logs: Mapping[str, VerifierKey]
    folder: Folder
    clock: Callable[[], float] = time.time
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add_checkpoint(self, body: str) -> Answer:
        """Take `old <size>`, proof lines, an empty line and a checkpoint; answer with a cosignature line."""
        try:
            old, proof, note = _parse(body)
            head = Checkpoint.parse(note.text)
        except (NoteError, ValueError) as error:
            return Answer(400, f"{error}\n")
        key = self.logs.get(head.origin)
        if key is None:
            return Answer(404, "unknown log\n")
        if note.verified_by(key) is None:
            return Answer(403, "the log did not sign this\n")
        with self._lock:
            return self._advance(head, old, proof, note)

    def _advance(self, head: Checkpoint, old: int, proof: list[bytes], note: Note) -> Answer:
        last = self.last(head.origin)
        if old != (last.size if last else 0):
            return Answer(409, f"{last.size if last else 0}\n")
        if old > head.size:
            return Answer(400, "the old size is above the new one\n")
        if last is not None:
            try:
                verify_consistency(last.size, head.size, proof, last.root, head.root)
            except ProofError as error:
                # Same size with another root is a fork: the same answer as a proof that does not hold.
                return Answer(409 if last.size == head.size else 422, f"{error}\n")
        self.folder.publish({_name(head.origin): str(note).encode()})
        return Answer(200, str(self.signer.cosign(note.text, time=int(self.clock()))))

    def last(self, origin: str) -> Checkpoint | None:
        """The last head it cosigned for a log."""
        try:
            return Checkpoint.parse(Note.parse(self.folder.read(_name(origin)).decode()).text)
        except FileNotFoundError:
            return None


def reader_of(source: str) -> Reader:
    """Published files by name: of a folder, or below a web address."""
    if not source.startswith(("http://", "https://")):
        return Folder(Path(source)).read

    def read(name: str) -> bytes:
        with urllib.request.urlopen(f"{source.rstrip('/')}/{name}", timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            return bytes(answer.read(MAX_FILE))

    return read


def follow(witness: Witness, read: Reader) -> Answer:
    """Cosign the head of published files, which `read` returns by name, once they are shown to continue the last head seen.

    The proof is computed from the tiles: nothing is asked of whoever runs the log. 422 when the history is another; then
    both signed heads are kept beside the witness's memory, because together they convict the log.
    """
    note = Note.parse(read("checkpoint").decode())
    head = Checkpoint.parse(note.text)
    last = witness.last(head.origin)
    old = last.size if last else 0
    answer = Answer(422, f"the log shrank from {old} to {head.size}\n")
    if old <= head.size:
        proof = consistency_proof(old, head.size, node_from(read, head.size))
        lines = "".join(base64.b64encode(found).decode() + "\n" for found in proof)
        answer = witness.add_checkpoint(f"old {old}\n{lines}\n{note}")
        if answer.status == 409:  # the same size under another root
            answer = Answer(422, answer.body)
    if answer.status == 422:
        seen = witness.folder.read(_name(head.origin))
        witness.folder.publish({f"{_name(head.origin)}.bifurcado": seen + b"\n" + str(note).encode()})
    return answer


@dataclass(frozen=True)
class AskWitness:
    """The log's side: asks one witness at `address`, and checks what it answers."""

    address: str
    key: VerifierKey
    folder: Path  # where the log remembers how far this witness is

    def cosign(self, note: str, consistency: Callable[[int, int], list[bytes]]) -> str | None:
        """A cosignature line for the head, or None when the witness is silent or refuses.

        Raises WitnessAhead when it has seen a longer log than ours, ForkSeen when it has seen another one.
        """
        head = Checkpoint.parse(Note.parse(note).text)
        answer = Answer(409, f"{self.known_size(head.origin)}\n")
        for _ in range(2):  # a 409 tells the witness's size; the second try uses it
            if answer.status != 409 or not answer.body.strip().isdigit():
                break
            old = int(answer.body)
            if old > head.size:
                self._remember(Checkpoint(head.origin, old, head.root))
                raise WitnessAhead(f"El testigo {self.key.name} vio {old} asientos y el registro tiene {head.size}")
            lines = [base64.b64encode(found).decode() + "\n" for found in consistency(old, head.size)]
            answer = self._post("".join([f"old {old}\n", *lines, "\n", note]))
        if answer.status == 422 or (answer.status == 409 and not answer.body.strip().isdigit()):
            raise ForkSeen(
                f"El testigo {self.key.name} vio otra historia del registro {head.origin}: no firma la nuestra"
            )
        if answer.status != 200:
            return None
        signed = Note.parse(Note.parse(note).text + "\n" + answer.body)
        if signed.verified_by(self.key) is None:
            return None
        self._remember(head)
        return answer.body

    def known_size(self, origin: str) -> int:
        """How many leaves this witness was last known to have cosigned."""
        try:
            return int(self._memory(origin).read_text())
        except (OSError, ValueError):
            return 0

    def _remember(self, head: Checkpoint) -> None:
        Folder(self.folder).publish({self._memory(head.origin).name: str(head.size).encode()})

    def _memory(self, origin: str) -> Path:
        return self.folder / hashlib.sha256(f"{self.key}\n{origin}".encode()).hexdigest()[:24]

    def _post(self, body: str) -> Answer:
        request = urllib.request.Request(self.address + "/add-checkpoint", body.encode(), method="POST")  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - configured address
                return Answer(answer.status, answer.read(MAX_BODY).decode())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read(MAX_BODY).decode("utf-8", "replace"))
        except (OSError, http.client.HTTPException):
            return Answer(0)


def handler_for(witness: Witness) -> type[BaseHTTPRequestHandler]:
    """The HTTP face of a witness: POST /add-checkpoint, GET / for its key."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if self.path != "/add-checkpoint" or length > MAX_BODY:
                self._answer(Answer(404))
                return
            self._answer(witness.add_checkpoint(self.rfile.read(length).decode("utf-8", "replace")))

        def do_GET(self) -> None:
            self._answer(Answer(200, f"{witness.signer.verifier(COSIGNATURE)}\n"))

        def log_message(self, *_: object) -> None:
            """Silent: heads are public and arrive each second."""

        def _answer(self, answer: Answer) -> None:
            body = answer.body.encode()
            self.send_response(answer.status)
            kind = "text/x.tlog.size" if answer.status == 409 else "text/plain; charset=utf-8"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def _parse(body: str) -> tuple[int, list[bytes], Note]:
    head, separator, note = body.partition("\n\n")
    lines = head.split("\n")
    if not separator or not lines[0].startswith("old ") or len(lines) > 64:
        raise ValueError("not a request to cosign")
    return int(lines[0][4:]), [base64.b64decode(line, validate=True) for line in lines[1:]], Note.parse(note)


def _name(origin: str) -> str:
    return hashlib.sha256(origin.encode()).hexdigest()
