"""``range`` and ``date_range``: buckets by ranges of values."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from fake_es.search.aggregations import messages
from fake_es.search.aggregations.context import Document, Documents
from fake_es.search.aggregations.formats import RAW, DateFormat
from fake_es.search.aggregations.registry import Aggregation, Definition, aggregation
from fake_es.search.aggregations.results import Bucket, Buckets, Result
from fake_es.search.aggregations.values import FORMATTED, NUMERIC, SCALAR, TIME_ZONE, Values
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.numbers import double_of
from fake_es.wire.object_parser import BOOLEAN, STRING, Field, Kind, ObjectParser, nested_list


class Span(NamedTuple):
    """A range from ``low`` (included) to ``high`` (excluded); an open end is infinite."""

    low: float
    high: float
    key: str | None


ENDS = Kind(SCALAR.tokens | {"VALUE_NULL"}, SCALAR.read)
_RANGE = ObjectParser("range", (Field("from", ENDS), Field("to", ENDS), Field("key", STRING)))
_OPTIONS = (*FORMATTED, Field("ranges", nested_list(_RANGE)), Field("keyed", BOOLEAN))


@aggregation("range", *_OPTIONS)
class Range(Aggregation):
    """One bucket for each range, the lowest first. Ranges may overlap."""

    multi = True

    def prepare(self, definition: Definition) -> None:
        self.kind = definition.kind.name
        self.values = Values(definition, self.options, self.context, NUMERIC)
        self.adopt_format()
        if not self.options.get("ranges"):
            raise IllegalArgument(messages.NO_RANGES.format(name=self.name))
        spans = [
            Span(self._end(given.get("from"), -math.inf), self._end(given.get("to"), math.inf), given.get("key"))
            for given in self.options["ranges"]
        ]
        self._spans = sorted(spans, key=lambda span: span[:2])

    def adopt_format(self) -> None:
        """Choose the format of the ends; numbers keep that of their field."""

    def collect(self, documents: Documents) -> Result:
        buckets = [self._bucket(span, documents) for span in self._spans]
        return self.with_pipelines(
            Buckets(self.kind, buckets, keyed=self.options.get("keyed", False), format=self.values.format)
        )

    def read(self, value: Any) -> float:
        """Parse an end of a range.

        :raises ElasticsearchError: it is neither a number nor a date.
        """
        if isinstance(self.values.format, DateFormat):
            return float(self.values.format.read(value, self.context.now))
        return double_of(value)

    def _end(self, value: Any, otherwise: float) -> float:
        return otherwise if value is None else self.read(value)

    def _bucket(self, span: Span, documents: Documents) -> Bucket:
        of, low, high = self.values.of, span.low, span.high
        members: list[Document] = [
            document for document in self.context.paced(documents) if any(low <= value < high for value in of(document))
        ]
        ends = {name: end for name, end in (("from", low), ("to", high)) if math.isfinite(end)}
        format_ = self.values.format
        texts = {name: str(end) if format_ is RAW else format_.text(end) for name, end in ends.items()}
        key = span.key if span.key is not None else f"{texts.get('from', '*')}-{texts.get('to', '*')}"
        fields: dict[str, Any] = {} if self.options.get("keyed", False) else {"key": key}
        for name, end in ends.items():
            fields[name] = end
            if format_ is not RAW:
                fields[f"{name}_as_string"] = texts[name]
        return self.bucket(key, key, members, fields)


@aggregation("date_range", *_OPTIONS, TIME_ZONE)
class DateRange(Range):
    """One bucket for each range of dates; the ends may have date maths."""

    def adopt_format(self) -> None:
        if not isinstance(self.values.format, DateFormat):
            zone = self.options.get("time_zone")
            form = self.options.get("format", DateFormat.form)
            self.values.format = DateFormat(form, zone) if zone else DateFormat(form)
