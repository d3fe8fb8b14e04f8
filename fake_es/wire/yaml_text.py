"""YAML as Jackson reads it: only what JSON would call a number or a truth is one, and nothing is said by an alias."""

from __future__ import annotations

import re
from typing import Any, ClassVar

import yaml  # type: ignore[import-untyped]

_TAGS = frozenset({"tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:null"})


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {
        first: [(tag, pattern) for tag, pattern in known if tag in _TAGS]
        for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: Any, index: Any) -> Any:
        # A few lines of aliases grow beyond all bounds.
        if self.check_event(yaml.AliasEvent):
            raise ValueError("aliases are not supported")
        return super().compose_node(parent, index)


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), ["t", "f"])


def read_yaml(body: bytes) -> Any:
    """The first document of a body.

    :raises ValueError: there is none, or it cannot be read.
    """
    try:
        return yaml.load(body, _Loader)  # noqa: S506
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None
