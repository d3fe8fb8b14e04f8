"""The kinds of results and their form in answers (``Bucket.toXContent`` and similar methods of the server)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fake_es.ml.persistence.document_shapes import Part, Shape, Source, optional, texts
from fake_es.ml.persistence.mappings import RESERVED
from fake_es.ml.results.grok import grok_pattern


def _field_values(source: Source) -> Iterator[tuple[str, Any]]:
    """Names and values of the data's fields in a record: split fields and influencers."""
    for kind in ("by", "over", "partition"):
        yield source.get(f"{kind}_field_name") or "", source.get(f"{kind}_field_value")
    for influencer in source.get("influencers") or ():
        for value in influencer.get("influencer_field_values") or ():
            yield influencer.get("influencer_field_name") or "", value


def input_fields(source: Source) -> dict[str, Any]:
    """Values of the data's fields in a record, by field name."""
    found: dict[str, dict[Any, None]] = {}
    for name, value in _field_values(source):
        if name and value is not None and name not in RESERVED:
            found.setdefault(name, {})[value] = None
    return {name: list(values) for name, values in found.items()}


def _influencer_field(source: Source) -> dict[str, Any]:
    name = source.get("influencer_field_name")
    return {} if not name or name in RESERVED else {name: source.get("influencer_field_value")}


def _category_fields(source: Source) -> dict[str, Any]:
    name = source.get("partition_field_name")
    return {} if not name or name in RESERVED else {name: source.get("partition_field_value")}


def _grok_pattern(shown: Source) -> str:
    return grok_pattern(shown["regex"], [str(example) for example in shown["examples"]])


# The time at which a result was written (pull request 148583).
_EVENT = Part("event", since=(9, 5))
# The number of a result in its bucket.
_NUMBER = Part("sequence_num", 0, until=(5, 5))
_INFLUENCE = Shape(
    "influence",
    *texts("influencer_field_name"),
    Part("influencer_field_values", texts=True),
)
_BUCKET_INFLUENCER = Shape(
    "bucket_influencer",
    Part("job_id", ""),
    Part("result_type", "bucket_influencer"),
    *texts("influencer_field_name"),
    Part("initial_anomaly_score", 0.0),
    Part("anomaly_score", 0.0),
    Part("raw_anomaly_score", 0.0),
    Part("probability", 0.0),
    *optional("timestamp"),
    Part("bucket_span", 0),
    _NUMBER,
    Part("is_interim", False),
    _EVENT,
)
BUCKET = Shape(
    "bucket",
    Part("job_id", ""),
    *optional("timestamp"),
    Part("anomaly_score", 0.0),
    Part("bucket_span", 0),
    Part("initial_anomaly_score", 0.0),
    Part("record_count", 0, until=(6, 0)),
    *optional("records"),
    Part("event_count", 0),
    Part("is_interim", False),
    Part("bucket_influencers", [], each=_BUCKET_INFLUENCER),
    Part("processing_time_ms", 0),
    Part("partition_scores", until=(6, 5)),
    Part("scheduled_events", since=(6, 2)),
    Part("result_type", "bucket"),
    _EVENT,
)
RECORD = Shape(
    "record",
    Part("job_id", ""),
    Part("result_type", "record"),
    Part("probability", 0.0),
    Part("multi_bucket_impact", since=(6, 5)),
    Part("record_score", 0.0),
    Part("initial_record_score", 0.0),
    Part("bucket_span", 0),
    Part("detector_index", 0),
    _NUMBER,
    Part("is_interim", False),
    *optional("timestamp"),
    *texts(
        "by_field_name", "by_field_value", "correlated_by_field_value", "partition_field_name", "partition_field_value",
        "function", "function_description",
    ),
    *optional("typical", "actual"),
    *texts("field_name", "over_field_name", "over_field_value"),
    *optional("causes"),
    Part("influencers", each=_INFLUENCE),
    Part("geo_results", since=(7, 6)),
    Part("anomaly_score_explanation", since=(8, 6)),
    _EVENT,
    further=input_fields,
)  # fmt: skip
INFLUENCER = Shape(
    "influencer",
    Part("job_id", ""),
    Part("result_type", "influencer"),
    *texts("influencer_field_name", "influencer_field_value"),
    Part("influencer_score", 0.0),
    Part("initial_influencer_score", 0.0),
    Part("probability", 0.0),
    _NUMBER,
    Part("bucket_span", 0),
    Part("is_interim", False),
    *optional("timestamp"),
    _EVENT,
    further=_influencer_field,
)
CATEGORY = Shape(
    "category_definition",
    Part("job_id", ""),
    Part("category_id", 0),
    *texts("partition_field_name", "partition_field_value"),
    Part("terms", "", text=True),
    Part("regex", "", text=True),
    Part("max_matching_length", 0),
    Part("examples", [], texts=True),
    Part("grok_pattern", since=(6, 4), computed=_grok_pattern),
    Part("preferred_to_categories", since=(7, 8)),
    Part("num_matches", since=(7, 8)),
    Part("result_type", "category_definition", since=(7, 10)),
    Part("mlcategory", since=(7, 10), computed=lambda shown: str(shown["category_id"])),
    times=(),
    further=_category_fields,
)
