"""Model Context Protocol without sessions: one JSON-RPC 2.0 message in each POST, one JSON answer (Streamable HTTP).

It offers tools and nothing else. A notification is accepted and answered with nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from cancilleria.services.interop.problems import PROBLEMS, Problem

# Newest first; all of them speak of tools in the same way.
VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26")
PARSE, INVALID, NO_METHOD, BAD_PARAMS = -32700, -32600, -32601, -32602
Message = dict[str, Any]


@dataclass(frozen=True)
class Tool:
    """Something an assistant may ask: its arguments, checked, and what answers them. `run` may raise Problem."""

    name: str
    title: str
    description: str
    arguments: type[BaseModel]
    run: Callable[[Any], Mapping[str, object]]

    def told(self) -> Message:
        return {
            "name": self.name, "title": self.title, "description": self.description,
            "inputSchema": self.arguments.model_json_schema(), "annotations": {"readOnlyHint": True, "openWorldHint": False},
        }  # fmt: skip


@dataclass(frozen=True)
class Server:
    """Who answers, what it says of itself, and its tools."""

    name: str
    version: str
    instructions: str
    tools: Sequence[Tool]

    def answer(self, data: bytes) -> Message | None:
        """The answer to one message; None when it was a notification."""
        try:
            message = json.loads(data)
        except (ValueError, RecursionError):
            return _error(None, PARSE, "not JSON")
        if (
            not isinstance(message, dict)
            or message.get("jsonrpc") != "2.0"
            or not isinstance(message.get("method"), str)
        ):
            return _error(None, INVALID, "not a request of JSON-RPC 2.0")
        asked, params = message.get("id"), message.get("params", {})
        if "id" not in message:
            return None
        if not isinstance(asked, str | int) or isinstance(asked, bool) or not isinstance(params, dict):
            return _error(None, INVALID, "not a request of JSON-RPC 2.0")
        methods = {"initialize": self._initialize, "ping": _pong, "tools/list": self._list, "tools/call": self._call}
        found = methods.get(message["method"])
        if found is None:
            return _error(asked, NO_METHOD, f"no method {message['method'][:60]}")
        try:
            return {"jsonrpc": "2.0", "id": asked, "result": found(params)}
        except LookupError as error:
            return _error(asked, BAD_PARAMS, str(error.args[0]))

    def _initialize(self, params: Message) -> Message:
        """The version the client asks for if it is one of ours, else our newest."""
        wanted = params.get("protocolVersion")
        return {
            "protocolVersion": wanted if wanted in VERSIONS else VERSIONS[0], "capabilities": {"tools": {}},
            "serverInfo": {"name": self.name, "version": self.version}, "instructions": self.instructions,
        }  # fmt: skip

    def _list(self, params: Message) -> Message:
        return {"tools": [tool.told() for tool in self.tools]}

    def _call(self, params: Message) -> Message:
        tool = next((tool for tool in self.tools if tool.name == params.get("name")), None)
        if tool is None:
            raise LookupError("no such tool")
        try:
            arguments = tool.arguments.model_validate(params.get("arguments") or {})
            found = dict(tool.run(arguments))
        except ValidationError as error:
            return _told(
                {"problem": "not-valid", "errors": [f"{e['loc']}: {e['type']}" for e in error.errors()]}, wrong=True
            )
        except Problem as problem:
            title = str(problem.detail or PROBLEMS[problem.kind][1])
            return _told({"problem": problem.kind, "detail": title}, wrong=True)
        return _told(found)


def _told(found: Message, *, wrong: bool = False) -> Message:
    text = json.dumps(found, ensure_ascii=False)
    return {"content": [{"type": "text", "text": text}], "structuredContent": found, "isError": wrong}


def _error(asked: object, code: int, told: str) -> Message:
    return {"jsonrpc": "2.0", "id": asked, "error": {"code": code, "message": told}}


def _pong(params: Message) -> Message:
    return {}
