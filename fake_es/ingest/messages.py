"""Texts of ingest, each written once (``ConfigurationUtils``, ``IngestDocument``, ``PipelineStore``)."""

from __future__ import annotations

from fake_es.wire.words import Words

MISSING_PROPERTY = "[{name}] required property is missing"
WRONG_TYPE = "[{name}] property isn't a {wanted}, but of type [{found}]"
NO_PROCESSOR_TYPE = "No processor type exists with name [{type}]"
NO_INT = "[{name}] property cannot be converted to an int [{value}]"
NO_MAP = "property isn't a map, but of type [{found}]"
LEFT_OVER = "processor [{type}] doesn't support one or more provided configuration parameters {names}"
PIPELINE_LEFT_OVER = "pipeline [{id}] doesn't support one or more provided configuration parameters {names}"
EMPTY_ON_FAILURE = "pipeline [{id}] cannot have an empty on_failure option defined"
EMPTY_PROCESSOR_ON_FAILURE = "[on_failure] processors list cannot be empty"

PIPELINE_MISSING = "pipeline [{id}] is missing"
NO_SUCH_PIPELINE = Words("pipeline [{id}] does not exist", ((6, 5), "pipeline with id [{id}] does not exist"))
PIPELINE_NOT_FOUND = "Pipeline processor configured for non-existent pipeline [{id}]"
PIPELINE_CYCLE = "Cycle detected for pipeline: {id}"
NO_VERSION_YET = "version conflict, required version [{wanted}] for pipeline [{id}] but no pipeline was found"
OTHER_VERSION = "version conflict, required version [{wanted}] for pipeline [{id}] but current version is [{found}]"

NOT_PRESENT = "field [{field}] not present as part of path [{path}]"
FROM_NULL = "cannot {verb} [{field}] from null as part of path [{path}]"
FROM_TYPE = "cannot resolve [{field}] from object of type [{type}] as part of path [{path}]"
NO_INDEX = "[{field}] is not an integer, cannot be used as an index as part of path [{path}]"
OUT_OF_BOUNDS = "[{field}] is out of bounds for array with length [{length}] as part of path [{path}]"
EMPTY_PATH = "path cannot be null nor empty"
CANNOT_CAST = "field [{path}] of type [{found}] cannot be cast to [{wanted}]"
NULL_FIELD = "field [{path}] is null, cannot {verb}."
ALREADY_EXISTS = "field [{path}] already exists"
MISSING_FIELD = "field [{path}] doesn't exist"
CANNOT_CONVERT = "unable to convert [{value}] to {type}"
NOT_A_BOOLEAN = "[{value}] is not a boolean value, cannot convert to boolean"
NOT_A_DATE = "unable to parse date [{value}]"
NO_MATCH = "Provided Grok expressions do not match field value: [{value}]"
NO_DISSECT = "Unable to find match for dissect pattern: {pattern} against source: {value}"

TOO_DEEP = "Document nesting depth exceeds the maximum allowed ({limit}) at path [{path}]"
TOO_MANY_PIPELINES = "Too many nested pipelines. Cannot have more than {most} nested pipelines"
