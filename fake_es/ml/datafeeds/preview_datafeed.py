"""``GET _ml/datafeeds/{datafeed_id}/_preview`` and ``POST _ml/datafeeds/_preview`` (``TransportPreviewDatafeedAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.common.dates import parse_exact_date
from fake_es.ml.common.routes import ml
from fake_es.ml.config.datafeed.datafeed import DATAFEED, completed, read_found
from fake_es.ml.config.job.job import JOB, complete_job
from fake_es.ml.datafeeds import messages
from fake_es.ml.datafeeds.extraction.extractor import Record
from fake_es.ml.datafeeds.extraction.factory import extractor_of
from fake_es.ml.datafeeds.job_rules import check_against_job
from fake_es.ml.datafeeds.rights import owner_of
from fake_es.ml.datafeeds.store import Datafeeds
from fake_es.ml.job_store.jobs import Jobs
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.object_parser import Body, Field, ObjectParser, nested
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

Tree = dict[str, Any]

_PREVIEW_ID, _PREVIEW_JOB = "preview_id", "preview_job_id"
# Default of ``end``: the last millisecond of the year 9999.
_END_OF_TIME = 253_402_300_799_999
# Size of the first batch of aggregated records, in values (``AggregationDataExtractor.BATCH_KEY_VALUE_PAIRS``).
_BATCH = 1000


def _build_job(found: Tree, body: Body) -> Tree:
    return complete_job({"job_id": _PREVIEW_JOB} | found, body.version)


_BODY = ObjectParser(
    "preview_datafeed_action",
    (
        Field("datafeed_config", nested(DATAFEED, read_found)),
        Field("job_config", nested(JOB, _build_job)),
    ),
)


def _read(call: Call) -> Tree | None:
    if not call.body.strip() or call.version < (7, 13):
        return None
    found = _BODY.parse_text(call.json_body())
    datafeed, job = found.get("datafeed_config"), found.get("job_config")
    if "datafeed_id" in call.path_parameters and found:
        raise IllegalArgument(messages.ID_AND_BODY)
    if datafeed is None and job is not None:
        raise IllegalArgument(messages.JOB_WITHOUT_DATAFEED)
    if datafeed is not None and job is None and "job_id" not in datafeed:
        raise IllegalArgument(messages.NO_DEFINITION)
    return found or None


@operation(
    "ml.preview_datafeed",
    routes=[
        *ml("GET", "/datafeeds/{datafeed_id}/_preview"),
        *ml("POST", "/datafeeds/{datafeed_id}/_preview", since=(7, 12)),
        *ml("GET", "/datafeeds/_preview", since=(7, 12)),
        *ml("POST", "/datafeeds/_preview", since=(7, 12)),
    ],
    action="cluster:admin/xpack/ml/datafeeds/preview",
    query=[Parameter("start", parameters.TEXT, since=(8, 3)), Parameter("end", parameters.TEXT, since=(8, 3))],
    body=BodyUse.OPTIONAL,
    body_since=(7, 12),
    parse=_read,
)
def preview_datafeed(call: Call, cluster: Cluster) -> Any:
    """The first page of records that a datafeed would feed. The job need not be open."""
    times = [parse_exact_date(call.params[name], name, call.now, call.version) if call.params.get(name) else default
             for name, default in (("start", 0), ("end", _END_OF_TIME))]  # fmt: skip
    config, job = _configurations(call, cluster)
    if not config.get("aggregations"):
        config = config | {"chunking_config": {"mode": "auto"}}
    extractor = extractor_of(cluster, config, job, owner_of(call))
    extractor.check()
    page = next((page for page in extractor.pages(times[0], times[1]) if page.records), None)
    return [] if page is None else _first_records(page.records, config)


def _configurations(call: Call, cluster: Cluster) -> tuple[Tree, Tree]:
    """The configurations of the datafeed and its job, from the body or by the id of the path.

    :raises ElasticsearchError: 400, neither is given, or they do not fit each other; 404, there is no such datafeed or job.
    """
    if call.request is None:
        datafeed_id = call.path_parameters.get("datafeed_id")
        if datafeed_id is None:
            raise IllegalArgument(messages.NO_DEFINITION)
        config = cluster.part(Datafeeds).get(datafeed_id).tree()
        return config, cluster.part(Jobs).get(config["job_id"]).config_tree()
    given, job = call.request["datafeed_config"], call.request.get("job_config")
    job_id = given.get("job_id", _PREVIEW_JOB)
    job = cluster.part(Jobs).get(job_id).config_tree() if job is None else job
    config = completed({"datafeed_id": _PREVIEW_ID, **given, "job_id": job_id}, call.version)
    check_against_job(config, job, call.version)
    return config, job


def _first_records(records: list[Record], config: Tree) -> list[Record]:
    if not config.get("aggregations"):
        return records[: max(1, config["scroll_size"])]
    values, shown = 0, []
    for record in records:
        if values >= _BATCH:
            break
        shown.append(record)
        values += len(record)
    return shown
