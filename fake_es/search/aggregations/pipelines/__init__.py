"""Aggregations over the results of others."""

from __future__ import annotations

from fake_es.search.aggregations.pipelines import moving, scripted, sequence, sibling

# Imported for what they declare.
_KINDS = (moving, scripted, sequence, sibling)
