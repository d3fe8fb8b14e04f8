"""Official clients connected to an emulator, for whichever client module is installed."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from fake_es.app import Application

_URL = "http://fake-es:9200"
_NAMES = ("elasticsearch", "elasticsearch9", "elasticsearch8", "elasticsearch7", "elasticsearch6", "elasticsearch5")


def installed_client(major: int | None = None) -> ModuleType:
    """The client module for a major release; if it is not installed, the first of the installed ones.

    :raises ImportError: no client is installed.
    """
    if major is not None and find_spec(f"elasticsearch{major}") is not None:
        return import_module(f"elasticsearch{major}")
    found = next((name for name in _NAMES if find_spec(name) is not None), None)
    if found is None:
        raise ImportError("no official client is installed: pip install elasticsearch")
    return import_module(found)


def client_module(app: Application, client: ModuleType | str | None) -> ModuleType:
    """The module of ``client``; by default an installed one, if possible of the emulated major release.

    :raises ValueError: the client is from 8.0 on and newer than the release, which it would not speak to.
    """
    module = _module(app, client)
    release, major = app.cluster.version, module.__version__[0]
    if major >= 8 and major > release[0]:
        right = f"elasticsearch{release[0]}"
        raise ValueError(f'client {major} refuses Elasticsearch {release}: pip install {right}, then client("{right}")')
    return module


def _module(app: Application, client: ModuleType | str | None) -> ModuleType:
    if client is not None:
        return import_module(client) if isinstance(client, str) else client
    if find_spec("elasticsearch") is not None:
        plain: ModuleType = import_module("elasticsearch")
        if plain.__version__[0] == app.cluster.version[0]:
            return plain
    return installed_client(app.cluster.version[0])


def make_client(app: Application, client: ModuleType | str | None, settings: dict[str, Any]) -> Any:
    """Create an ``Elasticsearch`` of the module ``client``. With security on, the default user is ``elastic``."""
    module = client_module(app, client)
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
    """``make_client`` for asyncio, from client 8.0 on."""
    from fake_es.doors.nodes import async_node_class

    module = client_module(app, client)
    if app.cluster.settings.security and not settings.keys() & {"basic_auth", "api_key", "bearer_auth"}:
        settings["basic_auth"] = ("elastic", app.cluster.settings.password)
    return module.AsyncElasticsearch(_URL, node_class=async_node_class(app), **settings)
