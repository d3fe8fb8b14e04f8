"""Which ids ML accepts (``MlStrings.isValidId``)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fake_es.ml.config import messages
from fake_es.wire.errors import IllegalArgument, ResourceAlreadyExists

_VALID = re.compile(r"[a-z0-9](?:[a-z0-9_\-.]*[a-z0-9])?")
MOST_CHARACTERS = 64


def is_valid_id(text: str) -> bool:
    """Whether ``text`` has only lower-case letters, digits, hyphens, underscores and dots.

    It must begin and end with a letter or digit.
    """
    return text != "_all" and _VALID.fullmatch(text) is not None


def check_job_id(job_id: str, version: tuple[int, ...]) -> None:
    """Refuse an invalid job id.

    :raises IllegalArgument: it has invalid characters or is longer than 64.
    """
    if not is_valid_id(job_id):
        raise IllegalArgument(messages.INVALID_ID.at(version, field="job_id", id=job_id))
    if len(job_id) > MOST_CHARACTERS:
        raise IllegalArgument(messages.ID_TOO_LONG)


def check_groups(job_id: str, groups: Iterable[str]) -> None:
    """Refuse invalid groups of a job.

    :raises ElasticsearchError: a group has invalid characters or is the job's own id.
    """
    for group in groups:
        if not is_valid_id(group):
            raise IllegalArgument(messages.INVALID_GROUP.format(id=group))
        if group == job_id:
            raise ResourceAlreadyExists(messages.OWN_GROUP.format(id=group))


def results_index_name(name: str, version: tuple[int, ...]) -> str:
    """Name of a job's results index without its prefix: ``shared`` or ``custom-<name>``.

    :raises IllegalArgument: ``name`` is not a valid id.
    """
    if not is_valid_id(name):
        raise IllegalArgument(messages.INVALID_ID.at(version, field="results_index_name", id=name))
    return name if name == "shared" or name.startswith("custom-") else f"custom-{name}"
