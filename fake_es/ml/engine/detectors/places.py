"""``lat_long``: events at places where there usually are none."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from fake_es.ml.engine.buckets import Bucket
from fake_es.ml.engine.circumstances import Circumstances
from fake_es.ml.engine.detectors.base import Analyser
from fake_es.ml.engine.findings import LEAST_SURPRISE, Finding, Outcome
from fake_es.ml.engine.functions import numbers
from fake_es.ml.engine.gather import Key, values
from fake_es.ml.engine.model.residual import Frame, Residual

Place = tuple[float, float]

_MOST_CENTRES = 8
# Places within so many kilometres are one; the scatter about centres is at least that of positions in a town.
_NEAR_KM, _LEAST_SPREAD_KM = 50.0, 5.0
_LEAST_PLACES = 20
_EARTH_KM = 6371.0


def distance(here: Place, there: Place) -> float:
    """Kilometres between two places along a great circle."""
    (lat, lon), (other_lat, other_lon) = (tuple(map(math.radians, place)) for place in (here, there))
    across = math.sin((other_lat - lat) / 2) ** 2
    along = math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(across + along)))


def place_of(value: Any) -> Place | None:
    """The place that a text ``latitude,longitude`` names; None if it names none."""
    found = numbers(str(value).split(","))
    if len(found) != 2 or not (-90 <= found[0] <= 90 and -180 <= found[1] <= 180):
        return None
    return found[0], found[1]


class Map:
    """The centres about which the places of a series lie."""

    __slots__ = ("centres", "places", "residual")

    def __init__(self) -> None:
        # Latitude, longitude and number of places of each.
        self.centres: list[list[float]] = []
        self.places = 0
        self.residual = Residual(is_count=False)

    def nearest(self, place: Place) -> tuple[list[float], float]:
        """The nearest centre and the kilometres to it."""
        found = [(distance(place, (centre[0], centre[1])), at) for at, centre in enumerate(self.centres)]
        away, at = min(found)
        return self.centres[at], away

    def surprise(self, place: Place) -> tuple[float, Place]:
        """Surprise of a place, and the centre it is held against."""
        centre, away = self.nearest(place)
        frame = self._frame()
        _, high = self.residual.surprise(away, frame, self.residual.measure(away, frame))
        return high, (centre[0], centre[1])

    @staticmethod
    def _frame() -> Frame:
        return Frame(0.0, _LEAST_SPREAD_KM * 1000, _LEAST_SPREAD_KM)

    def learn(self, place: Place) -> None:
        """Take a place in."""
        self.places += 1
        if not self.centres:
            self.centres.append([*place, 1.0])
            return
        centre, away = self.nearest(place)
        frame = self._frame()
        self.residual.learn(away, frame, self.residual.measure(away, frame))
        if away > _NEAR_KM and len(self.centres) < _MOST_CENTRES:
            self.centres.append([*place, 1.0])
            return
        centre[2] = min(centre[2] + 1, 200.0)
        if away <= _NEAR_KM:
            centre[0] += (place[0] - centre[0]) / centre[2]
            centre[1] += (place[1] - centre[1]) / centre[2]

    def state(self) -> list[Any]:
        """Plain data to restore it from."""
        return [[list(centre) for centre in self.centres], self.places, self.residual.state()]

    def restore(self, state: list[Any]) -> None:
        """Take up what :meth:`state` left."""
        centres, self.places, residual = state
        self.centres = [list(centre) for centre in centres]
        self.residual.restore(residual)


class Places(Analyser):
    """A map for each series; the members of a population share theirs."""

    def __init__(self, *settings: Any) -> None:
        super().__init__(*settings)
        self._maps: dict[Key, Map] = {}

    def observe(self, bucket: Bucket, now: Circumstances) -> Outcome:
        """See :class:`Analyser`."""
        outcome = Outcome()
        assert self.detector.field_name is not None, "lat_long has a field"
        for key, texts in values(bucket, self.detector, bucket.columns[self.detector.field_name]).items():
            places = [place for text in texts if text is not None and (place := place_of(text)) is not None]
            known = self._map(key, now) if places else None
            if known is not None:
                self._judge(key, known, places, now, outcome)
        return outcome

    def _map(self, key: Key, now: Circumstances) -> Map | None:
        shared = (key[0], key[1], "")
        if shared not in self._maps:
            if not now.may_grow:
                self.refused += 1
                return None
            self._maps[shared] = Map()
        return self._maps[shared]

    def _judge(self, key: Key, known: Map, places: list[Place], now: Circumstances, outcome: Outcome) -> None:
        if known.places >= _LEAST_PLACES:
            oddest = max(places, key=lambda place: known.nearest(place)[1])
            surprise, typical = known.surprise(oddest)
            if surprise >= LEAST_SURPRISE and self.decide(key, 0.0, 0.0, now)[0]:
                outcome.findings.append(Finding(self.detector, key, "lat_long", surprise, [*oddest], [*typical]))
        if self.decide(key, 0.0, 0.0, now)[1]:
            for place in places[:: max(1, len(places) // 50)]:
                known.learn(place)

    def __len__(self) -> int:
        return len(self._maps)

    def series(self) -> Iterator[Key]:
        """See :class:`Analyser`."""
        return iter(self._maps)

    def state(self) -> Any:
        """See :class:`Analyser`."""
        return [[list(key), known.state()] for key, known in self._maps.items()]

    def restore(self, state: Any) -> None:
        """See :class:`Analyser`."""
        for (partition, by, over), entry in state:
            known = self._maps[partition, by, over] = Map()
            known.restore(entry)
