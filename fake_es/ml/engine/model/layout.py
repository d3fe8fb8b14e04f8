"""How a model is stored: a class declares each of its numbers once, and a layout packs them into bytes and reads them back.

A job may have very many series. Python's objects and arrays weigh several times as much as the numbers in them, so between
buckets every series is one ``bytes``. A model snapshot stores the same bytes.
"""

from __future__ import annotations

import base64
import struct
from array import array
from collections.abc import Callable, Iterator
from dataclasses import field, fields, is_dataclass
from functools import partial
from typing import Any

_STORED_AS = "stored as"


def number(code: str, first: float = 0) -> Any:
    """Declare a field that holds one number.

    :param code: its stored form, as :mod:`struct` writes it.
    :param first: its value in a new model.
    """
    return field(default=first, metadata={_STORED_AS: code})


def numbers(code: str, *first: float) -> Any:
    """Declare a field that holds an array of numbers, as many as ``first`` has; see :func:`number`."""
    return field(default_factory=partial(array, code, first), metadata={_STORED_AS: code})


def as_text(packed: bytes) -> str:
    """Packed numbers as a snapshot stores them: JSON has no bytes."""
    return base64.b64encode(packed).decode()


def from_text(text: str) -> bytes:
    """Packed numbers that :func:`as_text` wrote."""
    return base64.b64decode(text)


class Layout:
    """The stored form of a dataclass, of the parts in its fields, and of theirs.

    A field that is declared with neither :func:`number` nor :func:`numbers` is not stored.

    :param example: an instance as :meth:`unpack` will be given one: the same parts, arrays of the same lengths.
    """

    #: All numbers of a model as bytes.
    pack: Callable[[Any], bytes]
    #: Restore the numbers of a model from bytes. Return the position behind them.
    unpack: Callable[[Any, bytes], int]

    def __init__(self, example: object) -> None:
        stored = list(_stored("model", example))
        plain = [(path, code) for path, code, value in stored if not isinstance(value, array)]
        head = struct.Struct("=" + "".join(code for _, code in plain))
        names = ", ".join(path for path, _ in plain)
        write, read, end = [f"write({names})"], [f"{names} = read(packed)"], head.size
        for path, code, value in stored:
            if isinstance(value, array):
                begin, end = end, end + len(value) * value.itemsize
                write.append(path)
                read.append(f"{path} = array({code!r}, packed[{begin}:{end}])")
        # The code is generated and compiled once, like __init__ of dataclasses. A loop over names takes twice as long, and both
        # functions run for each series in each bucket.
        source = [
            "def pack(model):",
            f"    return b''.join(({', '.join(write)},))",
            "def unpack(model, packed):",
            *(f"    {line}" for line in read),
            f"    return {end}",
        ]
        space: dict[str, Any] = {"array": array, "write": head.pack, "read": head.unpack_from}
        exec("\n".join(source), space)
        self.pack, self.unpack = space["pack"], space["unpack"]


def _stored(path: str, part: Any) -> Iterator[tuple[str, str, Any]]:
    """Each number and array in a part: the expression that leads to it, its code, and its value."""
    if isinstance(part, list):
        for at, each in enumerate(part):
            yield from _stored(f"{path}[{at}]", each)
    elif is_dataclass(part):
        for declared in fields(part):
            here, value = f"{path}.{declared.name}", getattr(part, declared.name)
            if _STORED_AS in declared.metadata:
                yield here, declared.metadata[_STORED_AS], value
            else:
                yield from _stored(here, value)
