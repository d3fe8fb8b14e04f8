"""Texts of refusals about the lookup of jobs, their results indices and their processes."""

from __future__ import annotations

from fake_es.wire.words import Words

NO_KNOWN_JOB = "No known job with id '{id}'"
ID_ALREADY_USED = "The job cannot be created with the Id '{id}'. The Id is already used."
NAMES_NOT_UNIQUE = "job and group names must be unique but job [{name}] and group [{name}] have the same name"
LEFT_OVERS = (
    "[{results}] result and [{states}] state documents exist for a prior job with Id [{id}]."
    " Please create the job with a different Id"
)
MAPPING_CLASH = Words(
    "A field has a different mapping type to an existing field with the same name."
    " Use the 'results_index_name' setting to assign the job to another index",
    (
        (6, 0),
        "This job would cause a mapping clash with existing field [{field}]"
        " - avoid the clash by assigning a dedicated results index",
    ),
)
TOO_MANY_FIELDS = "Cannot create job in index '{index}' as the index.mapping.total_fields.limit setting will be violated"
RESULTS_INDEX_CLOSED = "Cannot create job [{id}] as it requires closed index {index}"

NOT_OPEN = "Cannot perform requested action because job [{id}] is not open"
NO_PROCESS = Words(
    "Cannot {verb} because job [{id}] is not open",
    ((7, 14), "Cannot {verb} because job [{id}] does not have a corresponding autodetect process"),
)

ALLOW_NO_JOBS_DEPRECATED = "Deprecated field [allow_no_jobs] used, expected [allow_no_match] instead"
