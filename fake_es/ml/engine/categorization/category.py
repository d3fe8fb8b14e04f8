"""One category: the tokens that its messages have in common."""

from __future__ import annotations

import re
from typing import Any

from fake_es.ml.engine.categorization.distance import similarity, total_weight

# A message may be this much longer than any seen and still match (CTokenListReverseSearchCreator).
_LENGTH_MARGIN = 1.1
# The most bytes of a message that an example shows (CCategoryExamplesCollector).
_EXAMPLE_BYTES = 1000
# What is stored as it is, besides the id and the tokens of the first message.
_STORED = ("common", "max_length", "matches", "examples", "changed", "written_matches")


class Category:
    """Messages with similar tokens.

    ``base`` are the tokens of the first message, ``common`` those that all messages have, in the order of the first one.
    """

    __slots__ = ("base", "changed", "common", "examples", "id", "matches", "max_length", "ordered", "written_matches")

    def __init__(self, category_id: int, tokens: list[str], text: str) -> None:
        self.id = category_id
        self.base = tokens
        self.common = list(dict.fromkeys(tokens))
        #: The common tokens that have the same order in every message.
        self.ordered = set(self.common)
        self.max_length = len(text)
        self.matches = 0
        self.examples: list[str] = []
        #: Whether the definition has changed since it was last written, and the number of matches it had then.
        self.changed = True
        self.written_matches = 0

    def fits(self, tokens: list[str], text: str) -> bool:
        """Whether a message matches the search for this category: it is not too long, and has the common tokens in order."""
        if len(text) > self.matching_length or not self.common:
            return False
        following = iter(tokens)
        present = set(tokens)
        return all(token in present for token in self.common) and all(token in following for token in self._in_order())

    def similarity(self, tokens: list[str]) -> float:
        """Similarity of a message, 0 to 1."""
        return similarity(self.base, tokens)

    def share_still_common(self, tokens: list[str]) -> float:
        """Share, by weight, of the first message's tokens that would still be common after this message."""
        weight = total_weight(list(dict.fromkeys(self.base)))
        present = set(tokens)
        return 1.0 if weight == 0 else total_weight([token for token in self.common if token in present]) / weight

    def add(self, tokens: list[str], text: str, examples_limit: int) -> None:
        """Add a message."""
        self.matches += 1
        self.max_length = max(self.max_length, len(text))
        present = set(tokens)
        if not present.issuperset(self.common):
            self.common = [token for token in self.common if token in present]
            self.changed = True
        self._drop_out_of_order(tokens)
        self._keep_example(text, examples_limit)

    def _drop_out_of_order(self, tokens: list[str]) -> None:
        following = iter(tokens)
        for token in self._in_order():
            if token not in following:
                self.ordered.discard(token)
                self.changed = True
                following = iter(tokens)

    def _in_order(self) -> list[str]:
        return [token for token in self.common if token in self.ordered]

    def _keep_example(self, text: str, limit: int) -> None:
        example = text.encode("utf-8", "surrogatepass")[:_EXAMPLE_BYTES].decode("utf-8", "ignore")
        cut = len(text) > _EXAMPLE_BYTES or len(text.encode("utf-8", "surrogatepass")) > _EXAMPLE_BYTES
        example = example + "..." if cut else example
        if len(self.examples) < limit and example not in self.examples:
            self.examples = sorted([*self.examples, example])
            self.changed = True

    @property
    def matching_length(self) -> int:
        """``max_matching_length``."""
        return int(self.max_length * _LENGTH_MARGIN)

    def definition(self) -> dict[str, Any]:
        """The fields of ``category_definition`` that come from the messages."""
        pieces = [re.sub(r"([\\.^$|?*+()\[\]{}/-])", r"\\\1", token) for token in self._in_order()]
        return {
            "category_id": self.id,
            "terms": " ".join(self.common),
            "regex": f".*?{'.+?'.join(pieces)}.*" if pieces else "",
            "max_matching_length": self.matching_length,
            "examples": list(self.examples),
            "num_matches": self.matches,
        }

    def state(self) -> dict[str, Any]:
        """Plain data to restore it from."""
        plain = {name: getattr(self, name) for name in ("id", "base", *_STORED)}
        return plain | {"ordered": sorted(self.ordered)}

    @classmethod
    def restored(cls, state: dict[str, Any]) -> Category:
        """A category as :meth:`state` left it."""
        category = cls(state["id"], state["base"], "")
        for name in _STORED:
            setattr(category, name, state[name])
        category.ordered = set(state["ordered"])
        return category
