"""Metrics of places."""

from __future__ import annotations

import math
from typing import Any

from fake_es.search.aggregations.context import Documents
from fake_es.search.aggregations.metrics import Metric
from fake_es.search.aggregations.registry import Definition, aggregation
from fake_es.search.aggregations.results import Figures, Result
from fake_es.search.aggregations.values import FIELD, PLACES
from fake_es.wire.object_parser import BOOLEAN, Field


class _Places(Metric):
    accepts = PLACES

    def prepare(self, definition: Definition) -> None:
        for option in ("script", "missing"):
            self.unsupported(option, definition.kind.name)
        super().prepare(definition)


@aggregation("geo_centroid", *FIELD)
class GeoCentroid(_Places):
    """The mean of latitudes and longitudes; places are ``(lat, lon)``."""

    def collect(self, documents: Documents) -> Result:
        places = self.values.all(documents)
        if not places:
            return Figures(self.kind, {"count": 0}, {"count": 0})
        latitude = math.fsum(place[0] for place in places) / len(places)
        longitude = math.fsum(place[1] for place in places) / len(places)
        numbers: dict[str, float | None] = {"lat": latitude, "lon": longitude, "count": len(places)}
        shown = {"location": {"lat": latitude, "lon": longitude}, "count": len(places)}
        return Figures(self.kind, {**numbers, "location.lat": latitude, "location.lon": longitude}, shown)


@aggregation("geo_bounds", *FIELD, Field("wrap_longitude", BOOLEAN))
class GeoBounds(_Places):
    """The smallest box around all places; with ``wrap_longitude`` it may cross the date line."""

    def collect(self, documents: Documents) -> Result:
        places = self.values.all(documents)
        if not places:
            return Figures(self.kind, {}, {})
        latitudes = [place[0] for place in places]
        left, right = _sides([place[1] for place in places], wrap=self.options.get("wrap_longitude", True))
        top, bottom = max(latitudes), min(latitudes)
        bounds: dict[str, Any] = {"top_left": {"lat": top, "lon": left}, "bottom_right": {"lat": bottom, "lon": right}}
        numbers: dict[str, float | None] = {"top": top, "bottom": bottom, "left": left, "right": right}
        return Figures(self.kind, numbers, {"bounds": bounds})


def _sides(longitudes: list[float], *, wrap: bool) -> tuple[float, float]:
    west, east = min(longitudes), max(longitudes)
    positive = [longitude for longitude in longitudes if longitude >= 0]
    negative = [longitude for longitude in longitudes if longitude < 0]
    if wrap and positive and negative and (max(negative) + 360 - min(positive)) < east - west:
        return min(positive), max(negative)
    return west, east
