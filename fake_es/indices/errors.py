"""Refusals, by the names the server gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fake_es.indices import messages
from fake_es.wire.errors import ElasticsearchError, PlainError, ResourceAlreadyExists


class IndexNotFound(ElasticsearchError):
    """No index or alias of that name: 404."""

    type = "index_not_found_exception"
    default_status = 404

    def __init__(self, name: str, release: tuple[int, ...]) -> None:
        where: dict[str, Any] = {"resource.type": "index_or_alias", "resource.id": name, "index_uuid": "_na_", "index": name}
        super().__init__(messages.NO_SUCH_INDEX.at(release, name=name), **where)


class IndexAlreadyExists(ResourceAlreadyExists):
    """An index of that name exists, up to 5.x: 400."""

    type = "index_already_exists_exception"


class InvalidIndexName(ElasticsearchError):
    """A name that no index may bear: 400."""

    type = "invalid_index_name_exception"
    default_status = 400

    def __init__(self, name: str, why: str) -> None:
        super().__init__(messages.INVALID_INDEX_NAME.format(name=name, why=why), index_uuid="_na_", index=name)


class InvalidTypeName(ElasticsearchError):
    """A name that no type may bear: 400."""

    type = "invalid_type_name_exception"
    default_status = 400


class AliasMissing(PlainError):
    """Aliases that are not there, told in a mere text: 404."""

    def __init__(self, names: Sequence[str], found: Mapping[str, Any]) -> None:
        kind = "alias" if len(names) == 1 else "aliases"
        super().__init__(messages.ALIAS_MISSING.format(kind=kind, names=",".join(names)), 404)
        self._found = found

    def document(self) -> dict[str, Any]:
        return {**super().document(), **self._found}


class UnavailableShards(ElasticsearchError):
    """Fewer copies of a shard than a write asks for: 503."""

    type = "unavailable_shards_exception"
    default_status = 503


class IndexTemplateMissing(ElasticsearchError):
    """No template of that name: 404."""

    type = "index_template_missing_exception"
    default_status = 404


class InvalidIndexTemplate(ElasticsearchError):
    """A template that cannot be had: 400."""

    type = "invalid_index_template_exception"
    default_status = 400


class InvalidAliasName(ElasticsearchError):
    """A name that no alias may bear: 400."""

    type = "invalid_alias_name_exception"
    default_status = 400

    def __init__(self, name: str, why: str) -> None:
        super().__init__(messages.INVALID_ALIAS_NAME.format(name=name, why=why))


class IndexClosed(ElasticsearchError):
    """The index is closed: 400."""

    type = "index_closed_exception"
    default_status = 400


class AliasesNotFound(ElasticsearchError):
    """Aliases to be removed that are not there: 404."""

    type = "aliases_not_found_exception"
    default_status = 404


class VersionConflict(ElasticsearchError):
    """The document is not as the writer believes: 409."""

    type = "version_conflict_engine_exception"
    default_status = 409


class SearchPhaseFailure(ElasticsearchError):
    """A search that failed on every shard; the root cause shown is what the shards said."""

    type = "search_phase_execution_exception"

    def __init__(self, reason: str, cause: ElasticsearchError, failed_shards: list[dict[str, Any]] | None = None) -> None:
        super().__init__(
            reason, status=cause.status, cause=cause, phase="query", grouped=True, failed_shards=failed_shards or []
        )

    def root_cause(self) -> ElasticsearchError:
        return self.cause or self


def index_exists(name: str, uuid: str, release: tuple[int, ...]) -> ResourceAlreadyExists:
    """The refusal of a name that is taken."""
    kind = IndexAlreadyExists if release < (6, 0) else ResourceAlreadyExists
    return kind(messages.INDEX_EXISTS.format(name=name, uuid=uuid), index_uuid=uuid, index=name)
