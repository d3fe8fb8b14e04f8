"""What an update of a job may change: refusals and their words, by release."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.api.test_close_job import RECORDS, opened
from tests.api.test_job_config import ON_MESSAGES, condition, job, refused
from tests.support import Http, http


@pytest.fixture
def fake() -> Http:
    """An emulator with a closed job that categorizes messages by partition."""
    fake = http("9.5")
    detectors = [ON_MESSAGES | {"partition_field_name": "p"}, {"function": "mean", "field_name": "f", "by_field_name": "b"}]
    per_partition = {"enabled": True}
    body = job(*detectors, categorization_field_name="m", per_partition_categorization=per_partition)
    assert fake.put("x", body).status == 200
    return fake


def test_an_update_changes_what_it_names(fake: Http) -> None:
    changes = {
        "description": "new",
        "groups": ["g"],
        "model_plot_config": {"enabled": True},
        "background_persist_interval": "2h",
        "custom_settings": {"a": 1},
        "allow_lazy_open": True,
        "daily_model_snapshot_retention_after_days": 2,
        "analysis_limits": {"model_memory_limit": "64mb"},
    }
    body = fake.job("x", "_update", changes).body
    assert {name: body[name] for name in changes} == changes | {
        "model_plot_config": {"enabled": True, "annotations_enabled": True},
        "analysis_limits": {"model_memory_limit": "64mb", "categorization_examples_limit": 4},
    }


def test_an_update_of_the_analysis(fake: Http) -> None:
    rule = {"conditions": [condition()]}
    changes = {
        "detectors": [{"detector_index": 1, "description": "second", "custom_rules": [rule]}],
        "model_prune_window": "60d",
        "per_partition_categorization": {"enabled": True, "stop_on_warn": True},
    }
    config = fake.job("x", "_update", changes).body["analysis_config"]
    assert config["model_prune_window"] == "60d"
    assert config["per_partition_categorization"] == {"enabled": True, "stop_on_warn": True}
    assert config["detectors"][1]["detector_description"] == "second"
    assert config["detectors"][1]["custom_rules"][0]["actions"] == ["skip_result"]
    cleared = fake.job("x", "_update", {"detectors": [{"detector_index": 1, "custom_rules": []}]}).body
    assert "custom_rules" not in cleared["analysis_config"]["detectors"][1]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"colour": "red"}, "[job_update] unknown field [colour]"),
        ({"detectors": [{"detector_index": 2}]}, "Supplied detector_index [2] is >= the number of detectors [2]"),
        ({"detectors": [{"description": "d"}]}, "Required [detector_index]"),
        ({"per_partition_categorization": {"enabled": False}},
         "analysis_config.per_partition_categorization.enabled cannot be updated"),
        ({"categorization_filters": ["a"]}, "instead specify them as pattern_replace char_filters in the analyzer"),
        ({"model_prune_window": "90m"}, "model_prune_window [1.5h] must be a multiple of bucket_span [1h]"),
        ({"model_snapshot_retention_days": 0},
         "daily_model_snapshot_retention_after_days [1] cannot be greater than model_snapshot_retention_days [0]"),
        ({"results_retention_days": -1}, "results_retention_days cannot be less than 0. Value = -1"),
        ({"groups": ["x"]}, "job and group names must be unique but job [x] and group [x] have the same name"),
        ({"detectors": [{"detector_index": 0, "custom_rules": [{"scope": {"a": {"filter_id": "f"}}}]}]},
         "scope field 'a' is invalid; select from [mlcategory, p]"),
    ],
)  # fmt: skip
def test_updates_that_are_refused_change_nothing(fake: Http, change: dict[str, Any], said: str) -> None:
    before = fake.job("x", method="GET").body
    refused(fake.job("x", "_update", {"description": "new"} | change), said)
    assert fake.job("x", method="GET").body == before


def test_memory_limits_and_what_is_used() -> None:
    fake = opened("9.5")
    lower = {"analysis_limits": {"model_memory_limit": "1mb"}}
    assert fake.job("x", "_update", lower).reason == "Cannot update analysis_limits while the job is open"
    assert fake.job("x", "_update", {"analysis_limits": {"categorization_examples_limit": 3}}).status == 200
    times = [*range(1_403_481_600, 1_403_481_625), 1_403_485_200]
    records = [{"time": time, "airline": f"line-{time}", "responsetime": 1} for time in times]
    fake.job("x", "_data", "\n".join(map(json.dumps, records)))
    fake.job("x", "_close")
    assert fake.job("x", "_update", lower).reason == (
        "Invalid update value for analysis_limits: model_memory_limit cannot be decreased below current usage;"
        " current usage [2mb], update had [1mb]"
    )
    assert fake.job("x", "_update", {"analysis_limits": {"model_memory_limit": "3mb"}}).status == 200


def test_memory_limits_only_grow_before_6_1() -> None:
    fake = opened("5.6")
    assert fake.job("x", "_update", {"analysis_limits": {"model_memory_limit": 10}}).status == 200
    assert fake.job("x", "_update", {"analysis_limits": {"model_memory_limit": 5}}).reason == (
        "Invalid update value for analysis_limits: model_memory_limit cannot be decreased; existing is 10, update had 5"
    )


def test_detectors_were_updated_by_another_name_in_5_4() -> None:
    fake = http("5.4.0")
    fake.put("x", job())
    update = {"detectors": [{"index": 0, "description": "d", "rules": []}]}
    assert fake.job("x", "_update", update).body["analysis_config"]["detectors"][0]["detector_description"] == "d"
    refused(fake.job("x", "_update", {"detectors": [{"index": 1}]}), "Detector index is >= the number of detectors")


def test_a_running_job_takes_updates() -> None:
    fake = opened("9.5")
    assert fake.job("x", "_update", {"description": "while open"}).body["description"] == "while open"
    fake.job("x", "_data", RECORDS)
    assert fake.job("x", "_close").body == {"closed": True}
    assert fake.job("x", method="GET").body["jobs"][0]["description"] == "while open"
