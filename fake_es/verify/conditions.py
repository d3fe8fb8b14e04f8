"""Conditions of tests: the ``skip`` and ``requires`` blocks of the server, and ``requires`` of the clients.

Source: ``PrerequisiteSection`` of the server's test runner.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from fake_es.verify import messages
from fake_es.verify.suite import Condition

FEATURES = frozenset(
    {
        "stash_in_path", "stash_in_key", "stash_path_replace", "embedded_stash_key", "headers", "catch_unauthorized",
        "warnings", "warnings_regex", "allowed_warnings", "allowed_warnings_regex", "yaml", "default_shards",
        "node_selector", "contains", "transform_and_set", "arbitrary_key", "close_to", "is_after", "capabilities",
        "fips_140", "skip_os", "gtelte", "regex", "xpack",
    }
)  # fmt: skip

# Kinds of condition that need no reason.
NEED_NO_REASON = frozenset({"features", "test_runner_features", "awaits_fix"})

_SYNTHETIC_FEATURE = re.compile(r"gte_v(\d+)\.(\d+)\.(\d+)")
_RELEASE = re.compile(r"|\d+(\.\d+){0,2}")
_LAST = 999

# Tells whether a cluster has capabilities; None if the cluster does not know.
Capable = Callable[[dict[str, Any]], bool | None]


@dataclass(frozen=True, slots=True)
class Environment:
    """The properties of a cluster against which conditions are checked."""

    version: tuple[int, ...]
    capable: Capable
    features: frozenset[str] = FEATURES
    cluster_features: frozenset[str] = frozenset()

    def has(self, cluster_feature: str) -> bool:
        """Whether the cluster has a feature. ``gte_v8.12.2`` is a feature of all releases from 8.12.2."""
        synthetic = _SYNTHETIC_FEATURE.fullmatch(cluster_feature)
        if synthetic:
            return self.version >= tuple(int(number) for number in synthetic.groups())
        return cluster_feature in self.cluster_features


def unmet(conditions: Iterable[Condition], environment: Environment) -> tuple[Condition, str] | None:
    """The first condition that is not met, and the reason; None if the test may run."""
    for condition in conditions:
        refusal = CONDITIONS.get((condition.block, condition.kind))
        text = refusal(condition.value, environment) if refusal else None
        if text is not None:
            return condition, f"{text}: {condition.reason}" if condition.reason else text
    return None


def is_range(text: str) -> bool:
    """Whether a text is ``all`` or a list of ranges of releases."""
    return text.strip() == "all" or all(_bounds(each) is not None for each in text.split(","))


def _bounds(text: str) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """First and last release of a range ``a - b``, either of which may be missing; None if it is not a range."""
    low, dash, high = (part.strip() for part in text.partition("-"))
    if not dash or not all(_RELEASE.fullmatch(each) for each in (low, high)):
        return None
    first, last = (tuple(int(number) for number in each.split(".") if number) for each in (low, high))
    return first, (last + (_LAST,) * 3)[:3]


def _in_range(text: str, environment: Environment) -> str | None:
    ranges = [bounds for each in text.split(",") if (bounds := _bounds(each))]
    if text.strip() == "all" or any(low <= environment.version <= high for low, high in ranges):
        return messages.SKIPPED_RELEASES.format(value=text)
    return None


def _missing_features(value: Any, environment: Environment) -> str | None:
    missing = [feature for feature in _list(value) if feature not in environment.features]
    return messages.UNKNOWN_FEATURES.format(value=", ".join(missing)) if missing else None


def _with_features(value: Any, environment: Environment) -> str | None:
    present = [feature for feature in _list(value) if environment.has(feature)]
    return messages.SKIPPED_CLUSTER_FEATURES.format(value=", ".join(present)) if present else None


def _without_features(value: Any, environment: Environment) -> str | None:
    missing = [feature for feature in _list(value) if not environment.has(feature)]
    return messages.MISSING_CLUSTER_FEATURES.format(value=", ".join(missing)) if missing else None


def _known_issue(value: Any, environment: Environment) -> str | None:
    for issue in _list(value):
        feature, fix = (str(issue.get(name)) for name in ("cluster_feature", "fixed_by"))
        if environment.has(feature) and not environment.has(fix):
            return messages.KNOWN_ISSUE.format(value=feature)
    return None


def _capable(value: Any, environment: Environment) -> str | None:
    found = [each for each in _list(value) if environment.capable(each) is not False]
    return messages.CAPABLE.format(value=json.dumps(found[0])) if found else None


def _not_capable(value: Any, environment: Environment) -> str | None:
    missing = [each for each in _list(value) if environment.capable(each) is not True]
    return messages.NOT_CAPABLE.format(value=json.dumps(missing[0])) if missing else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


# Returns why a test does not run; None if it may.
_Refusal = Callable[[Any, Environment], str | None]

CONDITIONS: dict[tuple[str, str], _Refusal] = {
    ("skip", "version"): _in_range,
    ("skip", "features"): _missing_features,
    # A cluster does not tell its operating system, so no test is skipped for it.
    ("skip", "os"): lambda value, environment: None,
    ("skip", "cluster_features"): _with_features,
    ("skip", "known_issues"): _known_issue,
    ("skip", "awaits_fix"): lambda value, environment: messages.AWAITS_FIX.format(value=value),
    ("skip", "capabilities"): _capable,
    ("requires", "test_runner_features"): _missing_features,
    ("requires", "cluster_features"): _without_features,
    ("requires", "capabilities"): _not_capable,
    ("client", "stack"): lambda value, environment: None if value else messages.NOT_FOR_STACK,
    ("client", "feature_flag"): lambda value, environment: messages.FEATURE_FLAG.format(value=value),
}
