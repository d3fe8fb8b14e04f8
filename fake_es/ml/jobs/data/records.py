"""Records of a posted body, which is JSON or delimited text (``DataToProcessWriter`` and its subclasses)."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from fake_es.ml.engine.analysis import DataDescription
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, ParseError

Record = dict[str, Any]

_BETWEEN = re.compile(r"[ \t\r\n,\[\]]*")
_BATCH = 1000
# From this number of characters on others should be able to run while a text is read.
LARGE = 256 * 1024
# The same for records that are read already.
_LARGE_BATCH = 10_000
# Types of values that must be converted for the analysis.
UNREAD = frozenset({dict, list, bool, type(None)})
_END = object()
# Number of malformed objects at which an upload is refused.
_MOST_DAMAGED = 100
_scan: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder().scan_once  # type: ignore[attr-defined]


def read_json(text: str) -> Iterator[list[Record]]:
    """The JSON objects in ``text``, in batches. They may be separated by anything and be inside arrays.

    Malformed objects are skipped.

    :raises ParseError: there are a hundred malformed objects.
    """
    values = _all_at_once(text)
    # JSON can contain a lone surrogate only as an escape.
    escapes = "\\u" in text
    if values is None:
        yield from batches(_one_by_one(text, escapes))
        return
    if escapes or not _is_plain(text, len(values)):
        values = [_flat(value, escapes) for value in values]
    yield from (values[at : at + _LARGE_BATCH] for at in range(0, len(values), _LARGE_BATCH))


def _is_plain(text: str, objects: int) -> bool:
    """Whether all values in the given number of objects are numbers or strings."""
    has_arrays = text.count("[") > (1 if text[:1] == "[" else 0)
    return not has_arrays and text.count("{") == objects and not any(word in text for word in ("null", "true", "false"))


def _all_at_once(text: str) -> list[Record] | None:
    """The objects of lines without errors, or of one array; None for any other text.

    Line ends are kept, so the decoder finds a line end inside a string, which is an error.
    """
    try:
        array = text if text[:1] == "[" else "[" + text.replace("}\n{", "},\n{") + "]"
        # With a function of Python in between other threads of the interpreter can run.
        values = json.loads(array) if len(text) < LARGE else json.loads(array, object_hook=lambda tree: tree)
    except (ValueError, RecursionError):
        return None
    return values if set(map(type, values)) <= {dict} else None


def batches(records: Iterator[Record | None]) -> Iterator[list[Record]]:
    """The records in batches, without what is not a record. If an error occurs, the records before it come first."""
    batch: list[Record] = []
    refusal = None
    try:
        for number, record in enumerate(records, 1):
            if record is not None:
                batch.append(record)
            if number % _BATCH == 0:
                yield batch
                batch = []
    except ElasticsearchError as error:
        refusal = error
    yield batch
    if refusal is not None:
        raise refusal


def _one_by_one(text: str, escapes: bool) -> Iterator[Record | None]:
    """The values that stand one after another in a text; None for what is no record."""
    at, damaged = _BETWEEN.match(text, 0).end(), 0  # type: ignore[union-attr]
    while at < len(text):
        try:
            value, at = _scan(text, at)
        except (StopIteration, ValueError, RecursionError) as error:
            value, at, damaged = None, _after_damage(text, at, error), damaged + 1
        if damaged >= _MOST_DAMAGED:
            raise ParseError("The input JSON data is malformed.")
        yield _flat(value, escapes) if type(value) is dict else None
        at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]


def _after_damage(text: str, at: int, error: Exception) -> int:
    """Where to continue after an error in the value that begins at ``at``: at the end of the line with the error, or at the
    next object on it. What was read without an error is not read again, nor does the server's parser read it again.
    """
    place = error.pos if isinstance(error, json.JSONDecodeError) else error.value if isinstance(error, StopIteration) else at
    candidates = [found for found in (text.find("\n", place), text.find("{", max(place, at + 1))) if found >= 0]
    return min(candidates, default=len(text))


def _flat(record: Record, escapes: bool) -> Record:
    record = record if UNREAD.isdisjoint(map(type, record.values())) else flatten(record)
    return without_surrogates(record) if escapes else record


def without_surrogates(record: Record) -> Record:
    """A copy of a record with question marks for lone surrogates, as Java writes them in UTF-8."""
    return {_encodable(name): _encodable(value) if type(value) is str else value for name, value in record.items()}


def _encodable(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def flatten(record: Record) -> Record:
    """Convert the values of a record for the analysis.

    Nested fields get dotted names. An array becomes one string, a boolean ``true`` or ``false``, and null an empty string.
    """
    flat: Record = {}
    # A stack instead of recursion, because the depth of a record is not limited.
    waiting = [("", iter(record.items()))]
    while waiting:
        prefix, items = waiting[-1]
        name, value = next(items, ("", items))
        if value is items:
            waiting.pop()
        elif isinstance(value, dict):
            waiting.append((f"{prefix}{name}.", iter(value.items())))
        elif isinstance(value, list):
            flat[prefix + name] = ",".join(_scalars(value))
        elif isinstance(value, bool):
            flat[prefix + name] = _text(value)
        else:
            flat[prefix + name] = "" if value is None else value
    return flat


def _text(scalar: Any) -> str:
    return ("true" if scalar else "false") if isinstance(scalar, bool) else str(scalar)


def _scalars(array: list[Any]) -> Iterator[str]:
    """The scalars of an array, including those inside objects, up to the end of the first inner array. Nulls are left out.

    Source: ``XContentRecordReader.parseSingleFieldValue``.
    """
    waiting: list[tuple[Iterator[Any], bool]] = [(iter(array), True)]
    while True:
        items, is_array = waiting[-1]
        item = next(items, _END)
        if item is _END and is_array:
            return
        if item is _END:
            waiting.pop()
        elif isinstance(item, (dict, list)):
            waiting.append((iter(item.values() if isinstance(item, dict) else item), isinstance(item, list)))
        elif item is not None:
            yield _text(item)


def read_delimited(text: str, description: DataDescription, fields: tuple[str, ...]) -> tuple[list[str], Iterator[list[str]]]:
    """The header and the rows of delimited text.

    :raises IllegalArgument: the header lacks the time field or a field of the analysis.
    """
    rows = csv.reader(
        text.splitlines(keepends=True), delimiter=description.field_delimiter, quotechar=description.quote_character
    )
    header = next(rows, [])
    for name in (*fields, description.time_field) if header else ():
        if name not in header:
            raise IllegalArgument(f"Field configured for analysis '{name}' is not in the CSV header '[{', '.join(header)}]'")
    return header, _rows(rows)


def _rows(rows: Any) -> Iterator[list[str]]:
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise IllegalArgument(f"The input CSV data is malformed: {error}") from None
        if row:
            yield row
