"""Writes aggregations as releases 5.4 to 6.5 show them in a datafeed: with all defaults (``toXContent``).

The aggregations must be valid: they are not checked here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_es.script.rendering import render_script
from fake_es.search.aggregations.date_histogram import offset_of
from fake_es.search.aggregations.percentiles import DEFAULT_PERCENTS
from fake_es.search.query.rendering import render_query
from fake_es.search.rendering import Option, count, flag, items_of, lower, number, render, text
from fake_es.wire.numbers import double_of

Tree = dict[str, Any]
Release = tuple[int, ...]

_SOURCE = (
    Option("field"), Option("script"), Option("missing"), Option("format"), Option("time_zone"), Option("value_type"),
)  # fmt: skip
_KEY_ORDER = {"_key": "asc"}
_HISTOGRAM = (
    Option("order", _KEY_ORDER), Option("keyed", False, flag), count("min_doc_count", 0), Option("extended_bounds"),
)  # fmt: skip


def _doubles(given: Any) -> list[float]:
    return [double_of(value) for value in items_of(given)]


def _clause(given: Any) -> Any:
    return [text(value) for value in given] if isinstance(given, list) else given


def _ranges(given: list[Tree]) -> list[Tree]:
    return [{name: _end(part[name]) for name in ("key", "from", "to") if part.get(name) is not None} for part in given]


def _end(value: Any) -> Any:
    return float(value) if isinstance(value, (int, float)) else value


_DIGEST = (
    Option("keyed", True, flag), Option("tdigest", {"compression": 100.0}), Option("hdr"),
)  # fmt: skip
# The options that follow those of ``_SOURCE``, by kind of aggregation.
_OF_VALUES: dict[str, tuple[Option, ...]] = {
    **dict.fromkeys(("min", "max", "avg", "sum", "value_count", "stats", "missing", "geo_centroid"), ()),
    "extended_stats": (number("sigma", 2.0),),
    "cardinality": (count("precision_threshold"),),
    "geo_bounds": (Option("wrap_longitude", True, flag),),
    "percentiles": (Option("percents", list(DEFAULT_PERCENTS), _doubles), *_DIGEST),
    "percentile_ranks": (Option("values", read=_doubles), *_DIGEST),
    "range": (Option("ranges", read=_ranges), Option("keyed", False, flag)),
    "date_range": (Option("ranges", read=_ranges), Option("keyed", False, flag)),
    "histogram": (number("interval"), number("offset", 0.0), *_HISTOGRAM),
    "date_histogram": (Option("interval"), Option("offset", 0, lambda given: offset_of(given, (6, 5))), *_HISTOGRAM),
    "terms": (
        count("size", 10), count("shard_size"), count("min_doc_count", 1), count("shard_min_doc_count", 0),
        Option("show_term_doc_count_error", False, flag), Option("execution_hint"), Option("order"), Option("collect_mode"),
        Option("include", read=_clause), Option("exclude", read=_clause),
    ),
}  # fmt: skip


def _named_paths(given: Any) -> Tree:
    """The paths of a script by their names."""
    if isinstance(given, dict):
        return dict(sorted(given.items()))
    paths = items_of(given)
    return {"_value": paths[0]} if len(paths) == 1 else {f"_value{place}": path for place, path in enumerate(paths)}


def _sorts(given: Any) -> list[Tree]:
    """The sort keys of ``bucket_sort``, each as ``{path: {"order": "asc"}}``."""
    steps = [{step: "asc"} if isinstance(step, str) else step for step in items_of(given)]
    return [
        {path: {"order": "asc"} | (way if isinstance(way, dict) else {"order": way}) for path, way in step.items()}
        for step in steps
    ]


_NAMED = Option("buckets_path", read=_named_paths)
_PATHS = Option("buckets_path", read=items_of)
_FORMAT, _GAPS = Option("format"), Option("gap_policy", "skip", lower)
_SIBLING = (_PATHS, _FORMAT, _GAPS)
_WITHOUT_VALUES: dict[str, tuple[Option, ...]] = {
    "global": (),
    "nested": (Option("path"),),
    "reverse_nested": (Option("path"),),
    "top_hits": (
        count("from", 0), count("size", 3), Option("version", False, flag), Option("explain", False, flag), Option("_source"),
        Option("stored_fields"), Option("docvalue_fields"), Option("script_fields"), Option("sort"), Option("track_scores"),
        Option("highlight"),
    ),
    "weighted_avg": (Option("value"), Option("weight"), Option("format"), Option("value_type")),
    "bucket_script": (_NAMED, Option("script"), _FORMAT, _GAPS),
    "bucket_selector": (_NAMED, Option("script"), _GAPS),
    "bucket_sort": (Option("sort", [], _sorts), count("from", 0), count("size"), _GAPS),
    "moving_fn": (Option("buckets_path"), Option("script"), _FORMAT, _GAPS, count("window")),
    "derivative": (_PATHS, _FORMAT, _GAPS, Option("unit")),
    "cumulative_sum": (_PATHS, _FORMAT),
    "serial_diff": (_PATHS, _FORMAT, _GAPS, count("lag", 1)),
    **dict.fromkeys(("avg_bucket", "sum_bucket", "max_bucket", "min_bucket", "stats_bucket"), _SIBLING),
    "extended_stats_bucket": (*_SIBLING, number("sigma", 2.0)),
    "percentiles_bucket": (*_SIBLING, Option("percents", list(DEFAULT_PERCENTS), _doubles)),
}  # fmt: skip


def render_aggregations(tree: Tree, release: Release) -> Tree:
    """Valid aggregations as the server shows them: pipelines last, all options with their defaults."""
    from fake_es.search.aggregations.registry import kind_of

    shown: Tree = {}
    pipelines: Tree = {}
    for name, body in tree.items():
        type_ = next(key for key in body if key not in ("aggs", "aggregations", "meta"))
        subs = body.get("aggregations", body.get("aggs"))
        rendered: Tree = {"meta": body["meta"]} if body.get("meta") is not None else {}
        rendered[type_] = _one(type_, body[type_], release)
        if subs:
            rendered["aggregations"] = render_aggregations(subs, release)
        kind = kind_of(type_, release)
        (pipelines if kind is not None and kind.is_pipeline else shown)[name] = rendered
    return shown | pipelines


def _one(type_: str, body: Tree, release: Release) -> Tree:
    if type_ in _SPECIAL:
        return _SPECIAL[type_](body, release)
    if type_ == "terms":
        body = body | {"order": _order(body.get("order", {"_count": "desc"}), "_term", release)}
    elif type_ in ("histogram", "date_histogram") and "order" in body:
        body = body | {"order": _order(body["order"], "_key", release)}
    options = (*_SOURCE, *_OF_VALUES[type_]) if type_ in _OF_VALUES else _WITHOUT_VALUES[type_]
    shown = render(body, options, release)
    if "script" in shown:
        shown["script"] = render_script(shown["script"], release)
    if "hdr" in shown:
        del shown["tdigest"]
    return shown


def _order(given: Any, old_key: str, release: Release) -> Any:
    """The order of buckets. The key is added as the last step, unless the key is the only step (``CompoundOrder``).

    Before 6.0 the key of terms was ``_term``. The order of terms was always a list, the order of histograms never.
    """
    key = "_key" if release >= (6, 0) else old_key
    steps = [
        {key if path in ("_key", "_term", "_time") else path: lower(way) for path, way in step.items()}
        for step in items_of(given)
    ]
    if release < (6, 0) and old_key == "_key":
        return steps[0]
    if len(steps) == 1 and key in steps[0] and release >= (6, 0):
        return steps[0]
    return steps if key in steps[-1] else [*steps, {key: "asc"}]


def _filters(body: Tree, release: Release) -> Tree:
    given = body["filters"]
    if isinstance(given, list):
        shown: Any = [render_query(query, release) for query in given]
    else:
        shown = {name: render_query(query, release) for name, query in sorted(given.items())}
    options = (Option("other_bucket", "other_bucket_key" in body, flag), Option("other_bucket_key", "_other_"))
    return {"filters": shown, **render(body, options, release)}


_SPECIAL: dict[str, Callable[[Tree, Release], Tree]] = {"filter": render_query, "filters": _filters}
