"""An official client wired to an emulator, whichever is installed."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from fake_es.app import Application

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


def chosen(app: Application, client: ModuleType | str | None) -> ModuleType:
    """The client module asked for; by default ``elasticsearch``, if that is of the emulated major release or alone."""
    if client is not None:
        return import_module(client) if isinstance(client, str) else client
    if find_spec("elasticsearch") is not None:
        plain = import_module("elasticsearch")
        if plain.__version__[0] == app.cluster.version[0]:
            return plain
    return installed(app.cluster.version[0])


def make_client(app: Application, client: ModuleType | str | None, settings: dict[str, Any]) -> Any:
    """An ``Elasticsearch`` of ``client``; with security on, as the user ``elastic`` unless told otherwise."""
    module = chosen(app, client)
    modern = module.__version__[0] >= 8
    if app.cluster.settings.security and not settings.keys() & {"basic_auth", "http_auth", "api_key", "bearer_auth"}:
        settings["basic_auth" if modern else "http_auth"] = ("elastic", app.cluster.settings.password)
    # Loaded only now: elastic-transport comes with clients from 8.0 on.
    if modern:
        from fake_es.doors.nodes import node_class

        return module.Elasticsearch(_URL, node_class=node_class(app), **settings)
    from fake_es.doors.connections import connection_class

    return module.Elasticsearch([_URL], connection_class=connection_class(app, module), **settings)


def make_async_client(app: Application, client: ModuleType | str | None, settings: dict[str, Any]) -> Any:
    """The same for asyncio, from client 8.0 on."""
    from fake_es.doors.nodes import async_node_class

    module = chosen(app, client)
    if app.cluster.settings.security and not settings.keys() & {"basic_auth", "api_key", "bearer_auth"}:
        settings["basic_auth"] = ("elastic", app.cluster.settings.password)
    return module.AsyncElasticsearch(_URL, node_class=async_node_class(app), **settings)
