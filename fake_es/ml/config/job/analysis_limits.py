"""``analysis_limits`` (``AnalysisLimits``): memory limit of the model, number of examples per category."""

from __future__ import annotations

from typing import Any

from fake_es.ml.config import messages as config_messages
from fake_es.ml.config.job import messages
from fake_es.wire.errors import IllegalArgument, bad_request
from fake_es.wire.json_text import Path
from fake_es.wire.object_parser import LONG, Body, Field, Kind, ObjectParser
from fake_es.wire.sizes import parse_size, size_text

_MIB = 1024 * 1024
_DEFAULT_MIB = 1024


def _megabytes(value: Any, body: Body, path: Path) -> int:
    """Whole mebibytes of a text with a unit; a bare number is in mebibytes already."""
    limit = (
        parse_size(value, "model_memory_limit", body.version) // _MIB
        if isinstance(value, str)
        else LONG.read(value, body, path)
    )
    if limit < 1:
        raise bad_request(messages.MEMORY_TOO_SMALL.format(value=limit))
    return limit


def _examples(value: Any, body: Body, path: Path) -> int:
    limit: int = LONG.read(value, body, path)
    if limit < 0:
        raise IllegalArgument(config_messages.LESS_THAN.format(field="categorization_examples_limit", least=0, value=limit))
    return limit


_NUMBERS = frozenset({"VALUE_NUMBER", "VALUE_STRING"})
ANALYSIS_LIMITS = ObjectParser(
    "analysis_limits",
    (
        Field("model_memory_limit", Kind(_NUMBERS, _megabytes)),
        Field("categorization_examples_limit", Kind(_NUMBERS, _examples)),
    ),
)


def build_analysis_limits(found: dict[str, Any], body: Body) -> dict[str, Any]:
    """Limits in the form of GET: ``"512mb"`` from 5.5, a bare number in 5.4."""
    if "model_memory_limit" in found and body.version >= (5, 5):
        return found | {"model_memory_limit": f"{found['model_memory_limit']}mb"}
    return found


def limits_at_creation(
    given: dict[str, Any] | None, version: tuple[int, ...], most: int | None = None
) -> dict[str, Any] | None:
    """Limits of a new job with the defaults of the release; None if the release has no default.

    :param most: upper limit of the cluster in bytes (``xpack.ml.max_model_memory_limit``); None if there is none.
    :raises StatusException: 400, the job's limit is above it.
    """
    check_allowed(given, most)
    defaults: dict[str, Any] = {}
    if version >= (6, 1):
        defaults["model_memory_limit"] = f"{_DEFAULT_MIB if most is None else min(_DEFAULT_MIB, most // _MIB)}mb"
    if version >= (6, 3):
        defaults["categorization_examples_limit"] = 4
    merged = defaults | (given or {})
    return merged or None


def check_allowed(limits: dict[str, Any] | None, most: int | None) -> None:
    """Refuse a memory limit above ``most`` bytes, the limit of the cluster.

    Source: ``AnalysisLimits.validateAndSetDefaults``.

    :raises StatusException: 400.
    """
    wanted = memory_limit_mib(limits)
    if most is not None and wanted is not None and wanted > most // _MIB:
        raise bad_request(messages.MEMORY_ABOVE_SETTING.format(wanted=size_text(wanted * _MIB), most=size_text(most)))


def memory_limit_mib(limits: dict[str, Any] | None) -> int | None:
    """The memory limit in mebibytes; None if there is none."""
    shown = (limits or {}).get("model_memory_limit")
    return None if shown is None else int(str(shown).removesuffix("mb"))
