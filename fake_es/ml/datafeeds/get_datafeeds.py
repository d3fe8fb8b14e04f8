"""``GET _ml/datafeeds[/{datafeed_id}]`` (``TransportGetDatafeedsAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.common.routes import ml
from fake_es.ml.config.datafeed.datafeed import exported
from fake_es.ml.datafeeds.selection import ALLOW_NO_MATCH, datafeeds_of
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.operation import operation
from fake_es.wire.parameters import Parameter
from fake_es.wire.render import dumps, encoded_list


@operation(
    "ml.get_datafeeds",
    routes=[*ml("GET", "/datafeeds"), *ml("GET", "/datafeeds/{datafeed_id}")],
    action="cluster:monitor/xpack/ml/datafeeds/get",
    query=[*ALLOW_NO_MATCH, Parameter("exclude_generated", parameters.BOOLEAN, False, since=(7, 11))],
)
def get_datafeeds(call: Call, cluster: Cluster) -> Any:
    """Configurations of the datafeeds that an expression matches."""
    found = datafeeds_of(call, cluster)
    if call.params["exclude_generated"]:
        sources = [dumps(exported(datafeed.tree(), call.version)) for datafeed in found]
    else:
        sources = [datafeed.source for datafeed in found]
    return encoded_list(len(found), "datafeeds", sources)
