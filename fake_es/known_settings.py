"""The cluster settings of each release, with their types, defaults and bounds (``ClusterSettings``, ``MachineLearning``).

The table has a line for each: key, kind, default, bounds. A setting that a release does not know is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from fake_es.patterns.wildcards import simple_match
from fake_es.wire.durations import parse_time_value
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, NotImplementedHere, NumberFormat
from fake_es.wire.java import FOR_INPUT_STRING, NOT_BOOLEAN
from fake_es.wire.sizes import parse_size

BAD_VALUE = "Failed to parse value [{value}] for setting [{key}]"
NO_EFFECT = "fake_es does not do what the setting [{key}] asks for"
TOO_SMALL = BAD_VALUE + " must be >= {bound}"
TOO_LARGE = BAD_VALUE + " must be <= {bound}"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting; with a star in its key, a group of settings.

    ``default`` is text, as a client writes it; with None the setting is not shown among the defaults. ``dynamic``: it can be
    changed while the cluster runs. ``least`` and ``most`` are the bounds of a number, ``choices`` the allowed texts.
    ``emulated`` is False where a client would see an effect that fake_es does not have; then only the default is taken.
    """

    key: str
    kind: str = "text"
    default: str | None = None
    least: int | None = None
    most: int | None = None
    choices: tuple[str, ...] = ()
    dynamic: bool = True
    emulated: bool = True
    since: tuple[int, ...] = (0,)
    until: tuple[int, ...] = (99,)

    def read(self, key: str, text: Any, version: tuple[int, ...]) -> Any:
        """Convert the text of a setting to its value: a number, boolean, size in bytes, ``TimeValue``, list or text.

        :raises ElasticsearchError: 400, the text is not a value of this setting.
        """
        try:
            value = _KINDS[self.kind](key, text, version)
        except ElasticsearchError as error:
            if isinstance(error, IllegalArgument):
                raise
            raise IllegalArgument(error.reason, cause=error) from None
        self._check(key, text, value)
        if not self.emulated and (self.default is None or value != _KINDS[self.kind](key, self.default, version)):
            raise NotImplementedHere(NO_EFFECT.format(key=key))
        return value

    def _check(self, key: str, text: Any, value: Any) -> None:
        if self.choices and str(value).lower() not in self.choices:
            raise IllegalArgument(f"Illegal value [{value}] for setting [{key}], known are [{', '.join(self.choices)}]")
        if self.least is not None and value < self.least:
            raise IllegalArgument(TOO_SMALL.format(value=text, key=key, bound=self.least))
        if self.most is not None and value > self.most:
            raise IllegalArgument(TOO_LARGE.format(value=text, key=key, bound=self.most))


def _flag(key: str, text: Any, version: tuple[int, ...]) -> bool:
    if text in ("true", "false"):
        return bool(text == "true")
    raise IllegalArgument(NOT_BOOLEAN.format(value=text))


_WHOLE = re.compile(r"[+-]?\d{1,19}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(\d{1,19}(\.\d*)?|\.\d+)", re.ASCII)


def _number(shape: re.Pattern[str], kind: Callable[[str], Any]) -> Callable[[str, Any, tuple[int, ...]], Any]:
    def read(key: str, text: Any, version: tuple[int, ...]) -> Any:
        if not isinstance(text, str) or not shape.fullmatch(text):
            cause = NumberFormat(FOR_INPUT_STRING.format(text=text))
            raise IllegalArgument(BAD_VALUE.format(value=text, key=key), cause=cause)
        return kind(text)

    return read


def _texts(key: str, text: Any, version: tuple[int, ...]) -> list[str]:
    return list(text) if isinstance(text, list) else [part.strip() for part in str(text).split(",") if part.strip()]


_KINDS: dict[str, Callable[[str, Any, tuple[int, ...]], Any]] = {
    "text": lambda key, text, version: text,
    "texts": _texts,
    "flag": _flag,
    "int": _number(_WHOLE, int),
    "float": _number(_DECIMAL, float),
    "size": lambda key, text, version: parse_size(str(text), key, version),
    "time": lambda key, text, version: parse_time_value(str(text), key, version),
}

