"""Index templates: settings, mappings and aliases of new indices, by patterns of their names."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.flat_settings import flat
from fake_es.patterns.wildcards import simple_match

Tree = dict[str, Any]


class Blueprint:
    """What a new index gets: flat settings, mappings in the order of merging, and aliases."""

    def __init__(self) -> None:
        self.settings: Tree = {}
        self.mappings: list[Tree] = []
        self.aliases: dict[str, Tree] = {}

    def add(self, part: Tree) -> None:
        """Add ``settings``, ``mappings`` and ``aliases`` of ``part``; they count more than those already there."""
        self.settings |= flat(part.get("settings"))
        if part.get("mappings"):
            self.mappings.append(part["mappings"])
        self.aliases |= part.get("aliases") or {}


class Templates:
    """The legacy, composable and component templates of a cluster by name, as they were in requests."""

    def __init__(self, cluster: Cluster) -> None:
        self.legacy: dict[str, Tree] = {}
        self.composable: dict[str, Tree] = {}
        self.components: dict[str, Tree] = {}

    def blueprint(self, name: str) -> Blueprint:
        """What a new index with this name gets.

        This is the matching composable template with the highest priority. If none matches, it is all matching legacy
        templates in their order.
        """
        blueprint = Blueprint()
        composed = [template for template in self.composable.values() if _fits(template, name)]
        if composed:
            best = max(composed, key=lambda template: int(template.get("priority") or 0))
            for component in best.get("composed_of", ()):
                blueprint.add(self.components.get(component, {}).get("template", {}))
            blueprint.add(best.get("template") or {})
            return blueprint
        legacy = [template for template in self.legacy.values() if _fits(template, name)]
        for template in sorted(legacy, key=lambda template: int(template.get("order") or 0)):
            blueprint.add(template)
        return blueprint


def _fits(template: Tree, name: str) -> bool:
    patterns: Any = template.get("index_patterns", template.get("template", ()))
    return any(simple_match(name, pattern) for pattern in ([patterns] if isinstance(patterns, str) else patterns))
