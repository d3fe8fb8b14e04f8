"""Names of ML's indices and aliases, and ids of the documents in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Release = tuple[int, ...]
# The only type of the documents of ML from 5.5 to 6.x.
_DOC = "doc"


def notifications_index(version: tuple[int, ...]) -> str:
    """Index of audit messages."""
    if version < (7, 7):
        return ".ml-notifications"
    return ".ml-notifications-000001" if version < (7, 16) else ".ml-notifications-000002"


def state_index(version: tuple[int, ...]) -> str:
    """Index of model states."""
    return ".ml-state" if version < (7, 7) else ".ml-state-000001"


def state_aliases(version: tuple[int, ...]) -> tuple[str, ...]:
    """Aliases of the index of model states."""
    return (".ml-state-write",) if version >= (7, 7) else ()


def notifications_aliases(version: tuple[int, ...]) -> tuple[str, ...]:
    """Aliases of the index of audit messages. Older releases write to the index itself (pull request 120064)."""
    return (".ml-notifications-write",) if version >= (8, 18) else ()


def annotations_index(version: tuple[int, ...]) -> str:
    """Index of annotations, from 6.6. The first release with its second name is not certain."""
    return ".ml-annotations-6" if version < (8, 2) else ".ml-annotations-000001"


ANNOTATIONS_ALIASES = (".ml-annotations-read", ".ml-annotations-write")
CONFIG_INDEX = ".ml-config"
META_INDEX = ".ml-meta"
_RESULTS_PREFIX = ".ml-anomalies-"
_SHARED_RESULTS = _RESULTS_PREFIX + "shared"
# From 9.3 names of results indices end in the number of their generation (pull request 136065).
_GENERATIONS_SINCE = (9, 3)
_GENERATION = re.compile(r"-\d{6}\Z", re.ASCII)


def results_index(name: str, version: tuple[int, ...]) -> str:
    """Index of the results of a new job; ``name`` is its ``results_index_name``: ``shared`` or ``custom-...``."""
    index = _RESULTS_PREFIX + name
    return index if version < _GENERATIONS_SINCE or _GENERATION.search(name) else f"{index}-000001"


def document_type(index: str, source: Mapping[str, Any], version: Release) -> str | None:
    """The type of a document of ML; None from 7.0. 5.4 has several types in one index."""
    if version >= (7, 0):
        return None
    if index.startswith(".ml-notifications"):
        return "audit_message"
    if version >= _NEW_IDS_SINCE:
        return _DOC
    if index.startswith(".ml-state"):
        return "quantiles" if "quantile_state" in source else "model_state"
    if not index.startswith(_RESULTS_PREFIX):
        return _DOC
    if "snapshot_doc_count" in source:
        return "model_snapshot"
    if "processed_record_count" in source:
        return "data_counts"
    return "category_definition" if "category_id" in source and "result_type" not in source else "result"


def without_generation(index: str) -> str:
    """The name of a results index without the number of its generation (``MlIndexAndAlias.baseIndexName``)."""
    return _GENERATION.sub("", index)


def is_shared_results(index: str) -> bool:
    """Whether this is the results index of the jobs that name none."""
    return without_generation(index) == _SHARED_RESULTS


def read_alias(job_id: str) -> str:
    """Alias for reading the results of a job (``AnomalyDetectorsIndex.jobResultsAliasedName``)."""
    return f"{_RESULTS_PREFIX}{job_id}"


def write_alias(job_id: str) -> str:
    """Alias for writing the results of a job (``AnomalyDetectorsIndex.resultsWriteAlias``)."""
    return f"{_RESULTS_PREFIX}.write-{job_id}"


# Ids of documents changed with this release. It and later ones still read the older ids (``v54DocumentId`` of the server's
# classes). Functions that take a release return the id of that release.
_NEW_IDS_SINCE = (5, 5)
BOTH_IDS: tuple[Release, Release] = (_NEW_IDS_SINCE, (5, 4))


def data_counts_id(job_id: str, version: Release = _NEW_IDS_SINCE) -> str:
    """Id of a job's data counts."""
    return f"{job_id}_data_counts" if version >= _NEW_IDS_SINCE else f"{job_id}-data-counts"


def timing_stats_id(job_id: str) -> str:
    """Id of a job's timing statistics."""
    return f"{job_id}_timing_stats"


def size_stats_id(job_id: str, log_time: int) -> str:
    """Id of a job's model size statistics at ``log_time`` (epoch milliseconds)."""
    return f"{job_id}_model_size_stats_{log_time}"


def snapshot_id(job_id: str, snapshot: str, version: Release = _NEW_IDS_SINCE) -> str:
    """Id of the description of a model snapshot."""
    return f"{job_id}_model_snapshot_{snapshot}" if version >= _NEW_IDS_SINCE else f"{job_id}-{snapshot}"


def model_state_id(job_id: str, snapshot: str, part: int = 1, version: Release = _NEW_IDS_SINCE) -> str:
    """Id of a part of the model; a large model has several parts."""
    return f"{job_id}_model_state_{snapshot}#{part}" if version >= _NEW_IDS_SINCE else f"{job_id}-{snapshot}#{part}"


def quantiles_id(job_id: str, version: Release = _NEW_IDS_SINCE) -> str:
    """Id of the quantiles with which scores are normalized."""
    return f"{job_id}_quantiles" if version >= _NEW_IDS_SINCE else f"{job_id}-quantiles"


def categorizer_state_id(job_id: str, part: int = 1, version: Release = _NEW_IDS_SINCE) -> str:
    """Id of a part of the state of the categorizer; a large state has several parts."""
    return f"{job_id}_categorizer_state#{part}" if version >= _NEW_IDS_SINCE else f"{job_id}#{part}"


def owner_of_state(document_id: str) -> str | None:
    """The job whose model, quantiles or categorizer state a document of the state index contains; None for other documents."""
    for mark in ("_model_state_", "_quantiles", "_categorizer_state#"):
        job_id, found, _ = document_id.rpartition(mark)
        if found:
            return job_id
    return None


def forecast_stats_id(job_id: str, forecast: str) -> str:
    """Id of the statistics of a forecast."""
    return f"{job_id}_model_forecast_request_stats_{forecast}"


def job_config_id(job_id: str) -> str:
    """Id of a job's configuration."""
    return f"anomaly_detector-{job_id}"


def datafeed_config_id(datafeed_id: str) -> str:
    """Id of a datafeed's configuration."""
    return f"datafeed-{datafeed_id}"
