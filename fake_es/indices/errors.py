"""Errors of indices, aliases and templates, by their names in the server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fake_es.indices import messages
from fake_es.wire.errors import ElasticsearchError, PlainError, ResourceAlreadyExists


class IndexNotFound(ElasticsearchError):
    """There is no index or alias with this name: 404."""

    type = "index_not_found_exception"
    default_status = 404

    def __init__(self, name: str, release: tuple[int, ...]) -> None:
        where: dict[str, Any] = {"resource.type": "index_or_alias", "resource.id": name, "index_uuid": "_na_", "index": name}
        super().__init__(messages.NO_SUCH_INDEX.at(release, name=name), **where)


class IndexAlreadyExists(ResourceAlreadyExists):
    """An index with this name exists, up to 5.x: 400."""

    type = "index_already_exists_exception"


class InvalidIndexName(ElasticsearchError):
    """A name that is not allowed for indices: 400."""

    type = "invalid_index_name_exception"
    default_status = 400

    def __init__(self, name: str, why: str) -> None:
        super().__init__(messages.INVALID_INDEX_NAME.format(name=name, why=why), index_uuid="_na_", index=name)


class InvalidTypeName(ElasticsearchError):
    """The name of a type that begins with an underscore, before 6.2: 400."""

    type = "invalid_type_name_exception"
    default_status = 400

    def __init__(self, name: str) -> None:
        super().__init__(messages.TYPE_UNDERSCORE.format(type=name))


class AliasMissing(PlainError):
    """Aliases that do not exist: 404. The body has only a text, and the aliases that were found."""

    def __init__(self, names: Sequence[str], found: Mapping[str, Any]) -> None:
        kind = "alias" if len(names) == 1 else "aliases"
        super().__init__(messages.ALIAS_MISSING.format(kind=kind, names=",".join(names)), 404)
        self._found = found

    def document(self) -> dict[str, Any]:
        return {**super().document(), **self._found}


class UnavailableShards(ElasticsearchError):
    """Fewer active copies of a shard than a write requires: 503."""

    type = "unavailable_shards_exception"
    default_status = 503


class IndexTemplateMissing(ElasticsearchError):
    """There is no template with this name: 404."""

    type = "index_template_missing_exception"
    default_status = 404


class InvalidIndexTemplate(ElasticsearchError):
    """A template that is not valid: 400."""

    type = "invalid_index_template_exception"
    default_status = 400


class InvalidAliasName(ElasticsearchError):
    """A name that is not allowed for aliases: 400."""

    type = "invalid_alias_name_exception"
    default_status = 400

    def __init__(self, name: str, why: str) -> None:
        super().__init__(messages.INVALID_ALIAS_NAME.format(name=name, why=why))


class IndexClosed(ElasticsearchError):
    """The index is closed: 400."""

    type = "index_closed_exception"
    default_status = 400


class AliasesNotFound(ElasticsearchError):
    """Aliases to remove do not exist: 404."""

    type = "aliases_not_found_exception"
    default_status = 404


class VersionConflict(ElasticsearchError):
    """The document has another version than the request expects: 409."""

    type = "version_conflict_engine_exception"
    default_status = 409


def index_exists(name: str, uuid: str, release: tuple[int, ...]) -> ResourceAlreadyExists:
    """The error for creating an index whose name is in use."""
    kind = IndexAlreadyExists if release < (6, 0) else ResourceAlreadyExists
    return kind(messages.INDEX_EXISTS.format(name=name, uuid=uuid), index_uuid=uuid, index=name)
