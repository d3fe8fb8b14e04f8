"""Texts of refusals about calendars and their events (``Messages``, the ``...Calendar...Action`` classes)."""

from __future__ import annotations

EXISTS = "Cannot create calendar with id [{id}] as it already exists"
RESERVED = "Cannot create a Calendar with the reserved name [_all]"
NO_CALENDAR = "No calendar with id [{id}]"
ID_AND_PAGE = "Params [from, size] are incompatible with [calendar_id]."
NOT_IN_CALENDAR = "Cannot remove [{job}] as it is not present in calendar [{id}]"
INCONSISTENT_ID = "Inconsistent calendar_id; '{body}' specified in the body differs from '{url}' specified as a URL argument"

FIELD_MISSING = "Field [{field}] cannot be null"
START_NOT_BEFORE_END = "Event start time [{start}] must come before end time [{end}]"
NO_EVENTS = "At least 1 event is required"
JOB_NEEDS_ALL = "If job_id is used calendar_id must be '_all'"
NO_EVENT = "No event with id [{event}]"
NO_CALENDAR_OF_EVENT = "Event [{event}] does not have a valid calendar_id"
OTHER_CALENDAR = "Event [{event}] has calendar_id [{actual}] which does not match the request calendar_id [{id}]"

AUDIT_UPDATED = "Updated calendars in running process"
