"""The types of fields: how each parses values of documents and queries (``*FieldMapper``)."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterable
from collections.abc import Mapping as Map
from datetime import timezone, tzinfo
from itertools import pairwise
from math import isfinite
from typing import Any, ClassVar

from fake_es.mapping import messages
from fake_es.mapping.dates import DEFAULT, date_format
from fake_es.mapping.errors import DateTimeParse, document_error, not_an_ip
from fake_es.mapping.numbers import finite_of, not_finite, number_of
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, IllegalState, NotImplementedHere, ParseError, ParsingError
from fake_es.wire.java import NOT_BOOLEAN, java_text
from fake_es.wire.numbers import double_of, whole_of
from fake_es.wire.object_parser import token
from fake_es.wire.words import Words

Parameters = Map[str, Any]

_NO_LIMIT = 2**31 - 1


def text_of(value: Any) -> str:
    """A JSON scalar as text."""
    if isinstance(value, str):
        return value
    return java_text(value)


class FieldType:
    """One field of a mapping.

    ``name`` is its full path, ``kind`` the name of its type. ``sources`` are the paths of its values in a document: several
    with ``copy_to``. ``computed`` returns the values of a runtime field with a script. ``has_values`` is whether it has doc
    values, for sorting and aggregating, ``searchable`` whether it is indexed, ``is_text`` whether it is analyzed. ``as_is``
    are the Python types of values that ``parse`` returns unchanged.
    """

    __slots__ = (
        "as_is", "computed", "has_values", "kind", "name", "null_value", "parameters", "release", "searchable", "sources",
    )  # fmt: skip

    is_text: ClassVar[bool] = False
    default_values: ClassVar[bool] = True
    # The text of the error for a document with a value that the field does not accept.
    failed: ClassVar[Words] = messages.FAILED_FIELD
    # Python types of which the field accepts every value: these need no check.
    takes_all: ClassVar[frozenset[type[Any]]] = frozenset()

    def __init__(self, name: str, kind: str, parameters: Parameters, release: tuple[int, ...]) -> None:
        self.name = name
        self.kind = kind
        self.parameters = parameters
        self.release = release
        self.sources: tuple[str, ...] = (name,)
        self.has_values = bool(parameters.get("doc_values", self.default_values)) or bool(parameters.get("fielddata"))
        self.searchable = parameters.get("index", True) not in (False, "no", "false")
        self.null_value = parameters.get("null_value")
        self.as_is: frozenset[type[Any]] = frozenset()
        self.computed: Callable[[Any], Iterable[Any]] | None = None

    def parse(self, value: Any) -> Any:
        """Convert a value of a document; None for one that is not indexed.

        :raises ElasticsearchError: the field does not accept it. This becomes the cause of the error.
        """
        raise NotImplementedError

    def is_one(self, values: list[Any]) -> bool:
        """Whether a list is one value, such as a point, rather than several."""
        return False

    def takes_list(self, values: list[Any], kinds: set[type[Any]]) -> bool:
        """A quick check whether the field accepts all ``values``. False means: call ``parse`` for each.

        ``kinds`` are the Python types of the values apart from null. For numbers it is enough to check the least and greatest.
        """
        if kinds <= self.takes_all:
            return True
        if not kinds <= self.as_is or kinds - {int, float}:
            return False
        numbers = values if None not in values else [value for value in values if value is not None]
        try:
            self.parse(min(numbers))
            self.parse(max(numbers))
        except ElasticsearchError:
            return False
        return True

    def arranged(self, values: list[Any]) -> tuple[Any, ...]:
        """Converted values of one document in the order of doc values: sorted, keywords without duplicates."""
        return tuple(sorted(values))

    def term(self, value: Any) -> Any:
        """Convert a value of a query, so that it can be compared with those that ``parse`` returns.

        :raises ElasticsearchError: this type of field has no such values.
        """
        return self.parse(value)

    def bound(self, value: Any, now: int, zone: tzinfo, *, round_up: bool, form: str | None) -> Any:
        """Convert an end of a range. Only dates use ``now``, ``zone``, ``round_up`` and ``form`` (the format)."""
        return self.term(value)

    def forgives(self) -> bool:
        """Whether malformed values are ignored (``ignore_malformed``)."""
        return self.parameters.get("ignore_malformed") in (True, "true")


class Keyword(FieldType):
    """Texts as whole values."""

    __slots__ = ("_lower", "_most")
    takes_all = frozenset({str, int, float, bool})

    def __init__(self, name: str, kind: str, parameters: Parameters, release: tuple[int, ...]) -> None:
        super().__init__(name, kind, parameters, release)
        self._most = whole_of(parameters.get("ignore_above") or _NO_LIMIT)
        self._lower = parameters.get("normalizer") == "lowercase"
        if not self._lower and self._most == _NO_LIMIT:
            self.as_is = frozenset({str})

    def parse(self, value: Any) -> Any:
        if type(value) is not str:
            if isinstance(value, (dict, list)):
                raise _no_text(value)
            value = text_of(value)
        if len(value) > self._most:
            return None
        return value.lower() if self._lower else value

    def term(self, value: Any) -> Any:
        text = text_of(value)
        return text.lower() if self._lower else text

    def arranged(self, values: list[Any]) -> tuple[Any, ...]:
        return tuple(sorted(set(values)))


class Constant(Keyword):
    """The same text in every document of the index (``constant_keyword``)."""

    __slots__ = ()


class Text(FieldType):
    """Analyzed texts. They have terms, but no doc values."""

    __slots__ = ()
    is_text = True
    default_values = False
    takes_all = frozenset({str, int, float, bool})

    def parse(self, value: Any) -> Any:
        if isinstance(value, (dict, list)):
            raise _no_text(value)
        return text_of(value)

    def arranged(self, values: list[Any]) -> tuple[Any, ...]:
        return tuple(values)


_WHOLE = {
    "byte": (-(2**7), 2**7 - 1, "a byte"),
    "short": (-(2**15), 2**15 - 1, "a short"),
    "integer": (-(2**31), 2**31 - 1, "an integer"),
    "long": (-(2**63), 2**63 - 1, "a long"),
    "unsigned_long": (0, 2**64 - 1, "unsigned long"),
}


class Integer(FieldType):
    """Whole numbers. Fractions are cut off, unless ``coerce`` is false; texts are parsed."""

    __slots__ = ("_least", "_most")

    def __init__(self, name: str, kind: str, parameters: Parameters, release: tuple[int, ...]) -> None:
        super().__init__(name, kind, parameters, release)
        self._least, self._most, _ = _WHOLE[kind]
        self.as_is = frozenset({int})

    def parse(self, value: Any) -> Any:
        if type(value) is int:
            number = value
        else:
            if type(value) is float and not isfinite(value):
                raise self._out_of_range(value)
            found = number_of(value)
            if found != int(found) and self.parameters.get("coerce", True) in (False, "false"):
                raise IllegalArgument(messages.DECIMAL_PART.format(value=value))
            number = int(found)
        if not self._least <= number <= self._most:
            raise self._out_of_range(value)
        return number

    def _out_of_range(self, value: Any) -> IllegalArgument:
        return IllegalArgument(messages.OUT_OF_RANGE.format(value=java_text(value), kind=_WHOLE[self.kind][2]))

    def term(self, value: Any) -> Any:
        return number_of(value)


class Float(FieldType):
    """Floating point numbers. ``float`` and ``half_float`` are rounded to their precision."""

    __slots__ = ()

    def __init__(self, name: str, kind: str, parameters: Parameters, release: tuple[int, ...]) -> None:
        super().__init__(name, kind, parameters, release)
        if kind == "double":
            self.as_is = frozenset({float})

    def parse(self, value: Any) -> Any:
        number = finite_of(value, self.kind)
        packed = _PACKED.get(self.kind)
        if packed is None:
            return number
        try:
            found = packed.unpack(packed.pack(number))[0]
            if isfinite(found):
                return found
            raise OverflowError
        except OverflowError:
            raise not_finite(self.kind, value) from None


_PACKED = {"float": struct.Struct("f"), "half_float": struct.Struct("e")}


class ScaledFloat(FieldType):
    """Numbers rounded to multiples of ``1 / scaling_factor``."""

    __slots__ = ("_factor",)

    def __init__(self, name: str, kind: str, parameters: Parameters, release: tuple[int, ...]) -> None:
        super().__init__(name, kind, parameters, release)
        self._factor = double_of(parameters["scaling_factor"])
        if not 0 < self._factor < float("inf"):
            raise IllegalArgument(messages.BAD_SCALING_FACTOR.format(value=self._factor))

    def parse(self, value: Any) -> Any:
        scaled = finite_of(value, self.kind) * self._factor
        if not isfinite(scaled):
            raise not_finite(self.kind, scaled)
        return round(scaled) / self._factor


class Boolean(FieldType):
    """``true`` and ``false``, as booleans or texts; the empty text is false."""

    __slots__ = ()
    takes_all = frozenset({bool})

    def parse(self, value: Any) -> Any:
        if isinstance(value, bool):
            return value
        if value in ("true", "false", ""):
            return value == "true"
        if self.release < (6, 0) and not isinstance(value, (dict, list)):
            return text_of(value) not in ("0", "0.0", "off", "no")
        raise IllegalArgument(NOT_BOOLEAN.format(value=text_of(value)))

    def term(self, value: Any) -> Any:
        if value in (True, "true", "T", 1):
            return True
        if value in (False, "false", "F", 0):
            return False
        raise IllegalArgument(messages.CANNOT_PARSE_BOOLEAN.format(value=text_of(value)))


class Date(FieldType):
    """Instants as epoch milliseconds (``date_nanos`` too)."""

    __slots__ = ("format",)

    def __init__(self, name: str, kind: str, parameters: Parameters, release: tuple[int, ...]) -> None:
        super().__init__(name, kind, parameters, release)
        self.format = date_format(java_text(parameters.get("format", DEFAULT)))
        if self.format.takes_millis:
            self.as_is = frozenset({int})

    def parse(self, value: Any) -> Any:
        if isinstance(value, (dict, list, bool)):
            raise _no_text(value)
        try:
            return self.format.parse(value)
        except ValueError:
            cause = DateTimeParse("Failed to parse with all enclosed parsers") if self.release >= (7, 0) else None
            text = messages.BAD_DATE.at(self.release, value=value, format=self.format.text)
            raise IllegalArgument(text, cause=cause) from None

    def bound(self, value: Any, now: int, zone: tzinfo = timezone.utc, *, round_up: bool, form: str | None) -> Any:
        try:
            readers = self.format if form is None else date_format(form)
        except ValueError:
            raise IllegalArgument(messages.BAD_DATE_FORMAT.format(format=form)) from None
        try:
            return readers.parse_maths(value, now, zone, round_up=round_up)
        except (ValueError, OverflowError):
            raise ParseError(messages.BAD_DATE.at(self.release, value=value, format=readers.text)) from None


class Ip(FieldType):
    """IP addresses, as texts in their shortest form."""

    __slots__ = ()

    def parse(self, value: Any) -> Any:
        from ipaddress import ip_address

        try:
            return str(ip_address(text_of(value)))
        except ValueError:
            raise not_an_ip(text_of(value)) from None

    def arranged(self, values: list[Any]) -> tuple[Any, ...]:
        return tuple(sorted(set(values)))


class GeoPoint(FieldType):
    """Points on the globe, as ``(lat, lon)``."""

    __slots__ = ()

    def is_one(self, values: list[Any]) -> bool:
        return bool(values) and isinstance(values[0], (int, float))

    def parse(self, value: Any) -> Any:
        if isinstance(value, dict):
            if "lat" in value and "lon" in value:
                return finite_of(value["lat"], "double"), finite_of(value["lon"], "double")
            raise ParseError(messages.NOT_A_POINT)
        if isinstance(value, list):
            if len(value) < 2:
                raise ParseError(messages.NOT_A_POINT)
            return finite_of(value[1], "double"), finite_of(value[0], "double")
        return self._of_text(text_of(value))

    def _of_text(self, text: str) -> tuple[float, float]:
        well_known = re.fullmatch(r"\s*POINT\s*\(\s*(\S+)\s+(\S+)\s*\)\s*", text, re.IGNORECASE)
        if well_known:
            return finite_of(well_known[2], "double"), finite_of(well_known[1], "double")
        if "," not in text:
            raise NotImplementedHere(f"[{self.name}]: fake_es reads no geohashes")
        latitude, longitude = text.split(",")[:2]
        return finite_of(latitude.strip(), "double"), finite_of(longitude.strip(), "double")

    def term(self, value: Any) -> Any:
        raise IllegalArgument(messages.POINT_TERM.format(field=self.name))

    def arranged(self, values: list[Any]) -> tuple[Any, ...]:
        return tuple(values)


class Flattened(FieldType):
    """An object whose leaves are keywords."""

    __slots__ = ()

    def parse(self, value: Any) -> Any:
        if isinstance(value, dict):
            raise IllegalState("a flattened field is parsed leaf by leaf")
        return text_of(value)

    def arranged(self, values: list[Any]) -> tuple[Any, ...]:
        return tuple(sorted(set(values)))


class Opaque(FieldType):
    """Types that fake_es only stores: ``binary``, ``dense_vector``, shapes, ranges. Only ``exists`` finds their values."""

    __slots__ = ()
    default_values = False

    def is_one(self, values: list[Any]) -> bool:
        return True

    def parse(self, value: Any) -> Any:
        return True

    def term(self, value: Any) -> Any:
        raise NotImplementedHere(f"[{self.name}]: fake_es does not search fields of type [{self.kind}]")

    def arranged(self, values: list[Any]) -> tuple[Any, ...]:
        return tuple(values)


class Histogram(FieldType):
    """Values with their counts (``HistogramFieldMapper``). They can be aggregated, but not searched.

    ``parse`` returns pairs of value and count, without those with the count 0.
    """

    __slots__ = ()
    failed = messages.FAILED_OWN_FIELD

    def parse(self, value: Any) -> Any:
        if not isinstance(value, dict):
            raise self._unexpected("START_OBJECT", value)
        unknown = next((name for name in value if name not in ("values", "counts")), None)
        if unknown is not None:
            raise self._refusal(messages.HISTOGRAM_UNKNOWN.format(field=self.name, name=unknown))
        values, counts = (self._numbers(value, name) for name in ("values", "counts"))
        if len(values) != len(counts):
            words = {"field": self.name, "values": len(values), "counts": len(counts)}
            raise self._refusal(messages.HISTOGRAM_LENGTHS.format(**words))
        doubles, whole = [double_of(value) for value in values], [whole_of(count, "long") for count in counts]
        for before, after in pairwise(doubles):
            if after < before:
                words = {"field": self.name, "value": after, "before": before}
                raise self._refusal(messages.HISTOGRAM_ORDER.format(**words))
        if whole and min(whole) < 0:
            negative = next(count for count in whole if count < 0)
            raise self._refusal(messages.HISTOGRAM_NEGATIVE.format(field=self.name, count=negative))
        return tuple((value, count) for value, count in zip(doubles, whole) if count)

    def _numbers(self, value: dict[str, Any], name: str) -> list[Any]:
        numbers = value.get(name)
        if name not in value:
            raise self._refusal(messages.HISTOGRAM_WITHOUT.format(field=self.name, name=name))
        if not isinstance(numbers, list):
            raise self._unexpected("START_ARRAY", numbers)
        for number in numbers:
            if isinstance(number, bool) or not isinstance(number, (int, float)):
                raise self._unexpected("VALUE_NUMBER", number)
        return numbers

    def _refusal(self, text: str) -> ElasticsearchError:
        return document_error(self.release, text)

    def _unexpected(self, expected: str, value: Any) -> ElasticsearchError:
        return ParsingError(messages.EXPECTED_TOKEN.format(expected=expected, found=token(value)))

    def term(self, value: Any) -> Any:
        raise IllegalArgument(messages.HISTOGRAM_TERM.format(field=self.name))

    def arranged(self, values: list[Any]) -> tuple[Any, ...]:
        return tuple(values)


class Metadata(FieldType):
    """``_id``, ``_index`` and so on, which every document has."""

    __slots__ = ()

    def parse(self, value: Any) -> Any:
        return value

    def term(self, value: Any) -> Any:
        return number_of(value) if self.name in ("_seq_no", "_version") else text_of(value)

    def arranged(self, values: list[Any]) -> tuple[Any, ...]:
        return tuple(values)


def _no_text(value: Any) -> ElasticsearchError:
    name = {"VALUE_BOOLEAN": "VALUE_TRUE" if value else "VALUE_FALSE"}.get(token(value), token(value))
    return IllegalState(messages.NO_TEXT.format(token=name))


KINDS: dict[str, type[FieldType]] = {
    **dict.fromkeys(("keyword", "wildcard", "version", "counted_keyword"), Keyword),
    "constant_keyword": Constant,
    **dict.fromkeys(("text", "match_only_text", "search_as_you_type", "annotated_text", "semantic_text"), Text),
    **dict.fromkeys(_WHOLE, Integer),
    "token_count": Opaque,
    **dict.fromkeys(("double", "float", "half_float"), Float),
    "scaled_float": ScaledFloat,
    "boolean": Boolean,
    **dict.fromkeys(("date", "date_nanos"), Date),
    "ip": Ip,
    "geo_point": GeoPoint,
    "flattened": Flattened,
    "histogram": Histogram,
    **dict.fromkeys(
        ("binary", "dense_vector", "sparse_vector", "rank_feature", "rank_features", "rank_vectors", "geo_shape", "point",
         "shape", "completion", "percolator", "join", "aggregate_metric_double", "integer_range", "long_range",
         "float_range", "double_range", "date_range", "ip_range", "murmur3"),
        Opaque,
    ),
}  # fmt: skip
SINCE: dict[str, tuple[int, ...]] = {
    "constant_keyword": (7, 7), "wildcard": (7, 9), "version": (7, 10), "match_only_text": (7, 14), "semantic_text": (8, 15),
    "search_as_you_type": (7, 2), "unsigned_long": (7, 10), "date_nanos": (7, 0), "flattened": (7, 3),
    "dense_vector": (7, 0), "sparse_vector": (7, 0), "rank_feature": (7, 0), "rank_features": (7, 0), "alias": (6, 4),
    "histogram": (7, 6), "aggregate_metric_double": (7, 11), "shape": (7, 4), "point": (7, 8), "counted_keyword": (8, 14),
    "rank_vectors": (8, 18), "join": (6, 0),
}  # fmt: skip
