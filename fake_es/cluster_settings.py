"""Settings of the running cluster: values that were set, and the defaults of the release for all others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fake_es.cluster import Cluster
from fake_es.known_settings import default, find, known
from fake_es.patterns.wildcards import simple_match
from fake_es.wire.errors import IllegalArgument, NotImplementedHere
from fake_es.wire.java import java_text

PERSISTENT, TRANSIENT = "persistent", "transient"

NOT_RECOGNIZED = "{scope} setting [{key}], not recognized"
UNKNOWN = "unknown setting [{key}]"
NOT_DYNAMIC = "{scope} setting [{key}], not dynamically updateable"

# Values by dotted key: text, as the server stores it, or a list of texts.
Flat = dict[str, Any]


class ClusterSettings:
    """The settings of a cluster: persistent, transient, and those given to the emulator."""

    def __init__(self, cluster: Cluster) -> None:
        self._version = cluster.version
        self._configured = dict(cluster.settings.configured)
        self.persistent: Flat = {}
        self.transient: Flat = {}

    def get(self, key: str) -> Any:
        """The current value: a number, boolean, size in bytes, ``TimeValue``, list or text.

        :raises KeyError: the release has no such setting.
        """
        text = self._set(key)
        if text is None:
            return default(key, self._version)
        setting = find(key, self._version)
        if setting is None:
            raise KeyError(key)
        return setting.read(key, text, self._version)

    def is_set(self, key: str) -> bool:
        """Whether a setting has a value other than its default: through the API, or given to the emulator."""
        return self._set(key) is not None

    def _set(self, key: str) -> Any:
        return self.transient.get(key, self.persistent.get(key, self._configured.get(key)))

    def defaults(self) -> Flat:
        """Defaults of all settings that are not set, by key."""
        given = self.persistent.keys() | self.transient.keys()
        settings = known(self._version).items()
        return self._configured | {
            key: self._configured.get(key, setting.default)
            for key, setting in settings
            if setting.default is not None and key not in given
        }

    def update(self, persistent: Mapping[str, Any], transient: Mapping[str, Any]) -> None:
        """Change settings by dotted key. None removes a setting; with a star in the key, all that match.

        :raises IllegalArgument: a setting is unknown, cannot be changed, or has a bad value; then nothing changes.
        """
        changes = ((TRANSIENT, self.transient, transient), (PERSISTENT, self.persistent, persistent))
        for scope, current, updates in changes:
            for key, value in updates.items():
                self._check(scope, key, value, current)
        for _, current, updates in changes:
            _apply(current, updates)

    def _check(self, scope: str, key: str, value: Any, current: Flat) -> None:
        if value is None and (key in current or key.endswith("*")):
            return
        setting = find(key, self._version)
        if setting is None:
            raise IllegalArgument(NOT_RECOGNIZED.format(scope=scope, key=key))
        if not setting.dynamic:
            raise IllegalArgument(NOT_DYNAMIC.format(scope=scope, key=key))
        if value is not None:
            setting.read(key, value, self._version)


def configured(settings: Mapping[str, Any], version: tuple[int, ...]) -> tuple[tuple[str, str], ...]:
    """Convert settings as in ``elasticsearch.yml``, nested or dotted, to pairs of dotted key and text.

    :raises ValueError: a setting is unknown, or has a bad value.
    """
    flat = {key: value for key, value in flatten(settings).items() if value is not None}
    for key, value in flat.items():
        setting = find(key, version)
        if setting is None:
            raise ValueError(UNKNOWN.format(key=key))
        try:
            setting.read(key, value, version)
        except (IllegalArgument, NotImplementedHere) as error:
            raise ValueError(error.reason) from None
    return tuple(flat.items())


def _apply(current: Flat, updates: Mapping[str, Any]) -> None:
    for key, value in updates.items():
        if value is not None:
            current[key] = value
            continue
        for name in [name for name in current if simple_match(name, key)]:
            del current[name]


def flatten(tree: Mapping[str, Any], prefix: str = "") -> Flat:
    """Convert settings, nested or dotted, to a dict from dotted key to text (``Settings.fromXContent``)."""
    flat: Flat = {}
    for name, value in tree.items():
        key = prefix + name
        if isinstance(value, Mapping):
            flat |= flatten(value, key + ".")
        elif isinstance(value, list):
            flat[key] = [as_text(item) for item in value]
        else:
            flat[key] = None if value is None else as_text(value)
    return flat


def as_text(value: Any) -> str:
    """A value as settings store it: ``true``, ``false``, or its text."""
    return java_text(value)


def nest(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Convert settings by dotted key to nested objects.

    If one key is a prefix of another (``a`` and ``a.b``), the other stays dotted from there on.
    """
    tree: dict[str, Any] = {}
    for key in sorted(flat):
        place, rest = tree, key
        while "." in rest:
            head, _, tail = rest.partition(".")
            inner = place.setdefault(head, {})
            if not isinstance(inner, dict):
                break
            place, rest = inner, tail
        place[rest] = flat[key]
    return tree
