"""The categorizers of a job: one, or one for each partition."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from fake_es.ml.engine.analysis import Categorization
from fake_es.ml.engine.categorization.analyzer import analyzer_of
from fake_es.ml.engine.categorization.categorizer import Categorizer

# The statistics that ``model_size_stats`` has as sums over all partitions.
_SUMS = (
    "categorized_doc_count", "total_category_count", "frequent_category_count", "rare_category_count",
    "dead_category_count", "failed_category_count",
)  # fmt: skip


class Categorizers:
    """Messages to ``mlcategory`` values, the ids of categories as text.

    :raises UnsupportedAnalyzer: the analyzer has a part that the engine does not know.
    """

    def __init__(self, config: Categorization, state: dict[str, Any] | None = None) -> None:
        state = state or {"next": 1, "partitions": {}}
        self._config = config
        self._tokenize = analyzer_of(config.analyzer, config.filters)
        self._next: int = state["next"]
        self._ids = count(self._next)
        self._partitions: dict[str, Categorizer] = {}
        for partition, entry in state["partitions"].items():
            self._of(partition).restore(entry)

    def _of(self, partition: str) -> Categorizer:
        if partition not in self._partitions:
            self._partitions[partition] = Categorizer(self._tokenize, self._ids, self._config.examples_limit)
        return self._partitions[partition]

    def column(self, messages: Sequence[Any], partitions: Sequence[Any], may_grow: bool) -> list[str | None]:
        """Category ids of messages; None without a message, or where a message can have no category any more.

        :param partitions: values of the partition field, ignored unless categorization is by partition.
        """
        if self._config.partition_field is None:
            return [self._category("", message, may_grow) for message in messages]
        pairs = zip(messages, partitions)
        return [None if name is None else self._category(str(name), message, may_grow) for message, name in pairs]

    def _category(self, partition: str, message: Any, may_grow: bool) -> str | None:
        # An empty message has no category (``CFieldDataCategorizer``).
        if message is None or message == "":
            return None
        categorizer = self._of(partition)
        if self._config.stop_on_warn and categorizer.warned:
            return None
        found = categorizer.category(str(message), may_grow)
        return None if found is None else str(found.id)

    def take_definitions(self) -> list[dict[str, Any]]:
        """Definitions that are new or changed, each with its partition if there are partitions."""
        changed = [
            self._named(partition) | category.definition()
            for partition, categorizer in self._partitions.items()
            for category in categorizer.take_changed()
        ]
        return sorted(changed, key=lambda definition: int(definition["category_id"]))

    def refresh(self) -> None:
        """Bring the numbers of matches up to date: the definitions that are taken next have all matches so far."""
        for categorizer in self._partitions.values():
            categorizer.refresh()

    def _named(self, partition: str) -> dict[str, Any]:
        field = self._config.partition_field
        return {} if field is None else {"partition_field_name": field, "partition_field_value": partition}

    def stats(self) -> list[dict[str, Any]]:
        """Statistics of each categorizer."""
        return [self._named(partition) | categorizer.stats() for partition, categorizer in self._partitions.items()]

    def totals(self) -> dict[str, Any]:
        """Statistics of all categorizers together, for ``model_size_stats``."""
        stats = self.stats()
        warns = any(entry["categorization_status"] == "warn" for entry in stats)
        return {name: sum(entry[name] for entry in stats) for name in _SUMS} | {
            "categorization_status": "warn" if warns and len(stats) == 1 else "ok"
        }

    def state(self) -> dict[str, Any]:
        """Plain data to restore it from."""
        following = max((category["id"] for entry in self._states().values() for category in entry["categories"]), default=0)
        return {"next": following + 1, "partitions": self._states()}

    def _states(self) -> dict[str, dict[str, Any]]:
        return {partition: categorizer.state() for partition, categorizer in self._partitions.items()}
