"""``GET _ml/datafeeds/{datafeed_id}/_preview`` and ``POST _ml/datafeeds/_preview`` (``TransportPreviewDatafeedAction``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from fake_es.cluster import Cluster
from fake_es.ml.common.dates import parse_exact_date
from fake_es.ml.common.routes import ml
from fake_es.ml.config.datafeed import messages as config_messages
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
from fake_es.wire.errors import ActionRequestValidation, IllegalArgument, ParseError
from fake_es.wire.object_parser import STRING, Body, Field, ObjectParser, nested
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


_TIMES, _TIMES_SINCE = ("start", "end"), (8, 3)
_BODY = ObjectParser(
    "preview_datafeed_action",
    (
        Field("datafeed_config", nested(DATAFEED, read_found)),
        Field("job_config", nested(JOB, _build_job)),
        *(Field(name, STRING, since=_TIMES_SINCE) for name in _TIMES),
    ),
)


class _Preview(NamedTuple):
    """What to preview: a stored datafeed if ``datafeed`` is None; without ``job`` the stored job that the datafeed names."""

    datafeed: Tree | None
    job: Tree | None
    # ``start`` and ``end`` of the body.
    times: Mapping[str, str]


def _read(call: Call) -> _Preview:
    """The request, checked in the order of ``PreviewDatafeedAction.Request.Builder``."""
    has_body = bool(call.body.strip()) and call.version >= (7, 13)
    found = _BODY.parse_text(call.json_body()) if has_body else {}
    datafeed, job = _definitions(found, call.version)
    if "datafeed_id" in call.path_parameters:
        if datafeed is not None:
            raise IllegalArgument(messages.ID_AND_BODY)
    elif datafeed is None:
        raise IllegalArgument(config_messages.NOT_NULL.format(field="datafeed_config" if has_body else "datafeed_id"))
    return _Preview(datafeed, job, {name: found[name] for name in _TIMES if name in found})


def _interval(call: Call, preview: _Preview) -> tuple[int, int]:
    """Start and end in epoch milliseconds.

    :raises ElasticsearchError: 400, one of them is not a date, or the end is not after the start.
    """
    start, end = (_time(call, preview.times, name) for name in _TIMES)
    if start is not None and end is not None and end <= start:
        raise ActionRequestValidation(messages.START_AFTER_END.format(start=start, end=end))
    return start or 0, _END_OF_TIME if end is None else end


def _time(call: Call, found: Mapping[str, str], name: str) -> int | None:
    """``start`` or ``end``; the parameter has priority over the body."""
    if call.params.get(name):
        return parse_exact_date(call.params[name], name, call.now, call.version)
    try:
        return parse_exact_date(found[name], name, call.now, call.version) if name in found else None
    except ParseError as error:
        raise call.json_body().refused_field(_BODY.name, (name,), error) from None


def _definitions(found: Tree, version: tuple[int, ...]) -> tuple[Tree | None, Tree | None]:
    """The datafeed and the job of a body. From 7.15 a job may contain its datafeed.

    :raises IllegalArgument: there is no datafeed, there are two, or no job for the datafeed.
    """
    datafeed, job = found.get("datafeed_config"), found.get("job_config")
    if job is None:
        if datafeed is not None and "job_id" not in datafeed:
            raise IllegalArgument(messages.NO_DEFINITION)
        return datafeed, None
    inside = job.pop("datafeed_config", None)
    if datafeed is None and inside is None:
        raise IllegalArgument(messages.JOB_WITHOUT_DATAFEED.at(version))
    if datafeed is not None and inside is not None:
        raise IllegalArgument(messages.TWO_DATAFEEDS)
    if inside is not None:
        return inside | {"datafeed_id": _PREVIEW_JOB, "job_id": _PREVIEW_JOB}, job
    return datafeed, job


@operation(
    "ml.preview_datafeed",
    routes=[
        *ml("GET", "/datafeeds/{datafeed_id}/_preview"),
        *ml("POST", "/datafeeds/{datafeed_id}/_preview", since=(7, 13)),
        *ml("GET", "/datafeeds/_preview", since=(7, 13)),
        *ml("POST", "/datafeeds/_preview", since=(7, 13)),
    ],
    action="cluster:admin/xpack/ml/datafeeds/preview",
    query=[Parameter(name, parameters.TEXT, since=_TIMES_SINCE) for name in _TIMES],
    body=BodyUse.OPTIONAL,
    body_since=(7, 13),
    parse=_read,
)
def preview_datafeed(call: Call, cluster: Cluster) -> Any:
    """The first page of records that a datafeed would feed. The job need not be open."""
    preview: _Preview = call.request
    start, end = _interval(call, preview)
    config, job = _configurations(call, cluster, preview)
    if not config.get("aggregations"):
        config = config | {"chunking_config": {"mode": "auto"}}
    extractor = extractor_of(cluster, config, job, owner_of(call))
    extractor.check()
    page = next((page for page in extractor.pages(start, end) if page.records), None)
    return [] if page is None else _first_records(page.records, config)


def _configurations(call: Call, cluster: Cluster, preview: _Preview) -> tuple[Tree, Tree]:
    """The configurations of the datafeed and its job, from the body or by the id of the path.

    :raises ElasticsearchError: 400, they do not fit each other; 404, there is no such datafeed or job.
    """
    given, job = preview.datafeed, preview.job
    if given is None:
        config = cluster.part(Datafeeds).get(call.path_parameters["datafeed_id"]).tree()
        return config, cluster.part(Jobs).get(config["job_id"]).config_tree()
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
