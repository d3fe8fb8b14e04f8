"""What a subject of the fuzzer of types is: a good request, and the requests that use what it has made."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.fuzz.bodies import START

Step = tuple[str, str, Any]


class Subject(NamedTuple):
    """A request, and what is asked after each change of its body that was taken."""

    name: str
    method: str
    target: str
    body: Any
    after: tuple[Step, ...] = ()


DOC = {
    "time": START,
    "value": 1.5,
    "n": 3,
    "host": "web",
    "message": "it failed",
    "ip": "10.0.0.1",
    "flag": True,
    "place": {"lat": 1.0, "lon": 2.0},
    "objects": [{"a": 1}],
    "d": "2016-06-01T00:00:00Z",
}
MAPPINGS: dict[str, Any] = {
    "dynamic": "true",
    "date_detection": True,
    "dynamic_date_formats": ["yyyy"],
    "_source": {"enabled": True},
    "dynamic_templates": [{"t": {"match": "s_*", "match_mapping_type": "string", "mapping": {"type": "keyword"}}}],
    "_meta": {"a": 1},
    "properties": {
        "time": {"type": "date", "format": "epoch_millis||strict_date_optional_time", "null_value": 0},
        "value": {"type": "double", "coerce": True, "ignore_malformed": False, "index": True, "doc_values": True},
        "n": {"type": "long", "null_value": 1, "store": True},
        "host": {"type": "keyword", "ignore_above": 100, "fields": {"t": {"type": "text", "analyzer": "standard"}}},
        "message": {"type": "text", "fielddata": True, "search_analyzer": "simple", "copy_to": ["host"]},
        "ip": {"type": "ip"},
        "flag": {"type": "boolean"},
        "place": {"type": "geo_point"},
        "d": {"type": "date"},
        "sf": {"type": "scaled_float", "scaling_factor": 10},
        "half": {"type": "half_float"},
        "ul": {"type": "unsigned_long"},
        "objects": {"type": "nested", "properties": {"a": {"type": "integer"}}},
        "flat": {"type": "flattened", "depth_limit": 3},
        "other": {"type": "alias", "path": "host"},
        "o": {"type": "object", "enabled": True, "dynamic": "strict"},
    },
}
SCRIPT = {"source": "doc['n'].value * params.f", "lang": "painless", "params": {"f": 2}}
