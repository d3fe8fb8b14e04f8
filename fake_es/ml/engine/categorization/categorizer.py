"""Messages to categories, with ids that stay."""

from __future__ import annotations

from itertools import count
from typing import Any

from fake_es.ml.engine.categorization.category import Category
from fake_es.ml.engine.categorization.tokenizers import Tokenizer
from fake_es.patterns.java_regex import BadReference, TooSlow

# CTokenListDataCategorizerBase: like enough at all, and so like that no better one need be looked for.
_LOWER = 0.7
_UPPER = (1 + _LOWER) / 2
# Messages remembered with their categories: logs repeat themselves.
_REMEMBERED = 20_000
# CategorizationStatus turns to warn only after so many messages.
_FEW = 100
_FREQUENT_SHARE = 0.01


class Categorizer:
    """The categories of one job, or of one partition of it; ``ids`` gives a job's next category id."""

    def __init__(self, cut: Tokenizer, ids: count[int], examples_limit: int = 4) -> None:
        self._cut = cut
        self._ids = ids
        self._limit = examples_limit
        self._remembered: dict[str, Category] = {}
        # The most matched first: what is frequent is found soon.
        self._categories: list[Category] = []
        self.messages = 0
        self.failed = 0
        # Whether the status was ``warn`` when it was last looked at, which is after every hundred messages.
        self.warned = False

    def category(self, text: str, may_grow: bool = True) -> Category | None:
        """The category of a message, a new one if it is like none.

        None if it would be new and must not be, or if an expression of the analyzer takes too long, or fills in a
        group that it has not.
        """
        self.messages += 1
        if self.messages % _FEW == 0:
            self.warned = self.stats()["categorization_status"] == "warn"
        known = self._remembered.get(text)
        if known is not None:
            known.matches += 1
            return known
        try:
            tokens = self._cut(text)
        except (TooSlow, BadReference):
            self.failed += 1
            return None
        found = self._find(tokens, text)
        if found is None and not may_grow:
            self.failed += 1
            return None
        category = found or self._new(tokens, text)
        category.add(tokens, text, self._limit)
        self._remember(text, category)
        return category

    def _find(self, tokens: list[str], text: str) -> Category | None:
        best, most = None, _LOWER
        for category in sorted(self._categories, key=lambda category: -category.matches):
            if bool(category.base) != bool(tokens):
                continue
            if not tokens or category.fits(tokens, text):
                return category
            if not _may_be_like(category.base, tokens):
                continue
            likeness = category.likeness(tokens)
            if likeness > most and category.kept(tokens) >= _LOWER:
                best, most = category, likeness
                if likeness > _UPPER:
                    break
        return best

    def _new(self, tokens: list[str], text: str) -> Category:
        category = Category(next(self._ids), tokens, text)
        self._categories.append(category)
        return category

    def _remember(self, text: str, category: Category) -> None:
        if len(self._remembered) >= _REMEMBERED:
            self._remembered.clear()
        self._remembered[text] = category

    def take_changed(self) -> list[Category]:
        """Categories that are new, or whose definition has changed since this was last asked, by id."""
        changed = sorted((category for category in self._categories if category.changed), key=lambda category: category.id)
        for category in changed:
            category.changed, category.told = False, category.matches
        return changed

    def refresh(self) -> None:
        """Have definitions told of anew of which nothing but the number of matches has changed."""
        for category in self._categories:
            category.changed = category.changed or category.told != category.matches

    def stats(self) -> dict[str, Any]:
        """The counts of ``categorizer_stats``."""
        frequent = sum(category.matches > self.messages * _FREQUENT_SHARE for category in self._categories)
        rare = sum(category.matches == 1 for category in self._categories)
        dead = len(self._dead())
        return {
            "categorized_doc_count": self.messages,
            "total_category_count": len(self._categories),
            "frequent_category_count": frequent,
            "rare_category_count": rare,
            "dead_category_count": dead,
            "failed_category_count": self.failed,
            "categorization_status": "warn" if self._is_poor(frequent, rare, dead) else "ok",
        }

    def _dead(self) -> list[Category]:
        """Categories that match nothing any more, because a more frequent one takes all that is theirs."""
        frequent_first = sorted(self._categories, key=lambda category: (-category.matches, category.id))
        return [
            category
            for at, category in enumerate(frequent_first)
            if any(other.common and set(other.common) <= set(category.base) for other in frequent_first[:at])
        ]

    def _is_poor(self, frequent: int, rare: int, dead: int) -> bool:
        categories, messages = len(self._categories), self.messages
        if messages <= _FEW:
            return False
        many = categories > messages / 2 or rare > 0.9 * categories or dead > categories / 2
        return categories == 1 or frequent == 0 or many

    def state(self) -> dict[str, Any]:
        """Plain data to restore it from. What is only remembered for speed is forgotten, here as in what is restored."""
        self._remembered.clear()
        categories = [category.state() for category in self._categories]
        return {"messages": self.messages, "failed": self.failed, "warned": self.warned, "categories": categories}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up what :meth:`state` left."""
        self.messages, self.failed, self.warned = state["messages"], state["failed"], state["warned"]
        self._categories = [Category.restored(entry) for entry in state["categories"]]


def _may_be_like(left: list[str], right: list[str]) -> bool:
    # Weights are 1 to 3: far fewer tokens than the other has cannot be like enough. Saves most of the distances.
    few, many = sorted((len(left), len(right)))
    return 3 * few >= _LOWER * many and not set(left).isdisjoint(right)
