"""What a job may be configured with: defaults, refusals and their words, by release."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import JOB, Reply, http

COUNT: dict[str, Any] = {"function": "count"}
ON_MESSAGES = {"function": "count", "by_field_name": "mlcategory"}


def job(*detectors: dict[str, Any], **analysis: Any) -> dict[str, Any]:
    """A body for PUT with those detectors (default: one that counts) and fields of its ``analysis_config``."""
    config = {"bucket_span": "1h", "detectors": list(detectors) or [COUNT], **analysis}
    return {"analysis_config": config, "data_description": {}}


def refused(reply: Reply, said: str, status: int = 400) -> None:
    """``said`` is the end of some reason in the answer, and nothing was created."""
    assert reply.status == status
    reasons = []
    error = reply.body["error"]
    while error is not None:
        reasons.append(error["reason"])
        error = error.get("caused_by")
    assert any(reason.endswith(said) for reason in reasons), reasons


@pytest.mark.parametrize(
    ("release", "shown"),
    [
        ("5.4.0", {"analysis_limits": None, "model_snapshot_retention_days": 1, "allow_lazy_open": None}),
        ("6.0", {"analysis_limits": None, "model_snapshot_retention_days": 1}),
        ("6.2", {"analysis_limits": {"model_memory_limit": "1024mb"}}),
        ("7.4", {"analysis_limits": {"model_memory_limit": "1024mb", "categorization_examples_limit": 4}}),
        ("7.7", {"model_snapshot_retention_days": 1, "daily_model_snapshot_retention_after_days": None}),
        (
            "9.5",
            {
                "model_snapshot_retention_days": 10,
                "daily_model_snapshot_retention_after_days": 1,
                "allow_lazy_open": False,
                "data_description": {"time_field": "time", "time_format": "epoch_ms"},
            },
        ),
    ],
)
def test_defaults_by_release(release: str, shown: dict[str, Any]) -> None:
    body = http(release).put("x", job()).body
    assert {name: body.get(name) for name in shown} == shown


def test_the_version_of_a_job() -> None:
    versions = {release: http(release).put("x", job()).body.get("job_version") for release in ("5.4.0", "5.6", "7.17", "9.5")}
    assert versions["5.4.0"] is None
    assert versions["5.6"].startswith("5.6.")
    assert versions["7.17"].startswith("7.17.")
    assert versions["9.5"] == "12.0.0"


def test_the_analysis_as_the_newest_release_shows_it() -> None:
    assert http("9.5").put("x", job(COUNT, {"function": "mean", "field_name": "a b"})).body["analysis_config"] == {
        "bucket_span": "1h",
        "detectors": [
            {"detector_description": "count", "function": "count", "detector_index": 0},
            {"detector_description": 'mean("a b")', "function": "mean", "field_name": "a b", "detector_index": 1},
        ],
        "influencers": [],
        "model_prune_window": "30d",
    }


def test_the_analysis_as_5_4_shows_it() -> None:
    assert http("5.4.0").put("x", job()).body["analysis_config"] == {
        "bucket_span": "1h",
        "detectors": [{"detector_description": "count", "function": "count", "detector_rules": []}],
        "influencers": [],
    }


@pytest.mark.parametrize(
    ("span", "window"), [("5m", "30d"), ("2d", "40d"), ("7h", "721h"), ("1000s", "30d"), ("70m", "721h"), ("7s", "2592002s")]
)
def test_models_are_pruned_after_thirty_days_or_twenty_buckets(span: str, window: str) -> None:
    body = http("9.5").put("x", job(bucket_span=span)).body
    assert body["analysis_config"]["model_prune_window"] == window


@pytest.mark.parametrize(
    ("detector", "description"),
    [
        ({"function": "nzc"}, "non_zero_count"),
        ({"field_name": "f", "by_field_name": "b"}, "metric(f) by b"),
        ({"function": "rare", "by_field_name": "b", "over_field_name": "o"}, "rare by b over o"),
        (
            {"function": "sum", "field_name": "f", "use_null": True, "partition_field_name": "p-q", "exclude_frequent": "ALL"},
            'sum(f) usenull=true partitionfield="p-q" excludefrequent=all',
        ),
    ],
)
def test_detectors_are_described(detector: dict[str, Any], description: str) -> None:
    shown = http().put("x", job(detector)).body["analysis_config"]["detectors"][0]
    assert shown["detector_description"] == description
    given = http().put("x", job(detector | {"detector_description": "mine"})).body
    assert given["analysis_config"]["detectors"][0]["detector_description"] == "mine"


@pytest.mark.parametrize(
    ("detector", "said"),
    [
        ({"function": "wrong"}, "Unknown function 'wrong'"),
        ({"function": "metric"}, "one of field_name, by_field_name or over_field_name must be set"),
        ({"function": "mean", "by_field_name": "b"}, "field_name must be set when the 'mean' function is used"),
        ({"function": "count", "field_name": "f"}, "field_name cannot be used with function 'count'"),
        ({"function": "rare", "over_field_name": "o"}, "by_field_name must be set when the 'rare' function is used"),
        ({"function": "freq_rare", "by_field_name": "b"}, "over_field_name must be set when the 'freq_rare' function is used"),
        ({"function": "nzc", "over_field_name": "o"}, "over_field_name cannot be used with function 'non_zero_count'"),
        ({"function": "count", "by_field_name": 'b"'}, 'cannot contain any of these characters: ",\\'),
        ({"function": "count", "by_field_name": "."}, "Field names including over, by and partition fields cannot be '.'"),
        (
            {"function": "count", "by_field_name": "b", "partition_field_name": "b"},
            "partition_field_name and by_field_name cannot be the same: 'b'",
        ),
        ({"function": "count", "over_field_name": "count"}, "'count' is not a permitted value for over_field_name"),
        ({"function": "count", "exclude_frequent": "often"}, "Detector.ExcludeFrequent.OFTEN"),
        ({"function": "count", "custom_rules": [{}]}, "Invalid detector rule: at least scope or a condition is required"),
        ({"function": "count", "use_null": "perhaps"}, "as only [true] or [false] are allowed."),
        ({"function": "count", "colour": "red"}, "[detector] unknown field [colour]"),
        ({"function": 5}, "[detector] function doesn't support values of type: VALUE_NUMBER"),
    ],
)
def test_detectors_that_are_refused(detector: dict[str, Any], said: str) -> None:
    fake = http("9.5")
    refused(fake.put("x", job(detector)), said)
    assert fake("GET", "{ml}/anomaly_detectors").body["count"] == 0


SHIFT = {"force_time_shift": {"time_shift_amount": 3600}}


def condition(applies_to: str = "actual") -> dict[str, Any]:
    return {"applies_to": applies_to, "operator": "LT", "value": "5"}


def test_rules_are_completed() -> None:
    rule = {"conditions": [condition()], "scope": {"b": {"filter_id": "safe"}}}
    detector = {"function": "count", "by_field_name": "b", "custom_rules": rule}
    shown = http().put("x", job(detector)).body["analysis_config"]["detectors"][0]["custom_rules"]
    assert shown == [
        {
            "actions": ["skip_result"],
            "scope": {"b": {"filter_id": "safe", "filter_type": "include"}},
            "conditions": [{"applies_to": "actual", "operator": "lt", "value": 5.0}],
        }
    ]


@pytest.mark.parametrize(
    ("actions", "shown"),
    [
        ("SKIP_MODEL_UPDATE", ["skip_model_update"]),
        (["force_time_shift", "skip_result", "skip_result"], ["skip_result", "force_time_shift"]),
        ([], []),
    ],
)
def test_each_action_is_shown_once(actions: Any, shown: list[str]) -> None:
    params = {"params": SHIFT} if "force_time_shift" in shown else {}
    rule = {"actions": actions, "conditions": [condition("time")], **params}
    detectors = http().put("x", job(COUNT | {"custom_rules": [rule]})).body["analysis_config"]["detectors"]
    assert detectors[0]["custom_rules"][0]["actions"] == shown
    assert detectors[0]["custom_rules"][0].get("params", {}) == params.get("params", {})


@pytest.mark.parametrize(
    ("detector", "rule", "said"),
    [
        (
            {"function": "rare", "by_field_name": "b"},
            {"conditions": [condition()]},
            "function rare only supports conditions that apply to time",
        ),
        (
            COUNT,
            {"scope": {"a": {"filter_id": "f"}}},
            "scope field 'a' is invalid; detector has no available fields for scoping",
        ),
        (
            {"function": "count", "by_field_name": "b", "partition_field_name": "p"},
            {"scope": {"a": {"filter_id": "f"}}},
            "scope field 'a' is invalid; select from [b, p]",
        ),
        (
            COUNT,
            {"actions": ["stop"], "conditions": [condition()]},
            "No enum constant org.elasticsearch.xpack.core.ml.job.config.RuleAction.STOP",
        ),
        (
            COUNT,
            {"conditions": [condition("colour")]},
            "No enum constant org.elasticsearch.xpack.core.ml.job.config.RuleCondition.AppliesTo.COLOUR",
        ),
        (COUNT, {"conditions": [{"applies_to": "time"}]}, "Required [operator, value]"),
        (COUNT, {"colour": "red"}, "[detection_rule] unknown field [colour]"),
        (
            COUNT,
            {"actions": ["force_time_shift"], "conditions": [condition("time")]},
            "Invalid detector rule: actions contain force_time_shift, but corresponding parameters are missing",
        ),
        (
            COUNT,
            {"params": SHIFT, "conditions": [condition("time")]},
            "Invalid detector rule: actions do not contain force_time_shift, but corresponding parameters are present",
        ),
        (COUNT, {"params": {"colour": {}}, "conditions": [condition()]}, "[params] unknown field [colour]"),
        (COUNT, {"params": {"force_time_shift": {}}, "conditions": [condition()]}, "Required [time_shift_amount]"),
    ],
)
def test_rules_that_are_refused(detector: dict[str, Any], rule: dict[str, Any], said: str) -> None:
    refused(http().put("x", job(detector | {"custom_rules": [rule]})), said)


def test_rules_before_6_4_had_another_shape() -> None:
    rule = {"rule_conditions": [{"condition_type": "numerical_actual", "condition": {"operator": "lt", "value": "5"}}]}
    body = http("6.2").put("x", job(COUNT | {"detector_rules": [rule]})).body
    assert body["analysis_config"]["detectors"][0]["detector_rules"] == [{"conditions_connective": "or", **rule}]
    refused(http("6.2").put("x", job(COUNT | {"detector_rules": [{}]})), "at least one rule_condition is required")
    assert http("9.5").put("x", job(COUNT | {"detector_rules": [rule]})).status == 400


@pytest.mark.parametrize(
    ("analysis", "said"),
    [
        ({"bucket_span": "0s"}, "bucket_span cannot be less or equal than 0. Value = 0s"),
        ({"bucket_span": "1500ms"}, "bucket_span has to be a multiple of 1s; actual was '1.5s'"),
        ({"bucket_span": "soon"}, "unit is missing or unrecognized"),
        ({"bucket_span": 300}, "[analysis_config] bucket_span doesn't support values of type: VALUE_NUMBER"),
        ({"model_prune_window": "90m"}, "model_prune_window [1.5h] must be a multiple of bucket_span [1h]"),
        ({"model_prune_window": "1h"}, "model_prune_window [1h] must be at least 2 times greater than bucket_span [1h]"),
        ({"latency": "-1"}, "latency cannot be less than 0. Value = -1"),
        ({"detectors": []}, "No detectors configured"),
        ({"summary_count_field_name": 'a"'}, 'cannot contain any of these characters: ",\\'),
        ({"categorization_field_name": "m"}, "mlcategory is not used in any detector by/over/partition field"),
        ({"categorization_filters": ["a"]}, "categorization_filters require setting categorization_field_name"),
        ({"categorization_analyzer": "ml"}, "categorization_analyzer requires setting categorization_field_name"),
        (
            {"per_partition_categorization": {"enabled": True}},
            "categorization_field_name must be set when per-partition categorization is enabled",
        ),
        (
            {"per_partition_categorization": {"stop_on_warn": True}},
            "stop_on_warn cannot be true in per_partition_categorization when enabled is false",
        ),
        ({"influencers": ["a.b", "a"]}, "Fields [a] and [a.b] cannot both be used in the same analysis_config"),
        ({"influencers": [["a"]]}, "Can't get text on a START_ARRAY"),
    ],
)
def test_analyses_that_are_refused(analysis: dict[str, Any], said: str) -> None:
    refused(http("9.5").put("x", job(**analysis)), said)


def test_metrics_of_summarised_input_are_refused() -> None:
    body = job({"function": "metric", "field_name": "f"}, summary_count_field_name="n")
    refused(http().put("x", body), "The 'metric' function cannot be used in jobs that will take pre-summarized input")


def test_an_analysis_without_detectors_lacks_something_required() -> None:
    refused(http().put("x", {"analysis_config": {}, "data_description": {}}), "Required [detectors]")


@pytest.mark.parametrize(
    ("analysis", "said"),
    [
        ({}, "categorization_field_name must be set for mlcategory to be available"),
        (
            {"categorization_field_name": "m", "categorization_filters": ["a"], "categorization_analyzer": {"tokenizer": "t"}},
            "instead specify them as pattern_replace char_filters in the analyzer",
        ),
        ({"categorization_field_name": "m", "categorization_filters": ["a", "a"]}, "categorization_filters contain duplicates"),
        ({"categorization_field_name": "m", "categorization_filters": [""]}, "are not allowed to contain empty strings"),
        ({"categorization_field_name": "m", "categorization_filters": ["("]}, "contains invalid regular expression '('"),
        (
            {"categorization_field_name": "m", "categorization_analyzer": {"tokenizer": 5}},
            "Parameter [tokenizer] in [categorization_analyzer] is unknown or of the wrong type [VALUE_NUMBER]",
        ),
        (
            {"categorization_field_name": "m", "per_partition_categorization": {"enabled": True}},
            "partition_field_name must be set for detectors that reference mlcategory"
            " when per-partition categorization is enabled",
        ),
    ],
)
def test_categorizations_that_are_refused(analysis: dict[str, Any], said: str) -> None:
    refused(http("9.5").put("x", job(ON_MESSAGES, **analysis)), said)


def test_per_partition_categorization_wants_one_partition_field() -> None:
    fields = {"categorization_field_name": "m", "per_partition_categorization": {"enabled": True}}
    two = [ON_MESSAGES | {"partition_field_name": name} for name in ("p", "q")]
    refused(http().put("x", job(*two, **fields)), "per-partition categorization is enabled: [p] and [q] are used")
    split = {"function": "count", "partition_field_name": "mlcategory"}
    refused(http().put("x", job(split, **fields)), "mlcategory cannot be used as a partition_field_name"
            " when per-partition categorization is enabled")  # fmt: skip
    assert http().put("x", job(two[0], **fields)).body["analysis_config"]["per_partition_categorization"] == {"enabled": True}


@pytest.mark.parametrize(
    ("release", "first"),
    [("7.14", "first_non_blank_line"), ("7.15", "first_non_blank_line"), ("7.16", "first_line_with_letters"),
     ("9.5", "first_line_with_letters")],
)  # fmt: skip
def test_the_analyzer_of_messages_is_written_into_the_job_from_7_14(release: str, first: str) -> None:
    body = job(ON_MESSAGES, categorization_field_name="m", categorization_filters=["x+"])
    old = http("7.13").put("x", body).body["analysis_config"]
    assert "categorization_analyzer" not in old
    assert old["categorization_filters"] == ["x+"]
    new = http(release).put("x", body).body["analysis_config"]
    assert "categorization_filters" not in new
    analyzer = new["categorization_analyzer"]
    assert analyzer["tokenizer"] == "ml_standard"
    assert analyzer["char_filter"] == [first, {"type": "pattern_replace", "pattern": "x+"}]
    assert analyzer["filter"][0]["stopwords"][:2] == ["Monday", "Tuesday"]
    assert new["per_partition_categorization"] == {"enabled": False}


@pytest.mark.parametrize(
    ("span", "said"),
    [
        ("7m", "bucket_span 7m [420s] is not an integral divisor of the number of seconds in 1d [86400s]. This is now"),
        ("25h", "bucket_span 25h [90000s] is not an integral multiple of the number of seconds in 1d [86400s]."),
        ("15m", None), ("1d", None), ("2d", None),
    ],
)  # fmt: skip
def test_bucket_spans_that_do_not_fit_into_a_day_are_warned_of(span: str, said: str | None) -> None:
    config = {**JOB, "analysis_config": {**JOB["analysis_config"], "bucket_span": span}}
    assert "warning" not in http("8.0").put("x", config).headers
    for release in ("8.1", "9.5"):
        warned = http(release).put("x", config).headers.get("warning")
        assert warned is None if said is None else said in str(warned)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"analysis_config": None}, "[job_details] analysis_config doesn't support values of type: VALUE_NULL"),
        ({"job_id": "y"}, "Inconsistent job_id; 'y' specified in the body differs from 'x' specified as a URL argument"),
        ({"background_persist_interval": "1500ms"}, "has to be a multiple of 1s; actual was '1.5s'"),
        ({"background_persist_interval": "10m"}, "background_persist_interval cannot be less than 3,600. Value = 600"),
        ({"renormalization_window_days": -1}, "renormalization_window_days cannot be less than 0. Value = -1"),
        ({"results_retention_days": -1000}, "results_retention_days cannot be less than 0. Value = -1,000"),
        (
            {"daily_model_snapshot_retention_after_days": 11},
            "daily_model_snapshot_retention_after_days [11] cannot be greater than model_snapshot_retention_days [10]",
        ),
        ({"groups": ["No"]}, "must start and end with alphanumeric"),
        ({"groups": ["x"]}, "job and group names must be unique but job [x] and group [x] have the same name"),
        ({"results_index_name": "No"}, "Invalid results_index_name; 'No' can contain lowercase alphanumeric (a-z and 0-9),"
            " hyphens or underscores; must start and end with alphanumeric"),
        ({"create_time": 1, "model_snapshot_id": "1"}, "[job_details] unknown field [create_time]"),
        ({"analysis_limits": {"model_memory_limit": 0}}, "model_memory_limit must be at least 1 MiB. Value = 0"),
        ({"analysis_limits": {"model_memory_limit": "1000kb"}}, "model_memory_limit must be at least 1 MiB. Value = 0"),
        ({"analysis_limits": {"model_memory_limit": "much"}}, "as a size in bytes: unit is missing or unrecognized"),
        ({"analysis_limits": {"model_memory_limit": "much mb"}}, "parse setting [model_memory_limit] with value [much mb]"),
        ({"analysis_limits": {"model_memory_limit": 1e300}}, "is out of range for a long"),
        ({"analysis_limits": {"categorization_examples_limit": -1}}, "examples_limit cannot be less than 0. Value = -1"),
        ({"data_description": {"time_format": "yyyy-qq"}}, "Invalid Time format string 'yyyy-qq'"),
        ({"data_description": {"time_format": "'open"}}, "Invalid Time format string ''open'"),
        ({"data_description": {"format": "csv"}}, "DataDescription.DataFormat.CSV"),
        ({"data_description": {"format": "delimited"}}, "DataDescription.DataFormat.DELIMITED"),
        ({"model_plot_config": {}}, "Required [enabled]"),
        ({"results_retention_days": 1.5}, "1.5 cannot be converted to Long without data loss"),
        ({"results_retention_days": "many"}, 'For input string: "many"'),
        ({"custom_settings": []}, "[job_details] custom_settings doesn't support values of type: START_ARRAY"),
    ],
)  # fmt: skip
def test_jobs_that_are_refused(change: dict[str, Any], said: str) -> None:
    fake = http("9.5")
    refused(fake.put("x", job() | change), said)
    assert fake("GET", "{ml}/anomaly_detectors").body["count"] == 0


@pytest.mark.parametrize(("left_out", "said"), [
    ("analysis_config", "An analysis_config must be set"),
    ("data_description", "A data_description must be set"),
])  # fmt: skip
def test_what_a_job_cannot_be_without(left_out: str, said: str) -> None:
    body = {name: value for name, value in JOB.items() if name != left_out}
    reply = http().put("x", body)
    assert (reply.status, reply.type, reply.reason) == (400, "illegal_argument_exception", said)


def test_the_time_field_is_not_analysed() -> None:
    body = job({"function": "mean", "field_name": "time"})
    said = "data_description.time_field may not be used in the analysis_config"
    assert http().put("x", body).reason == said
    assert http("5.4.0").put("x", body).status == 200


def test_two_detectors_that_are_alike() -> None:
    assert http().put("x", job(COUNT, COUNT)).reason == "Duplicate detectors are not allowed: [count]"
    assert http("6.8").put("x", job(COUNT, COUNT)).status == 200


@pytest.mark.parametrize("job_id", ["No", "_all", "a_", "-a", "a" * 65])
def test_ids_that_are_refused(job_id: str) -> None:
    said = (
        "The job id cannot contain more than 64 characters."
        if len(job_id) > 64
        else f"Invalid job_id; '{job_id}' can contain lowercase alphanumeric (a-z and 0-9), hyphens or underscores;"
        " must start and end with alphanumeric"
    )
    assert http("9.5").put(job_id, job()).reason == said


def test_the_words_for_a_bad_id_in_5_4() -> None:
    assert http("5.4.0").put("No", job()).reason == (
        "Invalid job_id; 'No' must be lowercase alphanumeric, may contain hyphens or underscores, may not start with underscore"
    )


@pytest.mark.parametrize(
    ("limit", "shown"), [(2048, "2048mb"), ("2048", None), ("3000g", "3072000mb"), ("1.5gb", "1536mb"), ("4194304b", "4mb")]
)
def test_memory_limits_are_shown_in_megabytes(limit: Any, shown: str | None) -> None:
    reply = http().put("x", job() | {"analysis_limits": {"model_memory_limit": limit}})
    assert reply.body.get("analysis_limits", {}).get("model_memory_limit") == shown


def test_5_4_shows_the_memory_limit_as_a_number() -> None:
    body = http("5.4.0").put("x", job() | {"analysis_limits": {"model_memory_limit": 512}}).body
    assert body["analysis_limits"] == {"model_memory_limit": 512}


def test_delimited_data_is_described_until_8_0() -> None:
    reply = http("7.17").put("x", job() | {"data_description": {"format": "DELINEATED"}})
    assert reply.body["data_description"] == {
        "format": "delimited", "time_field": "time", "time_format": "epoch_ms", "field_delimiter": "\t", "quote_character": '"',
    }  # fmt: skip
    assert "Creating jobs with delimited data format is deprecated" in reply.headers["warning"]
    refused(http("7.17").put("x", job() | {"data_description": {"quote_character": "''"}}),
            "String must be a single character, found ['']")  # fmt: skip


def test_annotations_follow_the_model_plot() -> None:
    fake = http("9.5")
    plot = {"enabled": True, "terms": "a"}
    assert fake.put("x", job() | {"model_plot_config": plot}).body["model_plot_config"] == plot | {"annotations_enabled": True}
    assert http("7.8").put("x", job() | {"model_plot_config": {"enabled": True, "terms": None}}).body["model_plot_config"] == {
        "enabled": True
    }


def test_results_index_names() -> None:
    fake = http()
    names = {"shared": "shared", "mine": "custom-mine", "custom-mine": "custom-mine"}
    for number, (given, kept) in enumerate(names.items()):
        assert fake.put(f"x{number}", job() | {"results_index_name": given}).body["results_index_name"] == kept


def test_custom_settings_are_kept_as_they_are() -> None:
    settings = {"url": [1, {"deep": None}], "text": "ünïcode \U0001f600"}
    fake = http()
    fake.put("x", job() | {"custom_settings": settings})
    assert fake.job("x", method="GET").body["jobs"][0]["custom_settings"] == settings


@pytest.mark.parametrize(
    ("release", "kind", "reason"),
    [
        ("5.6", "illegal_argument_exception", "[job_details] unknown field [foo], parser not found"),
        ("7.0", "x_content_parse_exception", "[1:2] [job_details] unknown field [foo], parser not found"),
        ("9.5", "x_content_parse_exception", "[1:2] [job_details] unknown field [foo]"),
    ],
)
def test_unknown_fields_by_release(release: str, kind: str, reason: str) -> None:
    reply = http(release).put("x", {"foo": 1})
    assert (reply.status, reply.type, reply.reason) == (400, kind, reason)


def test_a_refusal_deep_in_the_body_names_the_way_to_it() -> None:
    reply = http("9.5").put("x", '{"analysis_config":\n {"detectors":\n [{"function":"wrong"}]}}')
    error = reply.body["error"]
    assert error["reason"] == "[3:15] [job_details] failed to parse field [analysis_config]"
    assert error["caused_by"]["reason"] == "[3:15] [analysis_config] failed to parse field [detectors]"
    assert error["caused_by"]["caused_by"]["reason"] == "[3:15] [detector] failed to parse field [function]"
    innermost = error["caused_by"]["caused_by"]["caused_by"]
    assert innermost == {"type": "illegal_argument_exception", "reason": "Unknown function 'wrong'"}
    old = http("6.0").put("x", job({"function": "wrong"}))
    assert old.type == "parsing_exception"
    assert old.body["error"]["line"] == 1
