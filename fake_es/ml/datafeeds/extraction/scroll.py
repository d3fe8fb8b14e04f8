"""Extraction without aggregations: each document becomes a record (``ScrollDataExtractor``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from fake_es.ml.config.datafeed.parts import milliseconds
from fake_es.ml.datafeeds import messages
from fake_es.ml.datafeeds.extraction.chunks import Chunks
from fake_es.ml.datafeeds.extraction.columns import Column, doc_value_column, runtime_field, script_field, source_column
from fake_es.ml.datafeeds.extraction.extractor import Page, Record, page_of
from fake_es.ml.datafeeds.extraction.source import FIELD_CAPS, DocumentSource
from fake_es.wire.errors import NotImplementedHere, StatusException, bad_request
from fake_es.wire.words import Words

Tree = dict[str, Any]

# The server reads a whole chunk in one page if ``scroll_size`` is 0. fake_es then reads pages of one document.
_LEAST_PAGE = 1
# Pull request 92232.
_METRIC, _NO_METRICS_SINCE = "aggregate_metric_double", (8, 7)
# The start of a datafeed looks at its indices and fields (``ScrollDataExtractorFactory`` of 5.5).
_CHECKED_SINCE = (5, 5)


class ScrollExtractor:
    """Reads documents page by page; ``fields`` are the analysed fields, without the time."""

    def __init__(self, source: DocumentSource, config: Tree, fields: Sequence[str], version: tuple[int, ...]) -> None:
        self.source = source
        self._config = config
        self._fields = fields
        self._version = version
        self._size = max(config["scroll_size"], _LEAST_PAGE)

    def check(self) -> None:
        """See ``Extractor``.

        :raises NotImplementedHere: the time is a script field, which fake_es cannot search.
        """
        if self._version < _CHECKED_SINCE:
            return
        self.source.check_names()
        if self._version >= (8, 1) and not self.source.targets(FIELD_CAPS):
            indices = ", ".join(self._config["indices"])
            raise bad_request(messages.NO_INDEX_MATCHES.format(id=self._config["datafeed_id"], indices=indices))
        if self.source.time_field in self._config.get("script_fields", {}):
            raise NotImplementedHere(f"[{self.source.time_field}]: fake_es does not search by times that scripts make")
        if self._version >= _NO_METRICS_SINCE:
            self._refuse_metrics()
        time = self.source.time_field
        type_ = self.source.field(time)
        if type_ is None or not type_.has_values:
            raise self._unreadable(messages.NO_MAPPINGS if type_ is None else messages.TIME_NOT_AGGREGATABLE, time)
        _ = self._columns

    def _refuse_metrics(self) -> None:
        """Refuse fields that contain a summary of values.

        As in the server, fields whose names only begin like an analysed field, or have the same parent, count too.
        """
        names = [self.source.time_field, *self._fields]
        patterns = [f"{name.rpartition('.')[0] or name}*" for name in sorted(set(names))]
        found = self.source.first_of_kind(_METRIC, patterns)
        if found is not None:
            raise bad_request(messages.NEEDS_AGGREGATIONS.format(field=found, kind=_METRIC))

    def aligned(self, start: int, end: int) -> tuple[int, int]:
        """See ``Extractor``. Documents can be read from any time on."""
        return start, end

    def pages(self, start: int, end: int) -> Iterator[Page]:
        """See ``Extractor``."""
        columns, chunks = self._columns, self._chunks(start, end)
        for chunk in chunks:
            times, records = self._read(columns, chunk)
            chunks.was_empty = not times
            yield from self._pages(times, records, chunk)

    def _read(self, columns: dict[str, Column], chunk: tuple[int, int]) -> tuple[list[int], list[Record]]:
        """All records of a chunk and their times. Like a scroll, it does not see later changes."""
        selections = self.source.selections(*chunk)
        names = [self.source.time_field, *columns]
        records: list[Record] = []
        for selection in selections:
            rows = zip(selection.times, *(column(selection) for column in columns.values()))
            records += [dict(zip(names, row)) for row in rows]
        times = [time for selection in selections for time in selection.times]
        if len(selections) > 1:
            order = sorted(range(len(times)), key=times.__getitem__)
            times, records = [times[at] for at in order], [records[at] for at in order]
        return times, records

    def _chunks(self, start: int, end: int) -> Chunks:
        chunking = self._config["chunking_config"]
        span = milliseconds(chunking["time_span"]) if chunking["mode"] == "manual" else None
        summary = None if chunking["mode"] == "off" else self.source.span
        return Chunks(start, end, summary, scroll_size=self._size, span=span)

    def _pages(self, times: list[int], records: list[Record], chunk: tuple[int, int]) -> Iterator[Page]:
        if not records:
            yield Page([], [], *chunk)
        at = 0
        while at < len(records):
            upto = _whole_instant(times, min(at + self._size, len(records)))
            yield page_of(times[at:upto], records[at:upto], *chunk)
            at = upto

    @cached_property
    def _columns(self) -> dict[str, Column]:
        """How each field is extracted. It is decided once, by the mappings at that time.

        :raises ElasticsearchError: an index or the mapping of a field is missing.
        """
        return {name: self._column(name) for name in self._fields}

    def _column(self, name: str) -> Column:
        scripts, runtime = self._config.get("script_fields", {}), self._config.get("runtime_mappings", {})
        if name in scripts:
            return script_field(scripts[name], self._version)
        if name in runtime:
            return runtime_field(name, runtime[name], self._version)
        type_ = self.source.field(name)
        if type_ is not None:
            return doc_value_column(name) if type_.has_values else source_column(type_.sources[0])
        if self._version < _CHECKED_SINCE:
            return source_column(name)
        raise self._unreadable(messages.NO_MAPPINGS, name)

    def _unreadable(self, words: Words, field: str) -> StatusException:
        """The refusal of a field that cannot be read (``TimeBasedExtractedFields``)."""
        return bad_request(words.at(self._version, id=self._config["datafeed_id"], field=field))


def _whole_instant(times: list[int], upto: int) -> int:
    """Move the end of a page behind all records of the same time: a restarted datafeed continues after that time."""
    while upto < len(times) and times[upto] == times[upto - 1]:
        upto += 1
    return upto
