"""The helpers of the official clients on top of bulk and scroll."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from fake_es import FakeElasticsearch

CLIENTS = [pytest.param("8.19", "elasticsearch8", id="8"), pytest.param("9.5", "elasticsearch9", id="9"),
           pytest.param("7.17", "elasticsearch7", id="7")]  # fmt: skip


@pytest.mark.filterwarnings("ignore:Using positional arguments")
@pytest.mark.parametrize(("release", "module"), CLIENTS)
def test_documents_go_in_and_out_through_the_helpers(release: str, module: str) -> None:
    pytest.importorskip(module)
    helpers: Any = import_module(f"{module}.helpers")
    client = FakeElasticsearch(release).client(module)
    actions = [{"_index": "logs", "_id": str(n), "_source": {"n": n}} for n in range(25)]
    assert helpers.bulk(client, actions, chunk_size=10) == (25, [])
    assert [found["_source"]["n"] for found in helpers.scan(client, index="logs", size=7)] == list(range(25))
    assert helpers.reindex(client, "logs", "copy", chunk_size=9)[0] == 25
    assert client.count(index="copy")["count"] == 25


@pytest.mark.parametrize(("release", "module"), CLIENTS)
def test_failures_come_one_by_one(release: str, module: str) -> None:
    pytest.importorskip(module)
    helpers: Any = import_module(f"{module}.helpers")
    client = FakeElasticsearch(release).client(module)
    actions = [{"_index": "logs", "_id": "1", "_op_type": "create", "n": n} for n in (1, 2)]
    outcomes = list(helpers.streaming_bulk(client, actions, raise_on_error=False))
    assert [(done, item["create"]["status"]) for done, item in outcomes] == [(True, 201), (False, 409)]
    with pytest.raises(helpers.BulkIndexError):
        helpers.bulk(client, actions)
