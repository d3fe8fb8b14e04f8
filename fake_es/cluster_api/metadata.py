"""Sections that other rooms add to the metadata of the cluster state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_es.cluster import Cluster

# Returns a section of the metadata; None if the release has no such section.
Section = Callable[[], "dict[str, Any] | None"]


class Metadata:
    """The sections of other rooms, by name."""

    def __init__(self, cluster: Cluster) -> None:
        self._sections: dict[str, Section] = {}

    def provide(self, name: str, section: Section) -> None:
        """Add a section: ``section()`` is called whenever the state is shown."""
        self._sections[name] = section

    def shown(self) -> dict[str, Any]:
        """The current sections by name."""
        found = {name: section() for name, section in self._sections.items()}
        return {name: tree for name, tree in found.items() if tree is not None}
