"""Documents of ``.ml-meta``: calendars, their events, and filters, each told by its ``type`` (``MlMetaIndex``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from typing import Any

from fake_es.cluster import Cluster
from fake_es.documents.indices import Indices
from fake_es.documents.search import SearchResult
from fake_es.ml import indices
from fake_es.ml.jobs.expression import Tokens, tokens
from fake_es.ml.names import META_INDEX
from fake_es.ml.results.listing import by_token
from fake_es.ml.results.paging import Page
from fake_es.wire.errors import ElasticsearchError

Tree = dict[str, Any]

CALENDAR, EVENT, FILTER = "calendar", "scheduled_event", "filter"
# What may be listed at once where no page is asked for (``index.max_result_window``).
_MOST = 10_000


def read(cluster: Cluster, document_id: str) -> Tree | None:
    """The document of that id, if there is one."""
    found = cluster.part(Indices).get(META_INDEX, document_id)
    return None if found is None else dict(found)


def write(cluster: Cluster, document_id: str | None, kind: str, source: Tree) -> None:
    """Store a document of that kind; without an id one is drawn."""
    indices.write(cluster, META_INDEX, document_id, {**source, "type": kind})


def search(
    cluster: Cluster, kind: str, filters: Iterable[Tree] = (), sort: Iterable[str] = (), page: Page | None = None
) -> SearchResult:
    """Documents of that kind that pass the filters, all of them or a page, in the order of the fields ``sort``."""
    start, size = page or Page(0, _MOST)
    body = {
        "query": {"bool": {"filter": [{"term": {"type": kind}}, *filters]}},
        "sort": [{name: {"order": "asc", "unmapped_type": "long"}} for name in sort],
        "from": start,
        "size": size,
    }
    return cluster.part(Indices).search(META_INDEX, body)


def by_expression(
    cluster: Cluster,
    kind: str,
    field: str,
    expression: str | None,
    page: Page | None,
    missing: Callable[[str], ElasticsearchError],
) -> SearchResult:
    """Documents whose ``field``, their id, an expression means: from 7.0 lists and patterns as well, before one id or all.

    :raises ElasticsearchError: ``missing(ids)``, a part of the expression means nothing.
    """
    wanted = tokens(expression) if cluster.version >= (7, 0) else _plain(expression)
    narrowed = [] if wanted.everything else by_token(field, ",".join(wanted.names))
    found = search(cluster, kind, narrowed, (field,), page)
    ids = [str(source[field]) for source in found.sources]
    unmatched = [name for name in wanted.names if not any(fnmatchcase(known, name) for known in ids)]
    if unmatched and not wanted.everything:
        raise missing(",".join(unmatched))
    return found


def _plain(expression: str | None) -> Tokens:
    everything = expression in (None, "_all")
    return Tokens([] if expression is None else [expression], everything)
