"""Models of ``lat_long``: events at places where there usually are none."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from fake_es.ml.engine.anomalies import LEAST_SURPRISAL, Anomaly, DetectorResults
from fake_es.ml.engine.bucket_context import BucketContext
from fake_es.ml.engine.buckets import Bucket
from fake_es.ml.engine.data_gatherer import Key, values
from fake_es.ml.engine.detectors.base import SAMPLE, DetectorModel
from fake_es.ml.engine.functions import numbers
from fake_es.ml.engine.model.layout import Layout, as_text, from_text
from fake_es.ml.engine.model.residual import Prediction, ResidualDistribution

Place = tuple[float, float]

_EARTH_KM = 6371.0
# A series has at most this many centres. A place within 50 km of one, the size of a large city, belongs to it.
_MOST_CENTRES, _NEAR_KM = 8, 50.0
# A centre is the mean of about this many places.
_CENTRE_MEMORY = 200.0
# Places before which none is far away.
_LEAST_PLACES = 20
# Places scatter about a centre by 5 km, as in a town. The usual size is far larger, so that the distance alone counts.
_DISTANCE = Prediction(0.0, size=5000.0, spread=5.0)


def distance(here: Place, there: Place) -> float:
    """Kilometres between two places along a great circle (haversine formula)."""
    (lat, lon), (other_lat, other_lon) = (tuple(map(math.radians, place)) for place in (here, there))
    across = math.sin((other_lat - lat) / 2) ** 2
    along = math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(across + along)))


def place_of(value: Any) -> Place | None:
    """The place of a text ``latitude,longitude``; None if it is not one."""
    found = numbers(str(value).split(","))
    if len(found) != 2 or not (-90 <= found[0] <= 90 and -180 <= found[1] <= 180):
        return None
    return found[0], found[1]


@dataclass(slots=True, eq=False)
class Centres:
    """The centres about which the places of a series lie, and how far from them."""

    #: Latitude, longitude and number of places of each.
    centres: list[list[float]] = field(default_factory=list)
    places: int = 0
    distances: ResidualDistribution = field(default_factory=ResidualDistribution)

    def nearest(self, place: Place) -> tuple[list[float], float]:
        """The nearest centre, and the kilometres to it."""
        found = [(distance(place, (centre[0], centre[1])), at) for at, centre in enumerate(self.centres)]
        away, at = min(found)
        return self.centres[at], away

    def surprisal(self, place: Place) -> tuple[float, Place]:
        """Surprisal of a place, and the centre that it is compared with."""
        centre, away = self.nearest(place)
        _, high = self.distances.surprisal(away, _DISTANCE, self.distances.scaled(away, _DISTANCE))
        return high, (centre[0], centre[1])

    def learn(self, place: Place) -> None:
        """Learn from a place."""
        self.places += 1
        if not self.centres:
            self.centres.append([*place, 1.0])
            return
        centre, away = self.nearest(place)
        self.distances.learn(away, _DISTANCE, self.distances.scaled(away, _DISTANCE))
        if away > _NEAR_KM and len(self.centres) < _MOST_CENTRES:
            self.centres.append([*place, 1.0])
            return
        centre[2] = min(centre[2] + 1, _CENTRE_MEMORY)
        if away <= _NEAR_KM:
            centre[0] += (place[0] - centre[0]) / centre[2]
            centre[1] += (place[1] - centre[1]) / centre[2]

    def state(self) -> list[Any]:
        """Plain data to restore it from."""
        return [[list(centre) for centre in self.centres], self.places, as_text(_LAYOUT.pack(self.distances))]

    def restore(self, state: list[Any]) -> None:
        """Take over what :meth:`state` returned."""
        centres, self.places, distances = state
        self.centres = [list(centre) for centre in centres]
        _LAYOUT.unpack(self.distances, from_text(distances))


_LAYOUT = Layout(ResidualDistribution())


class LatLongModel(DetectorModel):
    """The centres of each series; the members of a population share theirs."""

    def __init__(self, *settings: Any) -> None:
        super().__init__(*settings)
        self._series: dict[Key, Centres] = {}

    def process(self, bucket: Bucket, context: BucketContext) -> DetectorResults:
        """See :class:`DetectorModel`."""
        results = DetectorResults()
        assert self.detector.field_name is not None, "lat_long has a field"
        for key, texts in values(bucket, self.detector, bucket.columns[self.detector.field_name]).items():
            places = [place for text in texts if text is not None and (place := place_of(text)) is not None]
            if not places:
                continue
            shared = (key[0], key[1], "")
            if shared not in self._series:
                if not context.may_grow:
                    self.refused += 1
                    continue
                self._series[shared] = Centres()
            self._process_series(key, self._series[shared], places, context, results)
        return results

    def _process_series(
        self, key: Key, known: Centres, places: list[Place], context: BucketContext, results: DetectorResults
    ) -> None:
        # A place is no number that a rule could have conditions on.
        report, learn = self.decide(key, 0.0, 0.0, context)
        if report and known.places >= _LEAST_PLACES:
            farthest = max(places, key=lambda place: known.nearest(place)[1])
            surprisal, typical = known.surprisal(farthest)
            if surprisal >= LEAST_SURPRISAL:
                results.anomalies.append(Anomaly(self.detector, key, "lat_long", surprisal, [*farthest], [*typical]))
        if learn:
            for place in places[:: max(1, len(places) // SAMPLE)]:
                known.learn(place)

    def __len__(self) -> int:
        return len(self._series)

    def state(self) -> Any:
        """See :class:`DetectorModel`."""
        return [[list(key), known.state()] for key, known in self._series.items()]

    def restore(self, state: Any) -> None:
        """See :class:`DetectorModel`."""
        for (partition, by, over), entry in state:
            known = self._series[partition, by, over] = Centres()
            known.restore(entry)
