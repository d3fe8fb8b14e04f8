"""Statistics of indices (``CommonStats``). Documents are counted, sizes are estimated, times are 0."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fake_es.indices import messages
from fake_es.indices.index import Index
from fake_es.indices.shard_health import health_of
from fake_es.wire.errors import IllegalArgument

Tree = dict[str, Any]

# Invented sizes of an empty shard and of a document.
_SHARD_BYTES, _DOCUMENT_BYTES = 225, 100


def _size(indices: Sequence[Index]) -> int:
    return sum(health_of(index).primaries * _SHARD_BYTES + _DOCUMENT_BYTES * len(index) for index in indices)


def _docs(indices: Sequence[Index]) -> Tree:
    count = sum(map(len, indices))
    deleted = sum(index.deleted for index in indices)
    return {"count": count, "deleted": deleted, "total_size_in_bytes": _DOCUMENT_BYTES * count}


def _store(indices: Sequence[Index]) -> Tree:
    size = _size(indices)
    return {"size_in_bytes": size, "total_data_set_size_in_bytes": size, "reserved_in_bytes": 0}


def _indexing(indices: Sequence[Index]) -> Tree:
    total = sum(index.max_seq_no + 1 for index in indices)
    return {
        "index_total": total, "index_time_in_millis": 0, "index_current": 0, "index_failed": 0, "delete_total": 0,
        "delete_time_in_millis": 0, "delete_current": 0, "noop_update_total": 0, "is_throttled": False,
        "throttle_time_in_millis": 0, "write_load": 0.0,
    }  # fmt: skip


def _zeros(names: str) -> Callable[[Sequence[Index]], Tree]:
    return lambda indices: dict.fromkeys(names.split(), 0)


_SECTIONS: dict[str, Callable[[Sequence[Index]], Tree]] = {
    "docs": _docs,
    "store": _store,
    "indexing": _indexing,
    "get": _zeros("total time_in_millis exists_total exists_time_in_millis missing_total missing_time_in_millis current"),
    "search": _zeros(
        "open_contexts query_total query_time_in_millis query_current fetch_total fetch_time_in_millis fetch_current"
        " scroll_total scroll_time_in_millis scroll_current suggest_total suggest_time_in_millis suggest_current"
    ),
    "merge": _zeros(
        "current current_docs current_size_in_bytes total total_time_in_millis total_docs total_size_in_bytes"
        " total_stopped_time_in_millis total_throttled_time_in_millis total_auto_throttle_in_bytes"
    ),
    "refresh": _zeros("total total_time_in_millis external_total external_total_time_in_millis listeners"),
    "flush": _zeros("total periodic total_time_in_millis"),
    "warmer": _zeros("current total total_time_in_millis"),
    "query_cache": _zeros("memory_size_in_bytes total_count hit_count miss_count cache_size cache_count evictions"),
    "fielddata": lambda indices: {"memory_size_in_bytes": 0, "evictions": 0, "global_ordinals": {"build_time_in_millis": 0}},
    "completion": _zeros("size_in_bytes"),
    "segments": lambda indices: {
        **_zeros(
            "count memory_in_bytes terms_memory_in_bytes stored_fields_memory_in_bytes term_vectors_memory_in_bytes"
            " norms_memory_in_bytes points_memory_in_bytes doc_values_memory_in_bytes index_writer_memory_in_bytes"
            " version_map_memory_in_bytes fixed_bit_set_memory_in_bytes"
        )(indices),
        "max_unsafe_auto_id_timestamp": -1,
        "file_sizes": {},
    },
    "translog": _zeros("operations size_in_bytes uncommitted_operations uncommitted_size_in_bytes earliest_last_modified_age"),
    "request_cache": _zeros("memory_size_in_bytes evictions hit_count miss_count"),
    "bulk": _zeros("total_operations total_time_in_millis total_size_in_bytes avg_time_in_millis avg_size_in_bytes"),
    "recovery": _zeros("current_as_source current_as_target throttle_time_in_millis"),
}
_RESPONSE_NAMES = {"merge": "merges"}


def check_metrics(metrics: Sequence[str], path: str, release: tuple[int, ...]) -> None:
    """Check the metrics that a request names.

    :raises IllegalArgument: one of them does not exist.
    """
    wrong = [metric for metric in metrics if metric not in (*_SECTIONS, "_all", "suggest")]
    if wrong:
        raise IllegalArgument(messages.NO_METRIC.format(path=path, names=", ".join(f"[{name}]" for name in sorted(wrong))))


def _figures(indices: Sequence[Index], metrics: Sequence[str]) -> Tree:
    wanted = _SECTIONS if "_all" in metrics else [name for name in _SECTIONS if name in metrics]
    return {_RESPONSE_NAMES.get(name, name): _SECTIONS[name](indices) for name in wanted}


def total(indices: Sequence[Index], metrics: Sequence[str]) -> Tree:
    """The statistics of several indices together. Only primaries exist, so ``total`` equals ``primaries``."""
    figures = _figures(indices, metrics)
    return {"primaries": figures, "total": figures}


def of_index(index: Index, metrics: Sequence[str], release: tuple[int, ...]) -> Tree:
    """The statistics of one index."""
    state: Tree = {"uuid": index.uuid} if release >= (6, 4) else {}
    if release >= (8, 1):
        state |= {"health": health_of(index).status, "status": "close" if index.closed else "open"}
    return state | total([index], metrics)
