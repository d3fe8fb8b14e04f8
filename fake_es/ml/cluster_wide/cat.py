"""``_cat/ml/anomaly_detectors`` and ``_cat/ml/datafeeds`` (``RestCatJobsAction``, ``RestCatDatafeedsAction``)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from fake_es.cat.operation import cat, cat_routes
from fake_es.cluster import Cluster
from fake_es.ml.datafeeds.datafeed_stats import datafeed_stats
from fake_es.ml.datafeeds.selection import ALLOW_NO_MATCH as ALLOW_NO_DATAFEEDS
from fake_es.ml.datafeeds.selection import datafeeds_of
from fake_es.ml.job_store.selection import ALLOW_NO_MATCH
from fake_es.ml.jobs.job_stats import stats_of_jobs
from fake_es.wire.call import Call
from fake_es.wire.durations import parse_time_value
from fake_es.wire.human import within_calendar
from fake_es.wire.tables import Column, Millis, Size

Tree = dict[str, Any]
Convert = Callable[[Any], Any]


def _spent(value: float) -> Millis:
    return Millis(int(value))


def _size(value: float) -> Size:
    return Size(int(value))


def _date(instant: int) -> str:
    """A date in the form of Java's ``Date.toString``."""
    within, cycles = within_calendar(instant)
    moment = datetime.fromtimestamp(within // 1000, timezone.utc)
    return moment.strftime("%a %b %d %H:%M:%S UTC ") + str(moment.year + 400 * cycles)


def _as_is(value: Any) -> Any:
    return value


_SINCE = (7, 7)
# One line per column: name, short names, path of the value in the statistics with its conversion, and the description.
# ``*`` marks default columns, ``>`` columns that are aligned to the right.
_CONVERT: dict[str, Convert] = {"": _as_is, "size": _size, "ms": _spent, "time": _date}
_NODE = """
node.id ni,nodeId node.id | id of the assigned node
node.name nn,nodeName node.name | name of the assigned node
node.ephemeral_id ne,nodeEphemeralId node.ephemeral_id | ephemeral id of the assigned node
node.address na,nodeAddress node.transport_address | network address of the assigned node
"""
_JOBS = (
    """
*id - job_id | the job_id
*>state s state | the job state
opened_time ot open_time | the amount of time the job has been opened
assignment_explanation ae assignment_explanation | why the job is or is not assigned to a node
*data.processed_records dpr,dataProcessedRecords data_counts.processed_record_count | number of processed records
data.processed_fields dpf,dataProcessedFields data_counts.processed_field_count | number of processed fields
data.input_bytes dib,dataInputBytes data_counts.input_bytes:size | total input bytes
data.input_records dir,dataInputRecords data_counts.input_record_count | total record count
data.input_fields dif,dataInputFields data_counts.input_field_count | total field count
data.invalid_dates did,dataInvalidDates data_counts.invalid_date_count | number of records with invalid dates
data.missing_fields dmf,dataMissingFields data_counts.missing_field_count | number of records with missing fields
data.out_of_order_timestamps doot,dataOutOfOrderTimestamps data_counts.out_of_order_timestamp_count \
| number of records handled out of order
data.empty_buckets deb,dataEmptyBuckets data_counts.empty_bucket_count | number of empty buckets
data.sparse_buckets dsb,dataSparseBuckets data_counts.sparse_bucket_count | number of sparse buckets
data.buckets db,dataBuckets data_counts.bucket_count | total bucket count
data.earliest_record der,dataEarliestRecord data_counts.earliest_record_timestamp:time | earliest record time
data.latest_record dlr,dataLatestRecord data_counts.latest_record_timestamp:time | latest record time
data.last dl,dataLast data_counts.last_data_time:time | last time data was seen
data.last_empty_bucket dleb,dataLastEmptyBucket data_counts.latest_empty_bucket_timestamp:time \
| last time an empty bucket occurred
data.last_sparse_bucket dlsb,dataLastSparseBucket data_counts.latest_sparse_bucket_timestamp:time \
| last time a sparse bucket occurred
*model.bytes mb,modelBytes model_size_stats.model_bytes:size | model size
*>model.memory_status mms,modelMemoryStatus model_size_stats.memory_status | current memory status
model.bytes_exceeded mbe,modelBytesExceeded model_size_stats.model_bytes_exceeded:size \
| how much the model has exceeded the limit
model.memory_limit mml,modelMemoryLimit model_size_stats.model_bytes_memory_limit:size | model memory limit
model.by_fields mbf,modelByFields model_size_stats.total_by_field_count | count of 'by' fields
model.over_fields mof,modelOverFields model_size_stats.total_over_field_count | count of 'over' fields
model.partition_fields mpf,modelPartitionFields model_size_stats.total_partition_field_count | count of 'partition' fields
model.bucket_allocation_failures mbaf,modelBucketAllocationFailures model_size_stats.bucket_allocation_failures_count \
| number of bucket allocation failures
>model.categorization_status mcs,modelCategorizationStatus model_size_stats.categorization_status \
| current categorization status
model.categorized_doc_count mcdc,modelCategorizedDocCount model_size_stats.categorized_doc_count \
| count of categorized documents
model.total_category_count mtcc,modelTotalCategoryCount model_size_stats.total_category_count | count of categories
model.frequent_category_count mfcc,modelFrequentCategoryCount model_size_stats.frequent_category_count \
| count of frequent categories
model.rare_category_count mrcc,modelRareCategoryCount model_size_stats.rare_category_count | count of rare categories
model.dead_category_count mdcc,modelDeadCategoryCount model_size_stats.dead_category_count | count of dead categories
model.failed_category_count mfcc,modelFailedCategoryCount model_size_stats.failed_category_count \
| count of failed categories
model.log_time mlt,modelLogTime model_size_stats.log_time:time | when the model stats were gathered
model.timestamp mt,modelTimestamp model_size_stats.timestamp:time \
| the time of the last record when the model stats were gathered
*forecasts.total ft,forecastsTotal forecasts_stats.total | total number of forecasts
forecasts.memory.min fmmin,forecastsMemoryMin forecasts_stats.memory_bytes.min:size | minimum memory used by forecasts
forecasts.memory.max fmmax,forecastsMemoryMax forecasts_stats.memory_bytes.max:size | maximum memory used by forecasts
forecasts.memory.avg fmavg,forecastsMemoryAvg forecasts_stats.memory_bytes.avg:size | average memory used by forecasts
forecasts.memory.total fmt,forecastsMemoryTotal forecasts_stats.memory_bytes.total:size \
| total memory used by all forecasts
forecasts.records.min frmin,forecastsRecordsMin forecasts_stats.records.min | minimum record count for forecasts
forecasts.records.max frmax,forecastsRecordsMax forecasts_stats.records.max | maximum record count for forecasts
forecasts.records.avg fravg,forecastsRecordsAvg forecasts_stats.records.avg | average record count for forecasts
forecasts.records.total frt,forecastsRecordsTotal forecasts_stats.records.total | total record count for all forecasts
forecasts.time.min ftmin,forecastsTimeMin forecasts_stats.processing_time_ms.min:ms | minimum runtime for forecasts
forecasts.time.max ftmax,forecastsTimeMax forecasts_stats.processing_time_ms.max:ms | maximum run time for forecasts
forecasts.time.avg ftavg,forecastsTimeAvg forecasts_stats.processing_time_ms.avg \
| average runtime for all forecasts (milliseconds)
forecasts.time.total ftt,forecastsTimeTotal forecasts_stats.processing_time_ms.total:ms | total runtime for all forecasts
"""
    + _NODE.lstrip()
    + """
*buckets.count bc,bucketsCount timing_stats.bucket_count | bucket count
buckets.time.total btt,bucketsTimeTotal timing_stats.total_bucket_processing_time_ms:ms | total bucket processing time
buckets.time.min btmin,bucketsTimeMin timing_stats.minimum_bucket_processing_time_ms:ms \
| minimum bucket processing time
buckets.time.max btmax,bucketsTimeMax timing_stats.maximum_bucket_processing_time_ms:ms \
| maximum bucket processing time
buckets.time.exp_avg btea,bucketsTimeExpAvg timing_stats.exponential_average_bucket_processing_time_ms \
| exponential average bucket processing time (milliseconds)
buckets.time.exp_avg_hour bteah,bucketsTimeExpAvgHour \
timing_stats.exponential_average_bucket_processing_time_per_hour_ms \
| exponential average bucket processing time by hour (milliseconds)
"""
)
_DATAFEEDS = (
    """
*id - datafeed_id | the datafeed_id
*>state s state | the datafeed state
assignment_explanation ae assignment_explanation | why the datafeed is or is not assigned to a node
*buckets.count bc,bucketsCount timing_stats.bucket_count | bucket count
*search.count sc,searchCount timing_stats.search_count | number of searches ran by the datafeed
search.time st,searchTime timing_stats.total_search_time_ms:ms | the total search time
search.bucket_avg sba,searchBucketAvg timing_stats.average_search_time_per_bucket_ms \
| the average search time per bucket (millisecond)
search.exp_avg_hour seah,searchExpAvgHour timing_stats.exponential_average_search_time_per_hour_ms \
| the exponential average search time per hour (millisecond)
"""
    + _NODE
)


class _Table:
    """The columns of a table, and the conversion of statistics to rows."""

    def __init__(self, text: str) -> None:
        self.columns: list[Column] = []
        self._cells: dict[str, tuple[tuple[str, ...], Convert]] = {}
        for line in filter(None, text.split("\n")):
            self._add(*line.split(" | "))

    def _add(self, cells: str, meaning: str) -> None:
        marked, aliases, place = cells.split()
        name = marked.lstrip("*>")
        path, _, kind = place.partition(":")
        short = () if aliases == "-" else tuple(aliases.split(","))
        self.columns.append(Column(name, short, meaning, default=marked.startswith("*"), right=">" in marked))
        self._cells[name] = (tuple(path.split(".")), _CONVERT[kind])

    def row(self, stats: Tree) -> Tree:
        """The cells of one job or datafeed; a cell without a value in the statistics is None."""
        row = {}
        for name, (path, convert) in self._cells.items():
            value: Any = stats
            for part in path:
                value = None if value is None else value.get(part)
            row[name] = None if value is None else convert(value)
        return row


_OF_JOBS, _OF_DATAFEEDS = _Table(_JOBS), _Table(_DATAFEEDS)


@cat(
    "cat.ml_jobs",
    routes=cat_routes("/ml/anomaly_detectors", "/ml/anomaly_detectors/{job_id}", since=_SINCE),
    action="cluster:monitor/xpack/ml/job/stats/get",
    columns=_OF_JOBS.columns,
    query=ALLOW_NO_MATCH,
)
def ml_jobs(call: Call, cluster: Cluster) -> list[Tree]:
    """A table of jobs with their statistics."""
    return [_OF_JOBS.row(_with_duration(stats)) for stats in stats_of_jobs(call, cluster)]


def _with_duration(stats: Tree) -> Tree:
    """Convert ``open_time`` to a duration, so that the parameter ``time`` can set its unit."""
    opened = stats.get("open_time")
    return stats if opened is None else stats | {"open_time": Millis(parse_time_value(opened, "", _SINCE).ms)}


@cat(
    "cat.ml_datafeeds",
    routes=cat_routes("/ml/datafeeds", "/ml/datafeeds/{datafeed_id}", since=_SINCE),
    action="cluster:monitor/xpack/ml/datafeeds/stats/get",
    columns=_OF_DATAFEEDS.columns,
    query=ALLOW_NO_DATAFEEDS,
)
def ml_datafeeds(call: Call, cluster: Cluster) -> list[Tree]:
    """A table of datafeeds with their statistics."""
    return [_OF_DATAFEEDS.row(_with_average(datafeed_stats(cluster, each))) for each in datafeeds_of(call, cluster)]


def _with_average(stats: Tree) -> Tree:
    """Add the average search time per bucket if it is missing: this API shows 0 for a datafeed without buckets."""
    timing = {"average_search_time_per_bucket_ms": 0.0} | stats.get("timing_stats", {})
    return stats | {"timing_stats": timing}
