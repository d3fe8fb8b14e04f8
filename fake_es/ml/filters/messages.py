"""Texts of refusals about filters, with the releases of each wording (``Messages``, ``...Filter...Action``)."""

from __future__ import annotations

from fake_es.wire.words import Words

EXISTS = "A filter with id [{id}] already exists"
INCONSISTENT_ID = "Inconsistent filter_id; '{body}' specified in the body differs from '{url}' specified as a URL argument"
NULL_ITEMS = "[items] must not be null."
TOO_MANY_ITEMS = "Filter [{id}] contains too many items; up to [{most}] items are allowed"
NO_FILTER = "No filter with id [{id}] exists"
NOT_FOUND = Words("Could not find requested filters", ((7, 0), "Unable to find filter [{id}]"))
ID_AND_PAGE = "Params [from, size] are incompatible with [filter_id]."
NO_SUCH_ITEM = "Cannot remove item [{item}] as it is not present in filter [{id}]"
IN_USE = "Cannot delete filter [{id}] currently used by jobs [{jobs}]"
NOT_DELETED = "Could not delete filter with ID [{id}] because it does not exist"

AUDIT_UPDATED = "Updated filter [{id}] in running process"
AUDIT_MODIFIED = "Filter [{id}] has been modified; {changes}"
