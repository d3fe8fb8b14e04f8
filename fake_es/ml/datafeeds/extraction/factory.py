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


def source_of(cluster: Cluster, config: Tree, job: Tree, owner: Caller | None) -> DocumentSource:
    """The documents of the datafeed ``config`` that ``owner`` may read; ``job`` is the job's configuration."""
    return DocumentSource(cluster, config, job["data_description"]["time_field"], owner)


def extractor_of(source: DocumentSource, config: Tree, job: Tree, version: tuple[int, ...]) -> Extractor:
    """The extractor that reads ``source`` for the datafeed ``config`` and the job ``job``, both in the form of GET."""
    fields = analysis_of(job).fields
    if not config.get("aggregations"):
        return ScrollExtractor(source, config, fields, version)
    histogram = histogram_of(config["aggregations"], version)
    doc_count = job["analysis_config"].get("summary_count_field_name") == "doc_count"
    return AggregationExtractor(source, config, histogram, fields, doc_count=doc_count)
