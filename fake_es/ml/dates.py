"""Time parameters of the ML APIs: epoch numbers, ISO dates and date maths."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from fake_es.wire.errors import ParseError
from fake_es.wire.words import Words

_REFUSAL = Words(
    "Query param '{name}' with value '{value}' cannot be parsed as a date or converted to a number (epoch).",
    ((6, 0), "Query param [{name}] with value [{value}] cannot be parsed as a date or converted to a number (epoch)."),
)
_MATHS = re.compile(r"(?P<sign>[+-])(?P<amount>\d{0,9})(?P<unit>[yMwdhHms])|/(?P<round>[yMwdhHms])")
_ISO = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?)?)?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII
)
_MOST_OFFSET = timedelta(hours=18)
_DELTA = {"w": 604_800, "d": 86_400, "h": 3_600, "H": 3_600, "m": 60, "s": 1}


def parse_ml_date(text: str, name: str, now: int, version: tuple[int, ...]) -> int:
    """Epoch milliseconds of ``text``: a number (up to ten digits are seconds), an ISO date, or maths on either or ``now``.

    :raises ParseError: it is none of these.
    """
    if re.fullmatch(r"\d{1,18}", text, re.ASCII):
        return int(text) * (1000 if len(text) <= 10 else 1)
    anchor, _, maths = (text[:3], "", text[3:]) if text.startswith("now") else text.partition("||")
    try:
        moment = _moment(now) if anchor == "now" else _iso(anchor)
        return round(_apply(moment, maths).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise ParseError(_REFUSAL.at(version, name=name, value=text)) from None


def _moment(instant: int) -> datetime:
    return datetime.fromtimestamp(instant / 1000, timezone.utc)


def _iso(text: str) -> datetime:
    found = _ISO.fullmatch(text)
    if found is None:
        raise ValueError(text)
    *parts, fraction, zone = found.groups()
    year, month, day, hour, minute, second = (
        int(part) if part else default for part, default in zip(parts, (1, 1, 1, 0, 0, 0))
    )
    moment = datetime(year, month, day, hour, minute, second, tzinfo=timezone.utc)
    return moment + timedelta(seconds=float(f"0.{fraction or 0}")) - _offset(zone)


def _offset(zone: str | None) -> timedelta:
    if zone in (None, "Z"):
        return timedelta()
    assert zone is not None
    size = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    if size > _MOST_OFFSET:
        raise ValueError(zone)
    return -size if zone[0] == "-" else size


def _apply(moment: datetime, maths: str) -> datetime:
    at = 0
    while at < len(maths):
        step = _MATHS.match(maths, at)
        if step is None:
            raise ValueError(maths)
        at = step.end()
        if step["round"]:
            moment = _rounded(moment, step["round"])
        else:
            moment = _shifted(moment, int(step["sign"] + (step["amount"] or "1")), step["unit"])
    return moment


def _shifted(moment: datetime, amount: int, unit: str) -> datetime:
    if unit in _DELTA:
        return moment + timedelta(seconds=amount * _DELTA[unit])
    months = moment.month - 1 + amount * (12 if unit == "y" else 1)
    year, month = moment.year + months // 12, months % 12 + 1
    following = datetime(year + month // 12, month % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return moment.replace(year=year, month=month, day=min(moment.day, last))


def _rounded(moment: datetime, unit: str) -> datetime:
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    rounded = {
        "y": midnight.replace(month=1, day=1),
        "M": midnight.replace(day=1),
        "w": midnight - timedelta(days=moment.weekday()),
        "d": midnight,
        "h": moment.replace(minute=0, second=0, microsecond=0),
        "m": moment.replace(second=0, microsecond=0),
        "s": moment.replace(microsecond=0),
    }
    return rounded[unit.lower() if unit == "H" else unit]
