"""What other rooms keep in the metadata of the cluster state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_es.cluster import Cluster

# Gives a section of the metadata; None: this release has no such section.
Section = Callable[[], "dict[str, Any] | None"]


class Metadata:
    """Sections of the state's metadata that other rooms keep, by name."""

    def __init__(self, cluster: Cluster) -> None:
        self._sections: dict[str, Section] = {}

    def provide(self, name: str, section: Section) -> None:
        """Show ``metadata.<name>`` as ``section()`` gives it whenever the state is shown."""
        self._sections[name] = section

    def shown(self) -> dict[str, Any]:
        """All sections there are at the moment."""
        found = {name: section() for name, section in self._sections.items()}
        return {name: tree for name, tree in found.items() if tree is not None}
