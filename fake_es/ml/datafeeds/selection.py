"""The datafeeds that the path of a request names, by an id or an expression."""

from __future__ import annotations

from fake_es.cluster import Cluster
from fake_es.ml.datafeeds import messages
from fake_es.ml.datafeeds.store import Datafeed, Datafeeds
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.parameters import Parameter

ALLOW_NO_MATCH = (
    Parameter("allow_no_match", parameters.BOOLEAN, since=(7, 10)),
    Parameter("allow_no_datafeeds", parameters.BOOLEAN, since=(6, 1), until=(8, 0), compatible=8),
)


def datafeeds_of(call: Call, cluster: Cluster) -> list[Datafeed]:
    """The datafeeds that the path of a call matches. With ``allow_no_match`` the list may be empty.

    :raises ResourceNotFound: see ``Datafeeds.expand``.
    """
    expression = call.path_parameters.get("datafeed_id")
    return cluster.part(Datafeeds).expand(expression, call.version, allow_no_match=_allow_no_match(call))


def _allow_no_match(call: Call) -> bool:
    old = call.params.get("allow_no_datafeeds")
    if old is not None and call.version >= (7, 10):
        call.warn(messages.ALLOW_NO_DATAFEEDS_DEPRECATED)
    return next((value for value in (call.params.get("allow_no_match"), old) if value is not None), True)
