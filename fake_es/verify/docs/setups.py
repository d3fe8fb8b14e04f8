"""Named set-ups: requests that must run before the requests of a page.

Each set-up is a file ``NAME.console`` with comments at the beginning, followed by requests:

* ``# takes: job, index`` names parameters. The requests use them as ``{job}``, and pages set them with ``NAME:one:two``.
* ``# after: OTHER`` names set-ups that run before.
* ``# from: 6.2`` and ``# before: 7.0`` limit the requests up to the next comment to some releases.
* Other comments at the beginning describe the set-up.
* ``{ml}`` is the prefix of the release's ML APIs, ``{doc}`` the type of documents in a path. ``{/TYPE}`` is a type that is
  left out from 7.0.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from fake_es.scenes import scenes
from fake_es.verify import messages
from fake_es.verify.docs.requests import NoRequest, read_requests
from fake_es.verify.outcome import Place
from fake_es.verify.parse import parse_steps
from fake_es.verify.suite import Send, Step, Warnings
from fake_es.verify.yaml_text import SuiteError
from fake_es.version import Version

PACKAGED = scenes() / "verify"

_SUFFIX = ".console"
_ENTRY = re.compile(r"#\s*(takes|after|from|before):\s*(.+?)\s*")
_TYPE = re.compile(r"\{(/\w+)\}")
_ANY_WARNING = Warnings(allowed_patterns=(r"(?s).*",))


class UnknownSetup(KeyError):
    """There is no set-up with this name, or the number of values is wrong."""


class _Piece(NamedTuple):
    """Requests of a set-up with their releases; ``line`` is their first line."""

    line: int
    text: str
    since: tuple[int, ...]
    before: tuple[int, ...]


@dataclass(slots=True)
class Setup:
    """One set-up from its file."""

    name: str
    path: Path
    description: str = ""
    takes: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    pieces: list[_Piece] = field(default_factory=list)


class Setups:
    """The set-ups in several folders. If two have the same name, the one in the later folder counts.

    A folder may have a file ``pages.json``, an object of patterns of file names with the set-ups for such pages.

    :param folders: folders in addition to that of the package.
    :raises ValueError: a folder does not exist, ``pages.json`` is not an object of lists, or a release is not a number.
    """

    def __init__(self, folders: Iterable[Path] = ()) -> None:
        self.all: dict[str, Setup] = {}
        self._bindings: dict[str, list[str]] = {}
        for folder in (PACKAGED / "setups", *folders):
            self._take(folder)
        self._of_pages: dict[str, list[str]] = {}
        self._makers: dict[Version, dict[str, list[str]]] = {}

    def _take(self, folder: Path) -> None:
        if not folder.is_dir():
            raise ValueError(f"{folder}: no such folder of set-ups")
        self.all |= {file.name.removesuffix(_SUFFIX): _read(file) for file in sorted(folder.glob(f"*{_SUFFIX}"))}
        file = folder / "pages.json"
        if file.exists():
            self._bindings |= _read_bindings(file)

    def of_page(self, path: str) -> list[str]:
        """References to the set-ups of a page according to ``pages.json``."""
        if path not in self._of_pages:
            found = (names for pattern, names in self._bindings.items() if _is_page(Path(path).as_posix(), pattern))
            self._of_pages[path] = next(found, [])
        return self._of_pages[path]

    def making(self, path: str, version: Version) -> list[str]:
        """Names of the set-ups without parameters that create the resource at a path."""
        if version not in self._makers:
            self._makers[version] = self._made_by(version)
        return self._makers[version].get(path, [])

    def _made_by(self, version: Version) -> dict[str, list[str]]:
        makers: dict[str, list[str]] = {}
        for setup in self.all.values():
            for step in [] if setup.takes else self._own_steps(setup, _of_release(version), version):
                if isinstance(step, Send) and step.method == "PUT":
                    makers.setdefault(step.target, []).append(setup.name)
        return makers

    def knows(self, reference: str) -> bool:
        """Whether this set-up exists."""
        name, *values = reference.split(":")
        return name in self.all and len(self.all[name].takes) == len(values)

    def steps(self, reference: str, version: Version) -> list[Step]:
        """Steps of a set-up and of the set-ups that run before it.

        :param reference: its name, with a colon and a value for each parameter.
        :raises UnknownSetup: there is no such set-up.
        :raises SuiteError: a set-up cannot be parsed.
        """
        if not self.knows(reference):
            raise UnknownSetup(reference)
        name, *values = reference.split(":")
        setup = self.all[name]
        given = _of_release(version) | dict(zip(setup.takes, values))
        steps = [step for other in setup.after for step in self.steps(_filled(other, given), version)]
        return [*steps, *self._own_steps(setup, given, version)]

    def _own_steps(self, setup: Setup, given: dict[str, str], version: Version) -> Iterator[Step]:
        for piece in setup.pieces:
            if piece.since <= version and (not piece.before or version < piece.before):
                yield from _sends(setup, piece, given, typed=version < (7, 0))


def _read_bindings(file: Path) -> dict[str, list[str]]:
    bindings = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(bindings, dict) or not all(isinstance(names, list) for names in bindings.values()):
        raise ValueError(f"{file}: expected an object of patterns, each with a list of set-ups")
    return bindings


def _is_page(path: str, pattern: str) -> bool:
    return fnmatchcase(path, pattern) or fnmatchcase(path, f"*/{pattern}")


def _read(file: Path) -> Setup:
    setup = Setup(file.name.removesuffix(_SUFFIX), file)
    limits: dict[str, tuple[int, ...]] = {}
    lines: list[str] = []
    start = 1

    def finish() -> None:
        text = "\n".join(lines).strip("\n")
        if text:
            setup.pieces.append(_Piece(start, text + "\n", limits.get("from", ()), limits.get("before", ())))
            limits.clear()
        lines.clear()

    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        entry = _ENTRY.fullmatch(line)
        if not line.startswith("#"):
            start = start if "".join(lines) else number
            lines.append(line)
            continue
        finish()
        if entry is None:
            setup.description = f"{setup.description} {line.lstrip('# ')}".strip()
        elif entry[1] in ("from", "before"):
            limits[entry[1]] = _release(entry[2], Place(str(file), number))
        else:
            setattr(setup, entry[1], tuple(part.strip() for part in entry[2].split(",")))
    finish()
    return setup


def _release(text: str, place: Place) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split("."))
    except ValueError:
        raise ValueError(f"{place}: [{text}] is no release such as 6.2") from None


def _of_release(version: Version) -> dict[str, str]:
    return {"ml": "_xpack/ml", "doc": "doc"} if version < (7, 0) else {"ml": "_ml", "doc": "_doc"}


def _sends(setup: Setup, piece: _Piece, given: dict[str, str], *, typed: bool) -> Iterator[Step]:
    text = _TYPE.sub(r"\1" if typed else "", _filled(piece.text, given))
    try:
        found = list(read_requests(text))
    except NoRequest as error:
        place = Place(str(setup.path), piece.line + error.offset)
        raise SuiteError(place, messages.NO_REQUEST.format(snippet=setup.name, text=error.text)) from None
    for written in found:
        place = Place(str(setup.path), piece.line + written.offset)
        if written.yaml:
            yield from parse_steps(written.yaml, place)
        else:
            yield Send(place, written.method, written.target, written.body, warnings=_ANY_WARNING)


def _filled(text: str, given: dict[str, str]) -> str:
    for name, value in given.items():
        text = text.replace(f"{{{name}}}", value)
    return text