_ML = "xpack.ml."
_ROUTING = "cluster.routing.allocation."
_ALLOCATION = ("all", "primaries", "new_primaries", "none")
_TABLE = (
    Setting("action.auto_create_index", default="true"),
    Setting("action.destructive_requires_name", "flag", "true", since=(8, 0)),
    Setting("action.destructive_requires_name", "flag", "false", until=(8, 0)),
    Setting("action.search.shard_count.limit", "int", "9223372036854775807", 1, emulated=False),
    Setting("cluster.blocks.read_only", "flag", "false", emulated=False),
    Setting("cluster.blocks.read_only_allow_delete", "flag", "false", since=(6, 0), emulated=False),
    Setting("cluster.indices.close.enable", "flag", "true"),
    Setting("cluster.info.update.interval", "time", "30s"),
    Setting("cluster.max_shards_per_node", "int", "1000", 1, since=(6, 6), emulated=False),
    Setting("cluster.max_shards_per_node.frozen", "int", "3000", 1, since=(7, 12)),
    Setting("cluster.metadata.*", since=(7, 3)),
    Setting("cluster.name", default="elasticsearch", dynamic=False),
    Setting("cluster.no_master_block", default="write", choices=("all", "write", "metadata_write"), since=(6, 7)),
    Setting("cluster.persistent_tasks.allocation.enable", default="all", choices=("all", "none"), since=(6, 3)),
    Setting("cluster.persistent_tasks.allocation.recheck_interval", "time", "30s", since=(6, 7)),
    Setting("cluster.remote.*", since=(6, 5), emulated=False),
    Setting(_ROUTING + "enable", default="all", choices=_ALLOCATION),
    Setting("cluster.routing.rebalance.enable", default="all", choices=("all", "primaries", "replicas", "none")),
    Setting(_ROUTING + "allow_rebalance", default="indices_all_active"),
    Setting(_ROUTING + "awareness.attributes", "texts"),
    Setting(_ROUTING + "balance.*", "float"),
    Setting(_ROUTING + "cluster_concurrent_rebalance", "int", "2", -1),
    Setting(_ROUTING + "disk.threshold_enabled", "flag", "true"),
    Setting(_ROUTING + "disk.watermark.low", default="85%"),
    Setting(_ROUTING + "disk.watermark.high", default="90%"),
    Setting(_ROUTING + "disk.watermark.flood_stage", default="95%", since=(6, 0)),
    Setting(_ROUTING + "exclude.*"),
    Setting(_ROUTING + "include.*"),
    Setting(_ROUTING + "require.*"),
    Setting(_ROUTING + "node_concurrent_recoveries", "int", "2", 0),
    Setting(_ROUTING + "same_shard.host", "flag", "false"),
    Setting(_ROUTING + "total_shards_per_node", "int", "-1", -1),
    Setting("http.port", default="9200-9300", dynamic=False),
    Setting("indices.breaker.fielddata.limit", default="40%", since=(7, 0)),
    Setting("indices.breaker.request.limit", default="60%", emulated=False),
    Setting("indices.breaker.total.limit", default="95%", since=(7, 0), emulated=False),
    Setting("indices.lifecycle.history_index_enabled", "flag", "true", since=(7, 6)),
    Setting("indices.lifecycle.poll_interval", "time", "10m", since=(6, 6)),
    Setting("indices.query.bool.max_clause_count", "int", "1024", 1, dynamic=False),
    Setting("indices.query.bool.max_nested_depth", "int", "20", 1, dynamic=False, since=(7, 12), until=(8, 6)),
    Setting("indices.query.bool.max_nested_depth", "int", "30", 1, dynamic=False, since=(8, 6)),
    Setting("indices.recovery.max_bytes_per_sec", "size", "40mb"),
    Setting("ingest.geoip.downloader.enabled", "flag", "true", since=(7, 14)),
    Setting("logger.*", choices=("trace", "debug", "info", "warn", "error", "fatal", "off", "all")),
    Setting("node.name", dynamic=False),
    Setting("path.data", "texts", dynamic=False),
    Setting("script.max_compilations_rate", default="75/5m", since=(6, 0)),
    Setting("search.default_allow_partial_results", "flag", "true", since=(6, 4)),
    Setting("search.default_search_timeout", "time", "-1", emulated=False),
    Setting("search.max_buckets", "int", "65536", 0, since=(7, 9)),
    Setting("search.max_buckets", "int", "10000", -1, since=(6, 2), until=(7, 9)),
    Setting("search.max_open_scroll_context", "int", "500", 0, since=(7, 0), emulated=False),
    Setting("slm.history_index_enabled", "flag", "true", since=(7, 5)),
    Setting("stack.templates.enabled", "flag", "true", since=(7, 9)),
    # The older name of ``xpack.ml.max_open_jobs``.
    Setting("max_running_jobs", "int", "10", 1, 512, dynamic=False, until=(6, 1)),
    Setting("max_running_jobs", "int", "20", 1, 512, dynamic=False, since=(6, 1), until=(7, 0)),
    Setting(_ML + "allocated_processors_scale", "int", "1", 1, since=(8, 9), emulated=False),
    Setting(_ML + "autodetect_process", "flag", "true", dynamic=False, emulated=False),
    Setting(_ML + "delayed_data_check_freq", "time", "15m", since=(7, 13)),
    Setting(_ML + "enable_config_migration", "flag", "true", since=(6, 6)),
    Setting(_ML + "enabled", "flag", "true", dynamic=False),
    Setting(_ML + "inference_model.cache_size", default="40%", dynamic=False, since=(7, 5)),
    Setting(_ML + "inference_model.time_to_live", "time", "5m", dynamic=False, since=(7, 5)),
    Setting(_ML + "max_lazy_ml_nodes", "int", "0", 0, 3, since=(6, 5), until=(7, 11)),
    Setting(_ML + "max_lazy_ml_nodes", "int", "0", 0, since=(7, 11)),
    Setting(_ML + "max_machine_memory_percent", "int", "30", 5, 90, dynamic=False, since=(6, 1), until=(6, 5)),
    Setting(_ML + "max_machine_memory_percent", "int", "30", 5, 90, since=(6, 5), until=(7, 11)),
    Setting(_ML + "max_machine_memory_percent", "int", "30", 5, 200, since=(7, 11)),
    Setting(_ML + "max_ml_node_size", "size", "0b", since=(7, 12), emulated=False),
    Setting(_ML + "max_model_memory_limit", "size", "0b", since=(6, 0)),
    Setting(_ML + "max_open_jobs", "int", "10", 1, 512, dynamic=False, since=(6, 0), until=(6, 1)),
    Setting(_ML + "max_open_jobs", "int", "20", 1, 512, dynamic=False, since=(6, 1), until=(7, 2)),
    Setting(_ML + "max_open_jobs", "int", "20", 1, 512, since=(7, 2), until=(7, 13)),
    Setting(_ML + "max_open_jobs", "int", "512", 1, 512, since=(7, 13)),
    Setting(_ML + "min_disk_space_off_heap", "size", "5gb", dynamic=False, since=(6, 4)),
    Setting(_ML + "nightly_maintenance_requests_per_second", "float", "-1.0", -1, since=(7, 9)),
    Setting(_ML + "nightly_maintenance_rollover_max_size", "size", "50gb", since=(9, 1)),
    Setting(_ML + "node_concurrent_job_allocations", "int", "2", 0, dynamic=False, until=(6, 5)),
    Setting(_ML + "node_concurrent_job_allocations", "int", "2", 0, since=(6, 5)),
    Setting(_ML + "persist_results_max_retries", "int", "20", 0, 50, since=(7, 9)),
    Setting(_ML + "process_connect_timeout", "time", "10s", since=(6, 8, 2), until=(7, 0)),
    Setting(_ML + "process_connect_timeout", "time", "10s", since=(7, 3)),
    Setting(_ML + "use_auto_machine_memory_percent", "flag", "false", since=(7, 11), emulated=False),
    Setting("xpack.monitoring.collection.enabled", "flag", "false", since=(6, 3)),
    Setting("xpack.monitoring.exporters.*"),
    Setting("xpack.security.audit.logfile.events.*", since=(6, 5)),
    Setting("xpack.security.enabled", "flag", "true", dynamic=False),
    Setting("xpack.watcher.history.cleaner_service.enabled", "flag", "false"),
)  # fmt: skip


@cache
def known(version: tuple[int, ...]) -> dict[str, Setting]:
    """The settings of a release by key."""
    return {setting.key: setting for setting in _TABLE if setting.since <= version < setting.until}


def find(key: str, version: tuple[int, ...]) -> Setting | None:
    """The setting with that key, or the group that the key belongs to; None if there is neither."""
    settings = known(version)
    exact = settings.get(key)
    if exact is not None:
        return exact
    groups = (setting for setting in settings.values() if setting.key.endswith("*"))
    return next((setting for setting in groups if len(key) >= len(setting.key) and simple_match(key, setting.key)), None)


@cache
def default(key: str, version: tuple[int, ...]) -> Any:
    """The default value of a setting, converted once; None if it has no default.

    :raises KeyError: the release has no such setting.
    """
    setting = find(key, version)
    if setting is None:
        raise KeyError(key)
    return None if setting.default is None else setting.read(key, setting.default, version)
