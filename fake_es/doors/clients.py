"""An official client wired to an emulator, whichever is installed."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fake_es.emulator import FakeElasticsearch

_URL = "http://fake-es:9200"
_NAMES = ("elasticsearch", "elasticsearch9", "elasticsearch8", "elasticsearch7", "elasticsearch6", "elasticsearch5")


def installed(major: int | None = None) -> ModuleType:
    """The client module of that major release if it is installed, else the first that is.

    :raises ImportError: none is.
    """
    if major is not None and find_spec(f"elasticsearch{major}") is not None:
        return import_module(f"elasticsearch{major}")
    found = next((name for name in _NAMES if find_spec(name) is not None), None)
    if found is None:
        raise ImportError("no official client is installed: pip install elasticsearch")
    return import_module(found)


def chosen(fake: FakeElasticsearch, client: ModuleType | str | None) -> ModuleType:
    """The client module asked for; by default ``elasticsearch``, if that is of the emulated major release or alone."""
    if client is not None:
        return import_module(client) if isinstance(client, str) else client
    if find_spec("elasticsearch") is not None:
        plain = import_module("elasticsearch")
        if plain.__version__[0] == fake.version[0]:
            return plain
    return installed(fake.version[0])


def make_client(fake: FakeElasticsearch, client: ModuleType | str | None, settings: dict[str, Any]) -> Any:
    """An ``Elasticsearch`` of ``client``; with security on, as the user ``elastic`` unless told otherwise."""
    module = chosen(fake, client)
    modern = module.__version__[0] >= 8
    if fake.cluster.settings.security and not settings.keys() & {"basic_auth", "http_auth", "api_key", "bearer_auth"}:
        settings["basic_auth" if modern else "http_auth"] = ("elastic", fake.cluster.settings.password)
    if modern:
        return module.Elasticsearch(_URL, node_class=fake.node_class, **settings)
    return module.Elasticsearch([_URL], connection_class=fake.connection_class(module), **settings)


def make_async_client(fake: FakeElasticsearch, client: ModuleType | str | None, settings: dict[str, Any]) -> Any:
    """The same for asyncio, from client 8.0 on."""
    module = chosen(fake, client)
    if fake.cluster.settings.security and not settings.keys() & {"basic_auth", "api_key", "bearer_auth"}:
        settings["basic_auth"] = ("elastic", fake.cluster.settings.password)
    return module.AsyncElasticsearch(_URL, node_class=fake.async_node_class, **settings)
