"""Metrics of geo points: ``geo_centroid`` and ``geo_bounds``."""

from __future__ import annotations

import math
from typing import Any

from fake_es.search.aggregations.context import Documents
from fake_es.search.aggregations.metrics import Metric
from fake_es.search.aggregations.registry import Definition, aggregation
from fake_es.search.aggregations.results import MultiValue, Result
from fake_es.search.aggregations.values import FIELD, GEO_POINTS
from fake_es.wire.object_parser import BOOLEAN, Field


class _GeoMetric(Metric):
    accepts = GEO_POINTS

    def prepare(self, definition: Definition) -> None:
        for option in ("script", "missing"):
            self.unsupported(option, definition.kind.name)
        super().prepare(definition)


@aggregation("geo_centroid", *FIELD)
class GeoCentroid(_GeoMetric):
    """The mean of latitudes and of longitudes; points are ``(lat, lon)``."""

    def collect(self, documents: Documents) -> Result:
        points = self.values.all(documents)
        if not points:
            return MultiValue(self.kind, {"count": 0}, {"count": 0})
        latitude = math.fsum(point[0] for point in points) / len(points)
        longitude = math.fsum(point[1] for point in points) / len(points)
        numbers: dict[str, float | None] = {"lat": latitude, "lon": longitude, "count": len(points)}
        json = {"location": {"lat": latitude, "lon": longitude}, "count": len(points)}
        return MultiValue(self.kind, {**numbers, "location.lat": latitude, "location.lon": longitude}, json)


@aggregation("geo_bounds", *FIELD, Field("wrap_longitude", BOOLEAN))
class GeoBounds(_GeoMetric):
    """The smallest box around all points; with ``wrap_longitude`` it may cross the date line."""

    def collect(self, documents: Documents) -> Result:
        points = self.values.all(documents)
        if not points:
            return MultiValue(self.kind, {}, {})
        latitudes = [point[0] for point in points]
        left, right = _sides([point[1] for point in points], wrap=self.options.get("wrap_longitude", True))
        top, bottom = max(latitudes), min(latitudes)
        bounds: dict[str, Any] = {"top_left": {"lat": top, "lon": left}, "bottom_right": {"lat": bottom, "lon": right}}
        numbers: dict[str, float | None] = {"top": top, "bottom": bottom, "left": left, "right": right}
        return MultiValue(self.kind, numbers, {"bounds": bounds})


def _sides(longitudes: list[float], *, wrap: bool) -> tuple[float, float]:
    west, east = min(longitudes), max(longitudes)
    positive = [longitude for longitude in longitudes if longitude >= 0]
    negative = [longitude for longitude in longitudes if longitude < 0]
    if wrap and positive and negative and (max(negative) + 360 - min(positive)) < east - west:
        return min(positive), max(negative)
    return west, east
