"""Kinds of fields for parsing stored documents of ML, which a client may have indexed with other types.

Values that fake_es has written have the right type and pass at once.
"""

from __future__ import annotations

from typing import Any

from fake_es.ml.persistence.document_shapes import epoch_ms
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.json_text import Path
from fake_es.wire.object_parser import LONG, Body, Kind, token

_INT = frozenset({int})
COUNT = Kind(LONG.tokens, LONG.read, _INT)


def _time(value: Any, body: Body, path: Path) -> int:
    """Epoch milliseconds; -1 for a text that is not a date (``TimeUtils.dateStringToEpoch``)."""
    if isinstance(value, bool):
        raise IllegalArgument(f"unexpected token [{token(value)}] for [{path[-1]}]")
    found = epoch_ms(value) if isinstance(value, str) else LONG.read(value, body, path)
    return found if isinstance(found, int) else -1


TIME = Kind(frozenset({"VALUE_NUMBER", "VALUE_STRING", "VALUE_BOOLEAN"}), _time, _INT)
