"""Texts of the control API. Its errors have the form of the server's errors."""

NO_OBJECT = "the body must be a JSON object"
UNKNOWN_SETTING = "unknown setting [{name}]: there are {known}"
NOT_A_BOOLEAN = "[{name}] must be true or false, not [{value}]"
NOT_VIRTUAL = "only a virtual clock can be told whether to move by itself; this one is [{mode}]"
NO_STATE_TO_FAIL_IN = "[during] must be one of opening, opened, closing, not [{value}]"
NOT_OPEN = "job [{id}] has no process that could fail: it is closed"
NO_LICENCE = "[type] must be one of {known}, not [{value}]"
NOTHING_TO_VERIFY = (
    "give [operation] with [times] (a number from 0 on) and [with] (an object) if wanted, "
    "or [order] alone (a list of operations)"
)
UNKNOWN_FORM = "unknown form [{value}]: there are {known}"
