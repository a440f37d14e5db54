"""Tools nobody here wrote look at the interface of a living installation: an MCP client, Frictionless, an RDF parser; and our own
client's examples run as they stand in its docstring.
"""

# ruff: noqa: S310 - addresses of an installation of our own

from __future__ import annotations

import asyncio
import doctest
import importlib.util
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from frictionless import Package
from mcp import Client as Assistant
from rdflib import DCAT, RDF, Graph
from tests.serving import Serving, installation

CLIENT = Path(__file__).resolve().parents[2] / "clients" / "python" / "cancilleria_client.py"


@pytest.fixture(scope="module")
def serving() -> Iterator[Serving]:
    with installation() as found:
        deadline = time.monotonic() + 60
        while not (found.home / "datos" / "catalogo.jsonld").exists() or not list(
            (found.home / "estado").glob("*.json")
        ):
            assert time.monotonic() < deadline, "the worker published nothing: " + found.log.read_text()[-2000:]
            time.sleep(0.2)
        yield found


def client() -> ModuleType:
    spec = importlib.util.spec_from_file_location("cancilleria_client", CLIENT)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    sys.modules["cancilleria_client"] = found
    spec.loader.exec_module(found)
    return found


def test_the_examples_of_the_client_run(serving: Serving) -> None:
    result = doctest.testmod(client(), extraglobs={"ADDRESS": serving.address}, optionflags=doctest.ELLIPSIS)
    assert result.attempted >= 10
    assert result.failed == 0


def test_an_mcp_client_asks_and_is_answered_with_the_source(serving: Serving) -> None:
    async def ask() -> None:
        async with Assistant(f"{serving.address}/mcp") as assistant:
            tools = await assistant.list_tools()
            assert len(tools.tools) == 6
            found = await assistant.call_tool("find_procedure", {"text": "apostilla"})
            assert found.structured_content is not None
            assert found.structured_content["items"]
            assert found.structured_content["source"].startswith(serving.address)
            assert found.structured_content["checkpoint"]["size"] > 0
            wrong = await assistant.call_tool("verify_document", {"sha256": "0" * 64})
            assert wrong.is_error

    asyncio.run(ask())


@pytest.mark.parametrize("key", ["registro", "organos", "tramites", "cifras"])
def test_frictionless_finds_every_package_valid(serving: Serving, key: str) -> None:
    with urllib.request.urlopen(f"{serving.address}/datos/{key}/datapackage.json") as answer:
        assert answer.status == 200
    report = Package(str(serving.home / "datos" / key / "datapackage.json")).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldNumber", "type", "message"])


def test_the_catalogue_is_dcat(serving: Serving) -> None:
    with urllib.request.urlopen(f"{serving.address}/datos/catalogo.jsonld") as answer:
        graph = Graph().parse(data=answer.read(), format="json-ld")
    assert len(list(graph.subjects(RDF.type, DCAT.Dataset))) == 4
    downloads = [str(found) for found in graph.objects(None, DCAT.downloadURL)]
    assert len(downloads) == 8
    for address in downloads:
        with urllib.request.urlopen(address) as answer:
            assert answer.status == 200
