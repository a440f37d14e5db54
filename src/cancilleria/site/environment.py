"""Every setting, once: name, kind, default and what it does. A misspelt or bad one is named at start."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cancilleria.site.outside import address_from, mail_from

PROFILES = Path(__file__).resolve().parent.parent / "profiles"


class BadSetting(RuntimeError):
    """A setting is misspelt or has a value that cannot be used; the message says which and what to do."""


@dataclass(frozen=True)
class Variable:
    name: str
    default: str
    parse: Callable[[str], object]
    expects: str
    doc: str


def _boolean(text: str) -> bool:
    return {"1": True, "si": True, "sí": True, "true": True, "0": False, "no": False, "false": False, "": False}[
        text.lower()
    ]


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 65536:
        raise ValueError(text)
    return port


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _address(text: str) -> str:
    if text and (urlsplit(text).scheme not in {"http", "https"} or not urlsplit(text).hostname):
        raise ValueError(text)
    return text.rstrip("/")


def _database(text: str) -> str:
    if text and urlsplit(text).scheme not in {"postgres", "postgresql"}:
        raise ValueError(text)
    return text


def _profile(text: str) -> str:
    if not (PROFILES / text / "profile.toml").is_file():
        raise ValueError(text)
    return text


def _one_of(*words: str) -> Callable[[str], str]:
    allowed = dict.fromkeys(words)

    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError(text)
        return text

    return parse


def _signer(text: str) -> str:
    if text and not text.startswith(("pkcs11:", "agent:")):
        raise ValueError(text)
    return text


def _mail(text: str) -> str:
    mail_from(text)
    return text


def _witnesses(text: str) -> tuple[tuple[str, str], ...]:
    rows = [row.partition(",") for row in text.split()]
    if any(not address.startswith(("http://", "https://")) or key.count("+") < 2 for address, _, key in rows):
        raise ValueError(text)
    return tuple((address, key) for address, _, key in rows)


VARIABLES = (
    Variable("CANCILLERIA_HOME", "~/.local/share/cancilleria", lambda t: Path(t).expanduser().resolve(), "una carpeta",
             "Where data, files, the log and the keys live. Never inside the repository."),
    Variable("CANCILLERIA_PORT", "8000", _port, "un número de 1 a 65535", "TCP port of the web server."),
    Variable("CANCILLERIA_HOST", "127.0.0.1", str, "una dirección IP", "Address the web server listens on."),
    Variable("CANCILLERIA_ADDRESS", "", _address, "una dirección http(s)://",
             "Public address printed on documents; with https, cookies are sent over https only. Default: host and port."),
    Variable("CANCILLERIA_PROFILE", "peru", _profile, "una carpeta de profiles/", "Which ministry's data to load."),
    Variable("CANCILLERIA_DEMONSTRATION", "si", _boolean, "si o no",
             "Load invented people and documents on first start, and say so on every page."),
    Variable("CANCILLERIA_ROLE", "app", _one_of("app", "worker", "owner"), "app, worker u owner",
             "Database role of this process; `serve` sets it for its children."),
    Variable("CANCILLERIA_WEB_WORKERS", "2", _positive, "un número mayor que 0", "Web processes: one for each core."),
    Variable("CANCILLERIA_WITNESS_PORT", "0", int, "un número", "Port of the local witness; 0 is the web port plus one."),
    Variable("CANCILLERIA_SIGNER", "", _signer, "pkcs11:MÓDULO;token=NOMBRE;key=ETIQUETA o agent:CARPETA",
             "Who holds the signing key. Empty: the file `sello.pem`. `pkcs11:MODULE;token=NAME;key=LABEL`: a token or HSM. `agent:FOLDER`: an agent that answers in that folder."),
    Variable("CANCILLERIA_SIGNER_PIN", "", str, "un PIN o file:RUTA",
             "PIN of the token, or `file:PATH` of a file with mode 600 that holds it. Only the worker gets it."),
    Variable("CANCILLERIA_WITNESSES", "", _witnesses, "dirección,clave separadas por espacios",
             "Further witnesses, on other machines: `http://host:port,vkey`, separated by spaces. They are asked too, and named in the trust list."),
    Variable("CANCILLERIA_QUORUM", "1", _positive, "un número mayor que 0",
             "How many witnesses must have cosigned a head, as the trust list tells it."),
    Variable("CANCILLERIA_SMTP", "", _mail, "smtp://usuario:clave@servidor:puerto o smtps://…",
             "Mail server. `smtp` demands STARTTLS unless the server is this machine, `smtps` speaks TLS from the first byte; its certificate is checked. Empty: notices are written to files below CANCILLERIA_HOME, and labelled as not sent."),
    Variable("CANCILLERIA_SYSLOG", "", address_from, "servidor:puerto o la ruta de un conector, como /dev/log",
             "Where lines of the log are sent besides the terminal, so that they survive this machine: a syslog collector."),
    Variable("CANCILLERIA_ANTIVIRUS", "", address_from, "servidor:puerto o la ruta de un conector",
             "A scanner for malicious files that speaks clamd's INSTREAM: every file of a stranger passes it first. One that does not answer takes nothing in. Empty: files are read as they come, in a child without network."),
    Variable("CANCILLERIA_LEAKED_PASSWORDS", "", lambda t: Path(t).resolve(strict=True) if t else "", "un archivo que exista",
             "Passwords seen in leaks, which nobody may choose: lines `SHA-1:count` in order, as published by Have I Been Pwned."),
    Variable("CANCILLERIA_MAIL_FROM", "no-responder@cancilleria.example", str, "una dirección de correo",
             "Sender of notices."),
    Variable("CANCILLERIA_OUTGOING_HOSTS", "", lambda t: t.lower(), "nombres de servidor separados por espacios",
             "Hosts that acts may be told to (webhooks). Empty: nothing leaves."),
    Variable("CANCILLERIA_OUTGOING_PRIVATE", "no", _boolean, "si o no",
             "Let those hosts be in a private network, and be called over plain http."),
    Variable("CANCILLERIA_SCANNER", "", lambda t: Path(t).expanduser().resolve() if t else "", "una carpeta",
             "Where office scanners leave files: one folder below it for each organ, by its code. Default: `escaner` below CANCILLERIA_HOME."),
    Variable("CANCILLERIA_BACKUP", "", lambda t: Path(t).expanduser().resolve() if t else "", "una carpeta",
             "Where backups go, on another disk. Set, the embedded database archives its write-ahead log there and the worker copies new files. Empty: nothing is copied by itself."),
    Variable("DATABASE_URL", "", _database, "postgresql://usuario:clave@servidor/base",
             "Another PostgreSQL (15 to 18), as the application's role. Empty: the embedded server."),
    Variable("DATABASE_OWNER_URL", "", _database, "postgresql://...", "The same database as its owner: migrations only."),
    Variable("DATABASE_WORKER_URL", "", _database, "postgresql://...", "The same database as the worker's role."),
)  # fmt: skip

PREFIX = "CANCILLERIA_"


def read(environment: Mapping[str, str]) -> dict[str, object]:
    """Every variable parsed, by name. Raises BadSetting naming the first that is misspelt or unusable."""
    known = [variable.name for variable in VARIABLES]
    for name in environment:
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" ¿Quiso decir {near[0]}?" if near else ""
            raise BadSetting(f"No existe el ajuste {name}.{hint} La lista está en docs/settings.md.")
    return {variable.name: _value(variable, environment) for variable in VARIABLES}


def _value(variable: Variable, environment: Mapping[str, str]) -> object:
    text = environment.get(variable.name, variable.default)
    try:
        return variable.parse(text)
    except (ValueError, KeyError, OSError) as error:
        raise BadSetting(f"{variable.name}={text!r} no sirve: se espera {variable.expects}.") from error


def witness_port(found: Mapping[str, object]) -> int:
    """The local witness's port: the one given, else the web port plus one."""
    return int(str(found["CANCILLERIA_WITNESS_PORT"])) or int(str(found["CANCILLERIA_PORT"])) + 1


def documentation() -> str:
    """docs/settings.md."""
    rows = [f"| `{v.name}` | {f'`{v.default}`' if v.default else 'empty'} | {v.doc} |" for v in VARIABLES]
    return "\n".join(["# Settings", "", "Every setting is an environment variable. A misspelt or bad one stops the start.", "",
                      "| variable | default | effect |", "|---|---|---|", *rows, ""])  # fmt: skip
