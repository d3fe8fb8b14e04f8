"""Documents of ``.ml-meta`` (``MlMetaIndex``): calendars, events and filters. ``type`` tells the kind of a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from fake_es.cluster import Cluster
from fake_es.indices.system_indices import SystemIndices
from fake_es.ml.common.expression import Tokens, by_token, tokens
from fake_es.ml.common.paging import Page
from fake_es.ml.persistence import indices
from fake_es.ml.persistence.field_kinds import TIME
from fake_es.ml.persistence.names import META_INDEX
from fake_es.patterns.wildcards import simple_match
from fake_es.search.system_search import SystemSearch
from fake_es.wire.errors import ElasticsearchError, IllegalArgument
from fake_es.wire.object_parser import BOOLEAN, INT, STRING, STRING_OR_NULL, STRINGS, Field, ObjectParser

Tree = dict[str, Any]

CALENDAR, EVENT, FILTER = "calendar", "scheduled_event", "filter"


class _Kind(NamedTuple):
    """One kind of document: its parser, required fields, and the error for a missing field."""

    parser: ObjectParser
    needed: tuple[str, ...]
    missing: str


_KINDS = {
    CALENDAR: _Kind(
        ObjectParser(
            "calendar_id",
            (Field("calendar_id", STRING), Field("job_ids", STRINGS), Field("description", STRING_OR_NULL)),
            lenient=True,
        ),
        ("calendar_id",),
        "{field} must not be null",
    ),
    EVENT: _Kind(
        ObjectParser(
            "scheduled_event",
            (
                Field("description", STRING),
                Field("start_time", TIME),
                Field("end_time", TIME),
                Field("skip_result", BOOLEAN),
                Field("skip_model_update", BOOLEAN),
                Field("force_time_shift", INT),
                Field("calendar_id", STRING),
            ),
            lenient=True,
        ),
        ("description", "start_time", "end_time", "calendar_id"),
        "Field [{field}] cannot be null",
    ),
    FILTER: _Kind(
        ObjectParser(
            "type",
            (Field("filter_id", STRING), Field("description", STRING_OR_NULL), Field("items", STRINGS)),
            lenient=True,
        ),
        ("filter_id",),
        "[{field}] must not be null.",
    ),
}


class DocumentPage(NamedTuple):
    """A page of documents by id; ``total`` is the number of all matching documents."""

    total: int
    by_id: dict[str, Tree]

    @property
    def sources(self) -> list[Tree]:
        """The documents without their ids."""
        return list(self.by_id.values())


# Size of the page if none is requested (``index.max_result_window``).
_MOST = 10_000


def raw(cluster: Cluster, document_id: str) -> Tree | None:
    """The stored document with this id, unchecked; None if there is none."""
    found = cluster.part(SystemIndices).get(META_INDEX, document_id)
    return None if found is None else dict(found)


def read(cluster: Cluster, kind: str, document_id: str) -> Tree | None:
    """The document with this id, parsed as ``kind``; None if there is none.

    :raises ElasticsearchError: 400, a field is invalid or missing.
    """
    found = cluster.part(SystemIndices).get(META_INDEX, document_id)
    return None if found is None else _read(kind, found, cluster.version)


def _read(kind: str, source: Mapping[str, Any], version: tuple[int, ...]) -> Tree:
    parser, needed, missing = _KINDS[kind]
    found = parser.parse_document(source, version)
    for name in needed:
        if name not in found:
            raise IllegalArgument(missing.format(field=name))
    return found


def write(cluster: Cluster, document_id: str | None, kind: str, source: Tree) -> None:
    """Store a document of this kind; without an id it gets a random one."""
    indices.write(cluster, META_INDEX, document_id, {**source, "type": kind})


def search(
    cluster: Cluster, kind: str, filters: Iterable[Tree] = (), sort: Iterable[str] = (), page: Page | None = None
) -> DocumentPage:
    """Documents of this kind that match the filters, sorted by the fields ``sort``; all of them, or a page.

    :raises ElasticsearchError: see ``read``.
    """
    start, size = page or Page(0, _MOST)
    body = {
        "query": {"bool": {"filter": [{"term": {"type": kind}}, *filters]}},
        "sort": [{name: {"order": "asc", "unmapped_type": "long"}} for name in sort],
        "from": start,
        "size": size,
    }
    found = cluster.part(SystemSearch).search(META_INDEX, body)
    documents = [hit.document for hit in found.hits]
    return DocumentPage(found.total, {document.id: _read(kind, document.source, cluster.version) for document in documents})


def by_expression(
    cluster: Cluster,
    kind: str,
    field: str,
    expression: str | None,
    page: Page | None,
    missing: Callable[[str], ElasticsearchError],
) -> DocumentPage:
    """Documents whose id, in ``field``, an expression matches. Before 7.0 an expression is one id or ``_all``.

    :raises ElasticsearchError: ``missing(ids)`` if parts of the expression match nothing; see ``read``.
    """
    if cluster.version >= (7, 0):
        wanted = tokens(expression)
    else:
        wanted = Tokens([] if expression is None else [expression], expression in (None, "_all"))
    narrowed = [] if wanted.everything else by_token(field, ",".join(wanted.names))
    found = search(cluster, kind, narrowed, (field,), page)
    ids = [source[field] for source in found.sources]
    unmatched = [name for name in wanted.names if not any(simple_match(known, name) for known in ids)]
    if unmatched and not wanted.everything:
        raise missing(",".join(unmatched))
    return found
