"""Creation of the extractor of a datafeed (``DataExtractorFactory``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.config.datafeed.histogram import histogram_of
from fake_es.ml.config.job.analysis import analysis_of
from fake_es.ml.datafeeds.extraction.aggregation import AggregationExtractor
from fake_es.ml.datafeeds.extraction.extractor import Extractor
from fake_es.ml.datafeeds.extraction.scroll import ScrollExtractor
from fake_es.ml.datafeeds.extraction.source import DocumentSource
from fake_es.security.caller import Caller

Tree = dict[str, Any]


def extractor_of(cluster: Cluster, config: Tree, job: Tree, owner: Caller | None) -> Extractor:
    """The extractor for the datafeed ``config`` and the job ``job``, both in the form of GET.

    It reads the documents that ``owner`` may read.
    """
    source = DocumentSource(cluster, config, job["data_description"]["time_field"], owner)
    fields = analysis_of(job).fields
    if not config.get("aggregations"):
        return ScrollExtractor(source, config, fields, cluster.version)
    histogram = histogram_of(config["aggregations"], cluster.version)
    doc_count = job["analysis_config"].get("summary_count_field_name") == "doc_count"
    # Pull request 37544.
    single_buckets = cluster.version >= (6, 7)
    return AggregationExtractor(source, config, histogram, fields, doc_count=doc_count, single_buckets=single_buckets)
