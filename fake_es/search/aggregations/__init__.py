"""Aggregations over documents. ``aggregate.aggregate`` makes the ``aggregations`` of a response."""

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

# Imported because they register their kinds.
_KINDS = (composite, date_histogram, filters, geo, histograms, metrics, nesting, percentiles, pipelines, ranges, terms, top)

__all__ = ["AggregationContext", "Aggregations", "parse_aggregations"]
