"""What is said of configurations of jobs and datafeeds alike, and of ids (``Messages`` in the server)."""

from fake_es.wire.words import Words

INVALID_ID = Words(
    "Invalid {field}; '{id}' must be lowercase alphanumeric, may contain hyphens or underscores,"
    " may not start with underscore",
    ((6, 0), "Invalid {field}; '{id}' can contain lowercase alphanumeric (a-z and 0-9), hyphens or underscores;"
             " must start and end with alphanumeric"),
)  # fmt: skip
ID_TOO_LONG = "The job id cannot contain more than 64 characters."
INVALID_GROUP = (
    "Invalid group id '{id}'; must be non-empty string and may contain lowercase alphanumeric (a-z and 0-9),"
    " hyphens or underscores; must start and end with alphanumeric"
)
OWN_GROUP = "job and group names must be unique but job [{id}] and group [{id}] have the same name"
LESS_THAN = "{field} cannot be less than {least}. Value = {value}"
NOT_POSITIVE = "{field} cannot be less or equal than 0. Value = {value}"
NOT_WHOLE_SECONDS = "{field} has to be a multiple of 1s; actual was '{value}'"
