"""Configurations of datafeeds as documents: from 6.6 they are kept in ``.ml-config`` (``DatafeedConfigProvider``)."""

from __future__ import annotations

from fake_es.cluster import Cluster
from fake_es.indices.indices import SystemIndices
from fake_es.ml.datafeeds.store import Datafeed
from fake_es.ml.persistence import indices

_INDEX = ".ml-config"


def write(cluster: Cluster, datafeed: Datafeed) -> None:
    """Write down a configuration as it is now."""
    if cluster.version >= (6, 6):
        indices.write(cluster, _INDEX, _id(datafeed), datafeed.tree() | {"config_type": "datafeed"})


def remove(cluster: Cluster, datafeed: Datafeed) -> None:
    """Remove the document of a datafeed."""
    cluster.part(SystemIndices).delete(_INDEX, _id(datafeed))


def _id(datafeed: Datafeed) -> str:
    return f"datafeed-{datafeed.id}"
