"""Assigns messages to categories."""

from __future__ import annotations

from itertools import count
from typing import Any

from fake_es.ml.engine.categorization.category import Category
from fake_es.ml.engine.categorization.tokenizers import Tokenizer
from fake_es.patterns.java_regex import BadReference, TooSlow

# --- Similarity (CTokenListDataCategorizerBase): from the first on a message may be of a category. From the second on no
# better category is looked for.
_SIMILAR = 0.7
_SIMILAR_ENOUGH = (1 + _SIMILAR) / 2
# The largest ratio of two tokens' weights; see the distance.
_WEIGHTS = 3

# --- Statistics (CategorizationStatus). The status is computed after every hundred messages, and is ok after the first hundred.

_STATUS_EVERY = 100
# A category is frequent if it has more than one message in a hundred.
_FREQUENT_SHARE = 0.01
# There are too many categories with more than one for two messages, with nine in ten rare, or half of them dead.
_MOST_PER_MESSAGE, _MOST_RARE, _MOST_DEAD = 0.5, 0.9, 0.5

# Messages that are remembered with their categories, as logs repeat themselves.
_REMEMBERED = 20_000


class Categorizer:
    """The categories of one job, or of one partition of it; ``ids`` gives a job's next category id."""

    def __init__(self, tokenize: Tokenizer, ids: count[int], examples_limit: int = 4) -> None:
        self._tokenize = tokenize
        self._ids = ids
        self._limit = examples_limit
        self._remembered: dict[str, Category] = {}
        self._categories: list[Category] = []
        self.messages = 0
        self.failed = 0
        #: Whether the status was ``warn`` when it was last computed.
        self.warned = False

    def category(self, text: str, may_grow: bool = True) -> Category | None:
        """The category of a message; a new one if it is similar to none.

        None if there must be no new one, or if a pattern of the analyzer takes too long or has a wrong reference.
        """
        self.messages += 1
        if self.messages % _STATUS_EVERY == 0:
            self.warned = self.stats()["categorization_status"] == "warn"
        known = self._remembered.get(text)
        if known is not None:
            known.matches += 1
            return known
        try:
            tokens = self._tokenize(text)
        except (TooSlow, BadReference):
            self.failed += 1
            return None
        found = self._find(tokens, text)
        if found is None and not may_grow:
            self.failed += 1
            return None
        if found is None:
            found = Category(next(self._ids), tokens, text)
            self._categories.append(found)
        found.add(tokens, text, self._limit)
        if len(self._remembered) >= _REMEMBERED:
            self._remembered.clear()
        self._remembered[text] = found
        return found

    def _find(self, tokens: list[str], text: str) -> Category | None:
        best, most = None, _SIMILAR
        for category in sorted(self._categories, key=lambda category: -category.matches):
            if bool(category.base) != bool(tokens):
                continue
            if not tokens or category.fits(tokens, text):
                return category
            if not _may_be_similar(category.base, tokens):
                continue
            similarity = category.similarity(tokens)
            if similarity > most and category.share_still_common(tokens) >= _SIMILAR:
                best, most = category, similarity
                if similarity > _SIMILAR_ENOUGH:
                    break
        return best

    def take_changed(self) -> list[Category]:
        """Categories that are new, or whose definition has changed since they were last taken, by id."""
        changed = sorted((category for category in self._categories if category.changed), key=lambda category: category.id)
        for category in changed:
            category.changed, category.written_matches = False, category.matches
        return changed

    def refresh(self) -> None:
        """Count definitions as changed if their number of matches has changed."""
        for category in self._categories:
            category.changed = category.changed or category.written_matches != category.matches

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
        """Categories that match nothing any more, because a more frequent one matches all their messages."""
        frequent_first = sorted(self._categories, key=lambda category: (-category.matches, category.id))
        return [
            category
            for at, category in enumerate(frequent_first)
            if any(other.common and set(other.common) <= set(category.base) for other in frequent_first[:at])
        ]

    def _is_poor(self, frequent: int, rare: int, dead: int) -> bool:
        categories, messages = len(self._categories), self.messages
        if messages <= _STATUS_EVERY:
            return False
        many = categories > _MOST_PER_MESSAGE * messages or rare > _MOST_RARE * categories or dead > _MOST_DEAD * categories
        return categories == 1 or frequent == 0 or many

    def state(self) -> dict[str, Any]:
        """Plain data to restore it from. Remembered messages are forgotten, so that this one and the restored one are alike."""
        self._remembered.clear()
        categories = [category.state() for category in self._categories]
        return {"messages": self.messages, "failed": self.failed, "warned": self.warned, "categories": categories}

    def restore(self, state: dict[str, Any]) -> None:
        """Take over what :meth:`state` returned."""
        self.messages, self.failed, self.warned = state["messages"], state["failed"], state["warned"]
        self._categories = [Category.restored(entry) for entry in state["categories"]]


def _may_be_similar(left: list[str], right: list[str]) -> bool:
    """Whether a distance is worth computing: not with no token in common, nor with far fewer tokens on one side."""
    few, many = sorted((len(left), len(right)))
    return _WEIGHTS * few >= _SIMILAR * many and not set(left).isdisjoint(right)
