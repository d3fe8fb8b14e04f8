"""Pipeline aggregations, which work on the results of others."""

from __future__ import annotations

from fake_es.search.aggregations.pipelines import moving, scripted, sequence, sibling

# Imported because they register their kinds.
_KINDS = (moving, scripted, sequence, sibling)
