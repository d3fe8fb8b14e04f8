"""``GET _ml/datafeeds[/{datafeed_id}]`` (``TransportGetDatafeedsAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.config.datafeed.datafeed import exported
from fake_es.ml.datafeeds import messages
from fake_es.ml.datafeeds.store import Datafeed, Datafeeds
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.operation import ml, operation
from fake_es.wire.parameters import Parameter
from fake_es.wire.render import dumps, encoded_list

ALLOW_NO_MATCH = (
    Parameter("allow_no_match", parameters.BOOLEAN, since=(7, 10)),
    Parameter("allow_no_datafeeds", parameters.BOOLEAN, since=(6, 1), until=(8, 0)),
)


def chosen(call: Call, cluster: Cluster) -> list[Datafeed]:
    """The datafeeds that the path of a call means, none of them with ``allow_no_match`` if it means none.

    :raises ResourceNotFound: see ``Datafeeds.expand``.
    """
    expression = call.path_parameters.get("datafeed_id")
    return cluster.part(Datafeeds).expand(expression, call.version, allow_no_match=_allow_no_match(call))


def _allow_no_match(call: Call) -> bool:
    old = call.params.get("allow_no_datafeeds")
    if old is not None and call.version >= (7, 10):
        call.warn(messages.ALLOW_NO_DATAFEEDS_DEPRECATED)
    return next((value for value in (call.params.get("allow_no_match"), old) if value is not None), True)


@operation(
    "ml.get_datafeeds",
    routes=[*ml("GET", "/datafeeds"), *ml("GET", "/datafeeds/{datafeed_id}")],
    action="cluster:monitor/xpack/ml/datafeeds/get",
    query=[*ALLOW_NO_MATCH, Parameter("exclude_generated", parameters.BOOLEAN, False, since=(7, 11))],
)
def get_datafeeds(call: Call, cluster: Cluster) -> Any:
    """Configurations of the datafeeds an expression means."""
    found = chosen(call, cluster)
    if call.params["exclude_generated"]:
        sources = [dumps(exported(datafeed.tree(), call.version)) for datafeed in found]
    else:
        sources = [datafeed.source for datafeed in found]
    return encoded_list(len(found), "datafeeds", sources)
