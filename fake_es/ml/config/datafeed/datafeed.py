"""The whole configuration of a datafeed (``DatafeedConfig.Builder``): reading, checks, defaults, updates, rendering."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fake_es.ml.common.java_random import JavaRandom, string_hash
from fake_es.ml.config import messages as config_messages
from fake_es.ml.config.datafeed import messages
from fake_es.ml.config.datafeed.histogram import Histogram, histogram_of
from fake_es.ml.config.datafeed.parts import (
    CHUNKING,
    DELAYED_DATA_CHECK,
    DURATION,
    INDICES_OPTIONS,
    build_chunking,
    build_delayed_data_check,
    indices_options,
)
from fake_es.ml.config.datafeed.search import (
    AGGREGATIONS,
    QUERY,
    RUNTIME_MAPPINGS,
    SCRIPT_FIELDS,
    refuse_what_is_not_here,
    rendered,
)
from fake_es.ml.config.ids import is_valid_id
from fake_es.wire.durations import TimeValue
from fake_es.wire.errors import IllegalArgument, bad_request
from fake_es.wire.object_parser import BOOLEAN, INT, STRING, STRINGS, Body, Field, ObjectParser, nested, reading

Tree = dict[str, Any]

_CHUNKS_PER_SEARCH = 1000
# ``DatafeedConfig.Builder.MIN_DEFAULT_QUERY_DELAY`` and its counterpart, in milliseconds.
_LEAST_DELAY, _DELAY_BELOW = 60_000, 120_000


def _query_delay(value: TimeValue, body: Body) -> TimeValue:
    if value.amount < 0:
        raise IllegalArgument(config_messages.LESS_THAN.format(field="query_delay", least=0, value=value.text))
    if value.nanos % 10**6:
        raise IllegalArgument(messages.NOT_MS.format(value=value.text))
    return value


def _frequency(value: TimeValue, body: Body) -> TimeValue:
    if value.nanos <= 0:
        raise IllegalArgument(config_messages.NOT_POSITIVE.format(field="frequency", value=value.text))
    if value.nanos % 10**9:
        raise IllegalArgument(config_messages.NOT_WHOLE_SECONDS.format(field="frequency", value=value.text))
    return value


def _scroll_size(value: int, body: Body) -> int:
    if value < 0:
        raise bad_request(messages.INVALID_OPTION.format(field="scroll_size", value=value))
    return value


def _max_empty_searches(value: int, body: Body) -> int:
    if value != -1 and value <= 0:
        raise bad_request(messages.INVALID_OPTION.format(field="max_empty_searches", value=value))
    return value


_FIELDS = (
    Field("datafeed_id", STRING),
    Field("job_id", STRING),
    Field("indices", STRINGS),
    Field("indexes", STRINGS),
    Field("types", STRINGS, until=(7, 0)),
    # A setting of 5.4; later 5.x and 6.x read and ignore it (DatafeedConfig of 5.5).
    Field("_source", BOOLEAN, until=(7, 0)),
    Field("query_delay", reading(DURATION, _query_delay)),
    Field("frequency", reading(DURATION, _frequency)),
    Field("query", QUERY),
    Field("aggregations", AGGREGATIONS),
    Field("aggs", AGGREGATIONS),
    Field("script_fields", SCRIPT_FIELDS),
    Field("scroll_size", reading(INT, _scroll_size)),
    Field("chunking_config", nested(CHUNKING, build_chunking)),
    Field("delayed_data_check_config", nested(DELAYED_DATA_CHECK, build_delayed_data_check), since=(6, 6)),
    Field("max_empty_searches", reading(INT, _max_empty_searches), since=(7, 5)),
    Field("indices_options", nested(INDICES_OPTIONS), since=(7, 7)),
    Field("runtime_mappings", RUNTIME_MAPPINGS, since=(7, 11)),
)
DATAFEED = ObjectParser("datafeed_config", _FIELDS)
DATAFEED_UPDATE = ObjectParser("datafeed_update", _FIELDS)

_SHOWN = (
    "datafeed_id", "job_id", "authorization", "query_delay", "chunking_config", "indices_options", "query", "frequency",
    "indices", "types", "aggregations", "script_fields", "scroll_size", "delayed_data_check_config", "max_empty_searches",
    "runtime_mappings",
)  # fmt: skip
_SHOWN_BEFORE_7 = (
    "datafeed_id", "job_id", "query_delay", "frequency", "indices", "types", "query", "aggregations", "script_fields",
    "scroll_size", "_source", "chunking_config", "delayed_data_check_config",
)  # fmt: skip


def read_found(found: Tree, body: Body, parser: ObjectParser = DATAFEED) -> Tree:
    """Rename what a parser found to the field names of GET, and convert values to the form of GET.

    :raises ElasticsearchError: 400, aggregations are given twice.
    """
    if "aggs" in found and "aggregations" in found and body.version >= (7, 0):
        second = [name for name in found if name in ("aggs", "aggregations")][1]
        raise body.refused_field(parser.name, (second,), bad_request(messages.TWO_AGGS))
    tree: Tree = {}
    for name, value in found.items():
        tree[_RENAMED.get(name, name)] = str(value) if isinstance(value, TimeValue) else value
    # 5.4 shows it if it is true.
    if tree.get("_source") is not True or body.version >= (5, 5):
        tree.pop("_source", None)
    return tree


_RENAMED = {"indexes": "indices", "aggs": "aggregations"}


def completed(tree: Tree, version: tuple[int, ...]) -> Tree:
    """Complete a new configuration with the defaults of the release; fields in the order of GET.

    :raises ElasticsearchError: 400, a field is missing or contradicts another; 501, fake_es cannot run it.
    """
    for name in ("datafeed_id", "job_id"):
        if tree.get(name) is None:
            raise IllegalArgument(messages.NOT_NULL.format(field=name))
    if not is_valid_id(tree["datafeed_id"]):
        raise bad_request(config_messages.INVALID_ID.at(version, field="datafeed_id", id=tree["datafeed_id"]))
    histogram = check_parts(tree, version)
    if tree.get("max_empty_searches") == -1:
        del tree["max_empty_searches"]
    tree = rendered(tree, version)
    return ordered(_defaults(tree, histogram, version) | _with_options(tree, version), version)


def check_parts(tree: Tree, version: tuple[int, ...]) -> Histogram | None:
    """Refuse fields that contradict each other. Return the histogram of the aggregations; None without aggregations.

    :raises ElasticsearchError: 400; 501, fake_es cannot run it.
    """
    for name in ("indices",) if version >= (7, 0) else ("indices", "types"):
        values = tree.get(name, [] if name == "types" else None)
        if values is None or "" in values or (name == "indices" and not values):
            shown = "null" if values is None else f"[{', '.join(values)}]"
            raise bad_request(messages.INVALID_OPTION.format(field=name, value=shown))
    if tree.get("script_fields") and "aggregations" in tree:
        raise bad_request(messages.SCRIPTS_WITH_AGGS)
    histogram = histogram_of(tree["aggregations"], version) if tree.get("aggregations") else None
    refuse_what_is_not_here(tree, version)
    return histogram


def _defaults(tree: Tree, histogram: Histogram | None, version: tuple[int, ...]) -> Tree:
    defaults: Tree = {
        "query_delay": default_query_delay(tree["job_id"], version),
        "query": {"match_all": {}} if version >= (6, 6) else {"match_all": {"boost": 1.0}},
        "scroll_size": 1000,
        "chunking_config": default_chunking(histogram),
    }
    if version < (7, 0):
        defaults["types"] = []
    if version >= (6, 6):
        defaults["delayed_data_check_config"] = {"enabled": True}
    return defaults


def _with_options(tree: Tree, version: tuple[int, ...]) -> Tree:
    return tree | {"indices_options": indices_options(tree.get("indices_options", {}))} if version >= (7, 7) else tree


def default_chunking(histogram: Histogram | None) -> Tree:
    """Default ``chunking_config``: ``auto``, for aggregations 1000 buckets of the histogram per search.

    Composite aggregations have their own pages: ``off``.
    """
    if histogram is None:
        return {"mode": "auto"}
    if histogram.source is not None:
        return {"mode": "off"}
    return {"mode": "manual", "time_span": f"{_CHUNKS_PER_SEARCH * histogram.interval}ms"}


def updated(tree: Tree, update: Mapping[str, Any], version: tuple[int, ...]) -> Tree:
    """Merge an update into the configuration ``tree``.

    :raises ElasticsearchError: 400, fields would contradict each other; 501, fake_es could not run it.
    """
    merged = tree | {name: value for name, value in update.items() if name != "datafeed_id"}
    if merged.get("max_empty_searches") == -1:
        del merged["max_empty_searches"]
    if "indices_options" in update:
        merged["indices_options"] = indices_options(update["indices_options"])
    check_parts(merged, version)
    return ordered(rendered(merged, version), version)


def ordered(tree: Tree, version: tuple[int, ...]) -> Tree:
    """The fields in the order of that release; empty fields are left out."""
    names = _SHOWN if version >= (7, 0) else _SHOWN_BEFORE_7
    shown = {name: tree[name] for name in names if tree.get(name) not in (None, {}) and (name in tree)}
    if shown.get("script_fields"):
        shown["script_fields"] = dict(sorted(shown["script_fields"].items()))
    return shown


def exported(tree: Tree, version: tuple[int, ...]) -> Tree:
    """The configuration without the fields that the server generates (``exclude_generated``)."""
    histogram = histogram_of(tree["aggregations"], version) if "aggregations" in tree else None
    generated = {
        "query_delay": default_query_delay(tree["job_id"], version),
        "chunking_config": default_chunking(histogram),
        "indices_options": indices_options({}),
    }
    kept = {name: value for name, value in tree.items() if name != "authorization"}
    return {name: value for name, value in kept.items() if name not in generated or value != generated[name]}


def default_query_delay(job_id: str, version: tuple[int, ...]) -> str:
    """Default ``query_delay``: one minute up to 5.x, later between one and two minutes (``61499ms``).

    The random number is seeded with the job's id, so it is the same on every cluster.
    """
    if version < (6, 0):
        return "1m"
    return f"{JavaRandom(string_hash(job_id)).long_between(_LEAST_DELAY, _DELAY_BELOW)}ms"
