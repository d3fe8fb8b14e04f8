"""Results that a client has indexed by hand, and what tests look for in the indices of ML."""

from __future__ import annotations

from typing import Any

from fake_es.indices.system_indices import SystemIndices
from fake_es.search.system_search import SystemSearch
from tests.spec.answering import checked
from tests.support import Http, http

START = 1_464_739_200_000  # 2016-06-01T00:00:00Z
HOUR = 3_600_000
COUNT: dict[str, Any] = {"analysis_config": {"detectors": [{"function": "count"}]}, "data_description": {}}


def emulator(version: str = "9.5", **settings: Any) -> Http:
    """An emulator whose answers are held against the specification, where that is at hand and of its release."""
    return checked(version, **settings) if version.startswith("9.") else http(version, **settings)


def fresh(*job_ids: str, version: str = "9.5", **analysis: Any) -> Http:
    """An emulator with these jobs; keywords go into their ``analysis_config``."""
    fake = emulator(version)
    for job_id in job_ids or ("x",):
        config = {"detectors": [{"function": "mean", "field_name": "f", "by_field_name": "airline"}], "bucket_span": "1h"}
        assert fake.put(job_id, {"analysis_config": config | analysis, "data_description": {}}).status == 200
    return fake


def results_mapping(version: str) -> Any:
    """How a release maps the results of its first job."""
    fake = http(version)
    assert fake.put("x", COUNT).status == 200
    (index,) = fake("GET", "/.ml-anomalies-x/_mapping").body.values()
    found = index["mappings"]
    return found.get("doc", found.get("result", found))


def store(fake: Http, *documents: dict[str, Any], index: str | None = None, job_id: str = "x") -> None:
    """Index documents of a job, by default beside the results of jobs that name no index."""
    for document in documents:
        fake.fake.cluster.part(SystemIndices).put(index or fake.shared_results, None, {"job_id": job_id} | document)


def sources(fake: Http, index: str, **term: Any) -> list[dict[str, Any]]:
    """Documents of which fields have these values, in the order they were indexed."""
    query = {"bool": {"filter": [{"term": {name: value}} for name, value in term.items()]}}
    return [document.source for document in fake.fake.cluster.part(SystemSearch).scan(index, query)]


def audits(fake: Http, job_id: str = "x") -> list[str]:
    """Audit messages of a job, in the order they were written."""
    return [source["message"] for source in sources(fake, ".ml-notifications*", job_id=job_id)]
