"""Records out of a posted body: JSON in any arrangement, or delimited text (``DataToProcessWriter`` and its kin)."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from typing import Any

from fake_es.ml.engine.analysis import DataDescription
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, ParseError

Record = dict[str, Any]

_BETWEEN = " \t\r\n,[]"
_BATCH = 1000
_NESTING = frozenset({dict, list, type(None)})
# Damaged objects that are read over before an upload is given up.
_MOST_DAMAGED = 100
_scan: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder().scan_once  # type: ignore[attr-defined]


def read_json(text: str) -> Iterator[list[Record]]:
    """Objects that stand one after another in ``text``, in arrays or not, some at a time; damaged ones are read over.

    :raises ParseError: there are a hundred damaged ones.
    """
    values = _all_at_once(text)
    if values is None:
        return batches(_one_by_one(text))
    plain = text.count("{") == len(values) and text.count("[") < 2 and "null" not in text
    return iter([values if plain else [_flat(value) for value in values]])


def _all_at_once(text: str) -> list[Record] | None:
    """The objects of undamaged lines, or of one array; None for any other text.

    A line's end stays where it is: inside a string it is damage, which the decoder finds.
    """
    try:
        values = json.loads(text if text[:1] == "[" else "[" + text.replace("}\n{", "},\n{") + "]")
    except (ValueError, RecursionError):
        return None
    return values if set(map(type, values)) <= {dict} else None


def batches(records: Iterator[Record]) -> Iterator[list[Record]]:
    """The same records some at a time; what stands before a refusal comes before it."""
    batch: list[Record] = []
    refusal = None
    try:
        for record in records:
            batch.append(record)
            if len(batch) == _BATCH:
                yield batch
                batch = []
    except ElasticsearchError as error:
        refusal = error
    yield batch
    if refusal is not None:
        raise refusal


def _one_by_one(text: str) -> Iterator[Record]:
    at, end, damaged = 0, len(text), 0
    while True:
        while at < end and text[at] in _BETWEEN:
            at += 1
        if at >= end:
            return
        try:
            value, at = _scan(text, at)
        except (StopIteration, ValueError, RecursionError):
            value, at, damaged = None, _after_damage(text, at), damaged + 1
        if damaged >= _MOST_DAMAGED:
            raise ParseError("The input JSON data is malformed.")
        if type(value) is dict:
            yield _flat(value)


def _after_damage(text: str, at: int) -> int:
    """Where to go on reading: behind the line, or before the next object on it."""
    candidates = [place for place in (text.find("\n", at), text.find("{", at + 1)) if place >= 0]
    return min(candidates, default=len(text))


def _flat(record: Record) -> Record:
    return record if _NESTING.isdisjoint(map(type, record.values())) else flatten(record)


def flatten(record: Record) -> Record:
    """Dotted names for what is nested, one text for a list of scalars, an empty text for null."""
    flat: Record = {}
    # A stack, not a function that calls itself: nobody says how deep a record may be.
    waiting = [("", iter(record.items()))]
    while waiting:
        prefix, items = waiting[-1]
        name, value = next(items, ("", items))
        if value is items:
            waiting.pop()
        elif isinstance(value, dict):
            waiting.append((f"{prefix}{name}.", iter(value.items())))
        elif isinstance(value, list):
            flat[prefix + name] = ",".join("" if item is None else str(item) for item in value)
        else:
            flat[prefix + name] = "" if value is None else value
    return flat


def read_delimited(text: str, description: DataDescription, fields: tuple[str, ...]) -> tuple[list[str], Iterator[list[str]]]:
    """The header of delimited text, and its rows.

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
