"""One fault rule: which requests it hits, and when. ``docs/faults.md`` explains the fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from random import Random
from typing import Any, TypedDict

from fake_es.clock import ClockError, Duration, read_duration, read_instant
from fake_es.control import messages
from fake_es.control.failing import STATES
from fake_es.control.fault_presets import PRESETS
from fake_es.patterns.wildcards import overlap, simple_match
from fake_es.version import Version
from fake_es.wire.call import Call

# What can happen to a connection. Those of ``UNANSWERED`` happen before the request is carried out.
CONNECTIONS = ("reset", "reset_after", "reset_in_answer", "half_body", "no_answer", "no_answer_after")
UNANSWERED = ("reset", "no_answer")
_EFFECTS = ("error", "status", "items", "delay", "connection", "bytes_per_second", "fail")
_TURNS = ("nth", "every", "share")


class FaultFields(TypedDict, total=False):
    """The fields of a rule, by keyword, in a dict, or in a JSON body.

    * which requests: ``operation``, ``method``, ``path``, ``job``, ``datafeed``, ``index``, ``user``. In each, ``*`` stands for
      any text.
    * when: at most ``times``; the ``nth`` that fits, ``every`` so many, or a ``share`` of them with a ``seed``; only ``since``
      and ``until`` a time of the clock (an instant, or a duration from now on).
    * what: ``error`` (the name of a preset) or ``status``, ``type`` and ``reason``; ``headers`` of the answer; ``items`` of
      a bulk or msearch by place or id; ``delay`` (a duration, or two), ``real`` or on the clock; ``connection``;
      ``bytes_per_second``; ``fail`` for a job that fails.
    * ``strict``: a pytest test fails if the rule has never fired.
    """

    operation: str
    method: str
    path: str
    job: str
    datafeed: str
    index: str
    user: str
    times: int
    nth: int
    every: int
    share: float
    seed: int
    since: str | int
    until: str | int
    error: str
    status: int
    type: str
    reason: str
    headers: Mapping[str, str]
    items: int | str | list[int | str]
    delay: Duration | list[Duration]
    real: bool
    connection: str
    bytes_per_second: int
    fail: str
    strict: bool


class FaultError(ValueError):
    """A rule that cannot be. The text says what is right."""


class Fault:
    """A rule with its name and its counts: ``seen`` requests that fitted, ``fired`` times that it had its effect.

    :param fields: see ``FaultFields``; they were not checked yet.
    :param now: the clock's time in epoch milliseconds.
    :raises FaultError: a field is unknown or has a bad value, or the rule would have no effect.
    """

    def __init__(self, name: str, fields: Mapping[str, Any], version: Version, now: int) -> None:
        if not isinstance(name, str) or not name or "/" in name:
            raise FaultError(messages.BAD_FAULT_NAME.format(value=name))
        _check(name, fields, version)
        self.name = name
        self.fields = dict(fields)
        self.seen = 0
        self.fired = 0
        self.random = Random(fields.get("seed", 0))
        self.strict: bool = fields.get("strict", False)
        self.delay = _delay(name, fields.get("delay"))
        self._since = _instant(name, "since", fields, now)
        self._until = _instant(name, "until", fields, now)
        items = fields.get("items", ())
        self._items = items if isinstance(items, list) else (items,) if "items" in fields else ()

    def __repr__(self) -> str:
        shown = "".join(f", {name}={value!r}" for name, value in self.fields.items())
        return f"Fault({self.name!r}{shown})"

    def to_json(self) -> dict[str, Any]:
        """The rule as ``GET /_fake/faults`` shows it."""
        return {"name": self.name, **self.fields, "seen": self.seen, "fired": self.fired}

    def hits(self, call: Call, now: int) -> bool:
        """Whether the rule has its effect on this call; it counts what it sees. Only one thread may ask at a time."""
        if not self._fits(call, now):
            return False
        self.seen += 1
        fields = self.fields
        fires = (
            self.fired < fields.get("times", self.fired + 1)
            and fields.get("nth", self.seen) == self.seen
            and self.seen % fields.get("every", 1) == 0
            and ("share" not in fields or self.random.random() < fields["share"])
        )
        self.fired += fires
        return fires

    def _fits(self, call: Call, now: int) -> bool:
        if now < self._since or (self._until is not None and now >= self._until):
            return False
        for name, read in _READ.items():
            if name in self.fields and not read(call, self.fields[name]):
                return False
        return not self._items or bool(self.places(call))

    def places(self, call: Call) -> frozenset[int]:
        """The places of the items of a bulk or msearch that the rule hits; none in other requests."""
        if not self._items or _operation_of(call) not in ("bulk", "msearch") or not isinstance(call.request, list):
            return frozenset()
        index = self.fields.get("index", "*")
        return frozenset(
            place
            for place, item in enumerate(call.request)
            if any(overlap(name, index) for name in _names_of(item).split(",")) and self._selects(place, item)
        )

    def _selects(self, place: int, item: Any) -> bool:
        write = getattr(item, "write", None)
        return any(
            place == wanted if isinstance(wanted, int) else simple_match("" if write is None else str(write.id), wanted)
            for wanted in self._items
        )


def _operation_of(call: Call) -> str | None:
    return call.endpoint.operation.name if hasattr(call, "endpoint") else None


def _names_of(item: Any) -> str:
    """The index that an item of a bulk or msearch names, or an expression for several."""
    write = getattr(item, "write", None)
    return str(item.expression if write is None else write.index)


def _names(call: Call, part: str) -> Iterable[str]:
    """The names that a part of the path lists; ``_all`` stands for all."""
    text = getattr(call, "path_parameters", {}).get(part)
    return () if text is None else ("*" if name == "_all" else name for name in text.split(","))


def _is_named(part: str) -> Callable[[Call, str], bool]:
    return lambda call, pattern: any(overlap(name, pattern) for name in _names(call, part))


def _is_of_index(call: Call, pattern: str) -> bool:
    if _is_named("index")(call, pattern):
        return True
    items = call.request if _operation_of(call) in ("bulk", "msearch") and isinstance(call.request, list) else ()
    return any(overlap(name, pattern) for item in items for name in _names_of(item).split(","))


_READ: dict[str, Callable[[Call, str], bool]] = {
    "operation": lambda call, pattern: simple_match(_operation_of(call) or "", pattern),
    "method": lambda call, method: call.method == method.upper(),
    "path": lambda call, pattern: simple_match(call.path, pattern),
    "job": _is_named("job_id"),
    "datafeed": _is_named("datafeed_id"),
    "index": _is_of_index,
    "user": lambda call, pattern: call.user is not None and simple_match(call.user.name, pattern),
}


def _check(name: str, fields: Mapping[str, Any], version: Version) -> None:
    for field, value in fields.items():
        if field not in _RIGHT:
            raise FaultError(messages.UNKNOWN_FAULT_FIELD.format(name=name, field=field, known=", ".join(_RIGHT)))
        right, is_right = _RIGHT[field]
        if not is_right(value):
            raise FaultError(messages.BAD_FAULT_FIELD.format(name=name, field=field, right=right, value=value))
    if not fields.keys() & set(_EFFECTS):
        raise FaultError(messages.NO_EFFECT.format(name=name, known=", ".join(_EFFECTS)))
    for pair in (("error", "status"), ("error", "connection"), ("status", "connection"), ("items", "connection")):
        if set(pair) <= fields.keys():
            raise FaultError(messages.NOT_TOGETHER.format(name=name, first=pair[0], second=pair[1]))
    turns = [turn for turn in _TURNS if turn in fields]
    if len(turns) > 1:
        raise FaultError(messages.NOT_TOGETHER.format(name=name, first=turns[0], second=turns[1]))
    for field, needed in _NEEDS.items():
        if field in fields and not fields.keys() & set(needed):
            raise FaultError(messages.FAULT_NEEDS.format(name=name, field=field, needed=" or ".join(needed)))
    preset = PRESETS[fields["error"]] if "error" in fields else None
    if preset is not None and version < preset.since:
        since = ".".join(map(str, preset.since))
        raise FaultError(messages.PRESET_LATER.format(name=name, error=fields["error"], since=since, version=version))
    if preset is not None and "items" in fields and not preset.for_items:
        raise FaultError(messages.PRESET_NOT_OF_ITEMS.format(name=name, error=fields["error"]))


_NEEDS = {
    "type": ("status",), "reason": ("status", "fail"), "headers": ("status", "error"), "real": ("delay",),
    "seed": ("share", "delay"),
}  # fmt: skip


def _is_whole(least: int, most: int | None = None) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, int) and not isinstance(value, bool) and value >= least and (most is None or value <= most)
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _is_item(value: Any) -> bool:
    return _is_text(value) or _is_whole(0)(value)


def _is_header(name: Any, value: Any) -> bool:
    return _is_text(name) and isinstance(value, str) and (name + value).isprintable() and ":" not in name


_TEXT = ("a text", _is_text)
_RIGHT: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "operation": ("the name of an API such as ml.close_job, or a pattern such as ml.*", _is_text),
    "method": _TEXT,
    "path": ("a path such as /_ml/*", lambda value: _is_text(value) and value[0] in "/*"),
    "job": _TEXT,
    "datafeed": _TEXT,
    "index": _TEXT,
    "user": _TEXT,
    "times": ("a number from 1 on", _is_whole(1)),
    "nth": ("a number from 1 on", _is_whole(1)),
    "every": ("a number from 1 on", _is_whole(1)),
    "share": ("a number from 0 to 1", lambda value: isinstance(value, (int, float)) and value is not True and 0 <= value <= 1),
    "seed": ("a whole number", lambda value: isinstance(value, int)),
    "since": ("an instant, or a duration from now on", lambda value: _is_item(value)),
    "until": ("an instant, or a duration from now on", lambda value: _is_item(value)),
    "error": ("one of " + ", ".join(PRESETS), lambda value: isinstance(value, str) and value in PRESETS),
    "status": ("a status from 300 to 599", _is_whole(300, 599)),
    "type": ("the type of an error such as status_exception", _is_text),
    "reason": ("a text", lambda value: isinstance(value, str)),
    "headers": (
        "an object of names and texts",
        lambda value: isinstance(value, Mapping) and all(_is_header(*pair) for pair in value.items()),
    ),
    "items": (
        "a place from 0 on, an id, or a list of them",
        lambda value: _is_item(value) or (isinstance(value, list) and value != [] and all(map(_is_item, value))),
    ),
    "delay": (
        "a duration such as 30s, or a list of two",
        lambda value: not isinstance(value, (bool, list)) or (isinstance(value, list) and len(value) == 2),
    ),
    "real": ("true or false", lambda value: isinstance(value, bool)),
    "connection": ("one of " + ", ".join(CONNECTIONS), lambda value: isinstance(value, str) and value in CONNECTIONS),
    "bytes_per_second": ("a number from 1 on", _is_whole(1)),
    "fail": ("one of " + ", ".join(STATES), lambda value: isinstance(value, str) and value in STATES),
    "strict": ("true or false", lambda value: isinstance(value, bool)),
}


def _delay(name: str, given: Any) -> tuple[int, int] | None:
    """The shortest and the longest delay in milliseconds."""
    if given is None:
        return None
    try:
        durations = [read_duration(each) for each in (given if isinstance(given, list) else [given])]
    except ClockError as error:
        raise FaultError(f"fault [{name}]: {error}") from None
    return min(durations), max(durations)


def _instant(name: str, field: str, fields: Mapping[str, Any], now: int) -> Any:
    """A time of the clock in epoch milliseconds: given as an instant, or as a duration from ``now`` on."""
    given = fields.get(field)
    if given is None:
        return 0 if field == "since" else None
    if isinstance(given, str):
        with suppress(ClockError):
            return now + read_duration(given)
    try:
        return read_instant(given)
    except ClockError as error:
        raise FaultError(f"fault [{name}]: [{field}] {error}") from None
