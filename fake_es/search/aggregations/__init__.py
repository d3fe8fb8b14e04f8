"""Aggregations over documents, as Elasticsearch computes and shows them.

``parse_aggregations(tree, context).collect(documents)`` answers the body of ``aggregations``.
"""

from __future__ import annotations

from fake_es.search.aggregations import (
    composite,
    date_histogram,
    filters,
    geo,
    histograms,
    metrics,
    nesting,
    percentiles,
    pipelines,
    ranges,
    terms,
    top,
)
from fake_es.search.aggregations.context import AggregationContext
from fake_es.search.aggregations.parse import parse_aggregations
from fake_es.search.aggregations.registry import Aggregations

# Imported for what they declare.
_KINDS = (composite, date_histogram, filters, geo, histograms, metrics, nesting, percentiles, pipelines, ranges, terms, top)

__all__ = ["AggregationContext", "Aggregations", "parse_aggregations"]
