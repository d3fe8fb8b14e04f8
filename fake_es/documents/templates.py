"""Index templates: what new indices are made with, by the pattern of their name."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from fake_es.documents.expressions import matching
from fake_es.documents.settings import flat

Tree = dict[str, Any]


class Blueprint:
    """What a new index is made with: settings (flat), mappings in the order they are merged in, aliases."""

    def __init__(self) -> None:
        self.settings: Tree = {}
        self.mappings: list[Tree] = []
        self.aliases: dict[str, Tree] = {}

    def add(self, part: Tree) -> None:
        """Lay ``settings``, ``mappings`` and ``aliases`` of ``part`` over what is there."""
        self.settings |= flat(part.get("settings"))
        if part.get("mappings"):
            self.mappings.append(part["mappings"])
        self.aliases |= part.get("aliases") or {}


class Templates:
    """Legacy, composable and component templates of a cluster, by name, as requests gave them."""

    def __init__(self) -> None:
        self.legacy: dict[str, Tree] = {}
        self.composable: dict[str, Tree] = {}
        self.components: dict[str, Tree] = {}

    def blueprint(self, name: str) -> Blueprint:
        """What an index of that name is made with: the composable template of highest priority, or else all legacy
        ones by order.
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
    return any(matching(pattern, [name]) for pattern in ([patterns] if isinstance(patterns, str) else patterns))


@lru_cache(maxsize=4096)
def overlap(left: str, right: str) -> bool:
    """Whether some name fits both of two patterns."""
    if not left or not right:
        return not (left + right).strip("*")
    if left[0] == "*" or right[0] == "*":
        wild, other = (left, right) if left[0] == "*" else (right, left)
        return overlap(wild[1:], other) or overlap(wild, other[1:])
    return left[0] == right[0] and overlap(left[1:], right[1:])
