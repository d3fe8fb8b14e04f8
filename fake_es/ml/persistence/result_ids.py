"""Ids of result documents by their result type."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

Document = dict[str, Any]
_NUMBER = "sequence_num"
_NUMBERED = frozenset({"record", "influencer"})


def document_id(result: Document, version: tuple[int, ...]) -> str:
    """The id of a result's document. In 5.4 it does not tell the kind of buckets and of results that are ``numbered``."""
    if version < (5, 5) and (result["result_type"] == "bucket" or _NUMBER in result):
        return "_".join(str(result[name]) for name in ("job_id", "timestamp", "bucket_span", _NUMBER) if name in result)
    return _IDS[result["result_type"]](result)


def numbered(results: Iterable[Document]) -> list[Document]:
    """Results as 5.4 has them: records and influencers of a bucket have a ``sequence_num``, from 1 on.

    In which order the process of 5.4 numbers them is not known.
    """
    last: Counter[int] = Counter()

    def with_number(result: Document) -> Document:
        last[result["timestamp"]] += 1
        return result | {_NUMBER: last[result["timestamp"]]}

    results = [with_number(result) if result["result_type"] in _NUMBERED else result for result in results]
    # Those of its influencers are in the bucket only.
    return [
        result | {"bucket_influencers": [with_number(influencer) for influencer in result["bucket_influencers"]]}
        if result["result_type"] == "bucket" and "bucket_influencers" in result
        else result
        for result in results
    ]


def values_id(*values: str | None) -> str:
    """A short text for values of split fields: a hash and their total length (``MachineLearningField.valuesToId``).

    The server uses another hash function, which clients cannot tell from the id.
    """
    text = "".join(value for value in values if value is not None)
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return f"{int.from_bytes(digest, 'big', signed=True)}_{len(text)}"


def _timed(result: Document, kind: str, *rest: Any) -> str:
    parts = (result["job_id"], kind, result["timestamp"], result["bucket_span"], *rest)
    return "_".join(map(str, parts))


def _splits(result: Document) -> str:
    return values_id(*(result.get(f"{kind}_field_value") for kind in ("by", "over", "partition")))


def _influencer(result: Document) -> str:
    return _timed(result, "influencer", result["influencer_field_name"], values_id(result["influencer_field_value"]))


def _record(result: Document) -> str:
    # ``metric`` has up to three records of a series in one bucket, with different descriptions.
    tells = (result["function_description"],) if result["function"] == "metric" else ()

    return _timed(result, "record", result["detector_index"], *tells, _splits(result))


def _categorizer_stats(result: Document) -> str:
    partition = result.get("partition_field_value")
    last = "" if partition is None else f"_{values_id(partition)}"
    return f"{result['job_id']}_categorizer_stats_{result['log_time']}{last}"


_IDS: dict[str, Callable[[Document], str]] = {
    "bucket": lambda result: _timed(result, "bucket"),
    "record": _record,
    "influencer": _influencer,
    "bucket_influencer": lambda result: _timed(result, "bucket_influencer", result["influencer_field_name"]),
    "model_plot": lambda result: _timed(result, "model_plot", result["detector_index"], _splits(result)),
    "categorizer_stats": _categorizer_stats,
    "category_definition": lambda result: f"{result['job_id']}_category_definition_{result['category_id']}",
}
