"""Parts of ``analysis_config`` that 7.0 removed: several bucket spans, overlapping buckets, normalization by partition.

Source: ``AnalysisConfig.Builder`` of 5.x and 6.x.
"""

from __future__ import annotations

from typing import Any

from fake_es.ml.config import messages as config_messages
from fake_es.ml.config.job import messages
from fake_es.ml.config.job.functions import NEEDS_BY
from fake_es.wire.durations import TimeValue, parse_time_value
from fake_es.wire.errors import IllegalArgument, bad_request
from fake_es.wire.object_parser import BOOLEAN, LONG, STRINGS, Body, Field, reading

SPANS, OVERLAPPING, WINDOW, BY_PARTITION = (
    "multiple_bucket_spans", "overlapping_buckets", "result_finalization_window", "use_per_partition_normalization",
)  # fmt: skip


def _spans(values: list[str], body: Body) -> list[TimeValue]:
    return [parse_time_value(value, SPANS, body.version) for value in values]


FIELDS = (
    Field(SPANS, reading(STRINGS, _spans), until=(7, 0)),
    Field(OVERLAPPING, BOOLEAN, until=(7, 0)),
    Field(WINDOW, LONG, until=(7, 0)),
    Field(BY_PARTITION, BOOLEAN, until=(6, 5)),
)


def check_spans(found: dict[str, Any]) -> None:
    """Refuse old settings that do not fit the bucket span.

    :raises ElasticsearchError: 400, a negative window, or an additional span that is not a multiple of the bucket span.
    """
    if found.get(WINDOW, 0) < 0:
        raise IllegalArgument(config_messages.LESS_THAN.format(field=WINDOW, least=0, value=found[WINDOW]))
    main = found["bucket_span"]
    for span in found.get(SPANS, ()):
        if span.ms % main.ms or span.ms <= main.ms:
            raise bad_request(messages.SPAN_NOT_MULTIPLE.format(span=span.text, main=main.text))


def show_spans(tree: dict[str, Any]) -> None:
    """Convert the additional spans to text, in the units of the request."""
    if SPANS in tree:
        tree[SPANS] = [str(span) for span in tree[SPANS]]


def check_detectors(found: dict[str, Any]) -> None:
    """Refuse old settings that do not fit the detectors.

    :raises ElasticsearchError: 400, overlapping buckets with a rare function, or normalization by partition without a
        partition field.
    """
    if found.get(OVERLAPPING):
        rare = [entry["function"] for entry in found["detectors"] if entry["function"] in NEEDS_BY]
        if rare:
            raise IllegalArgument(messages.OVERLAPPING_FUNCTION.format(functions=", ".join(rare)))
    if not found.get(BY_PARTITION):
        return
    if not any("partition_field_name" in entry for entry in found["detectors"]):
        raise bad_request(messages.NORMALIZATION_NEEDS_PARTITION)
    if found.get("influencers"):
        raise bad_request(messages.NORMALIZATION_WITH_INFLUENCERS)
