"""Texts of refusals about forecasts.

Sources: ``ForecastJobAction``, ``TransportForecastJobAction``, ``TransportDeleteForecastAction``; for texts of the
process, ``CForecastRunner``.
"""

from __future__ import annotations

DURATION_NOT_POSITIVE = "[duration] must be positive: [{duration}]"
DURATION_TOO_LONG = "[duration] must be {most} or less: [{duration}]"
EXPIRY_NEGATIVE = "[expires_in] must be non-negative: [{duration}]"
MEMORY_TOO_SMALL = "[max_model_memory] must be at least 1mb."
MEMORY_TOO_LARGE = "[max_model_memory] must be less than 500mb"
SHORTER_THAN_BUCKET = "[duration] must be greater or equal to the bucket span: [{duration}/{span}]"

REFUSED = "Cannot run forecast: {why}"
NO_DATA = "Forecast cannot be executed as job requires data to have been processed and modeled"
POPULATION = "Forecast is not supported for population analysis"
UNSUPPORTED_FUNCTION = "Forecast is not supported for the used functions"
BAD_MEMORY = "Forecast cannot be executed as model memory status is not OK"
SHORTENED = "Forecast duration exceeds internal limit, setting to 8 weeks"
KILLED = "forecast unable to complete as native process was killed."

NO_SUCH_FORECAST = "No forecast(s) [{expression}] exists for job [{id}]"
NOT_DELETABLE = "Forecast(s) [{forecasts}] for job [{id}] needs to be either FAILED or FINISHED to be deleted"

AUDIT_MEMORY_CUT = (
    "requested forecast memory limit [{requested}] bytes is greater than or equal to [{allowed}] bytes"
    " (40% of the job memory limit). Reducing to [{reduced}]."
)
