"""The indices of a cluster: creating, resolving and deleting them, without a check of privileges."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices import messages
from fake_es.indices.aliases import FilterCheck, check_alias
from fake_es.indices.document import Document, Source
from fake_es.indices.errors import IndexClosed, IndexNotFound, InvalidIndexName, index_exists
from fake_es.indices.expressions import IndicesOptions, check_index_name, matching
from fake_es.indices.flat_settings import flat
from fake_es.indices.index import Index
from fake_es.indices.targets import Target
from fake_es.indices.templates import Blueprint, Templates
from fake_es.mapping.mapping import Mapping
from fake_es.security.index_names import Expression, ExpressionPart, parse_expression
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.numbers import whole_of

Tree = dict[str, Any]
# Whether a caller may see the index or alias with this name.
Sees = Callable[[str], bool]
_ANY = IndicesOptions(ignore_unavailable=True)


class SystemIndices:
    """The indices and aliases of a cluster, as the server itself uses them: without a check of privileges.

    ML stores its configurations and results with it. Names from callers go through ``access.CallerIndices`` instead. An
    argument called ``expression`` may have lists, wildcards, exclusions, aliases and dates.
    """

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._indices: dict[str, Index] = {}
        self._by_alias: dict[str, dict[str, Index]] = {}
        # The number of changes of names: indices and aliases that were added or removed.
        self.changes = 0
        # Registered by ``search.alias_filters`` when the first filter is checked.
        self.filter_check: FilterCheck | None = None

    def create(
        self,
        name: str,
        *,
        mappings: Tree | Mapping | None = None,
        settings: Tree | None = None,
        aliases: dict[str, Tree] | None = None,
    ) -> Index:
        """Create an index with the templates that match its name, and with the arguments, which count more.

        :param mappings: as in a request, or a ``Mapping`` of this release to copy.
        :raises ResourceAlreadyExists: there is an index with this name.
        :raises IllegalArgument: there is an alias with this name, or an alias has the name of an index.
        :raises InvalidIndexName: the name is not allowed.
        :raises MapperParsing: the mapping is wrong.
        """
        release = self.cluster.version
        if name in self._indices:
            raise index_exists(name, self._indices[name].uuid, release)
        if name in self._by_alias:
            raise IllegalArgument(messages.INDEX_IS_ALIAS.format(name=name))
        check_index_name(name, release)
        blueprint = self.cluster.part(Templates).blueprint(name)
        blueprint.add({"settings": settings, "aliases": aliases})
        mapping = _mapping(blueprint, mappings, release)
        uuid, now = self.cluster.ids.uuid(), self.cluster.clock.now()
        index = Index(name, uuid, now, _with_defaults(blueprint.settings, name, uuid, now, release), mapping)
        aliases = {alias.replace("{index}", name): options for alias, options in blueprint.aliases.items()}
        for alias, options in aliases.items():
            check_alias(alias, options or {}, index, now, release, self.check_filter)
            if alias == name or alias in self._indices:
                raise IllegalArgument(messages.ALIAS_IS_INDEX.format(alias=alias))
        self._indices[name] = index
        self.changes += 1
        for alias, options in aliases.items():
            self.add_alias(index, alias, options)
        return index

    def exists(self, name: str) -> bool:
        """Whether an index or alias has exactly this name."""
        return name in self._indices or name in self._by_alias

    def named(self, name: str) -> Index | None:
        """The index with exactly this name; None if there is none. Aliases do not count."""
        return self._indices.get(name)

    def index(self, name: str) -> Index:
        """The index with exactly this name. Aliases do not count.

        :raises IndexNotFound: it does not exist.
        """
        found = self._indices.get(name)
        if found is None:
            raise IndexNotFound(name, self.cluster.version)
        return found

    def __iter__(self) -> Iterator[Index]:
        """All indices, sorted by name."""
        return iter([self._indices[name] for name in sorted(self._indices)])

    def drop(self, index: Index) -> None:
        """Delete an index with its documents and aliases."""
        for alias in list(index.aliases):
            self.remove_alias(index, alias)
        del self._indices[index.name]
        self.changes += 1

    def add_alias(self, index: Index, alias: str, options: Tree | None = None) -> None:
        """Add an alias to an index; ``options`` are ``filter``, ``is_write_index``, ``is_hidden`` and routing.

        :raises IllegalArgument: there is an index with this name.
        """
        self.check_may_be_alias(alias)
        index.aliases[alias] = dict(options or {})
        self._by_alias.setdefault(alias, {})[index.name] = index
        self.changes += 1

    def check_filter(self, condition: Any, index: Index, now: int) -> None:
        """Check the filter of an alias; ``now`` is in epoch milliseconds.

        :raises ElasticsearchError: it is not a query for this index.
        """
        if self.filter_check is None:
            self.cluster.register_listeners(self.cluster, "alias filters")
        if self.filter_check is not None:
            self.filter_check(condition, index, now)

    def check_may_be_alias(self, name: str) -> None:
        """Check that no index has the name of a new alias.

        :raises IllegalArgument: one has.
        """
        if name in self._indices:
            raise IllegalArgument(messages.ALIAS_IS_INDEX.format(alias=name))

    def remove_alias(self, index: Index, alias: str) -> bool:
        """Remove an alias from an index; returns whether the index had it."""
        if index.aliases.pop(alias, None) is None:
            return False
        self.changes += 1
        members = self._by_alias[alias]
        del members[index.name]
        if not members:
            del self._by_alias[alias]
        return True

    def aliased(self, alias: str) -> list[Index]:
        """The indices of an alias, sorted by name."""
        members = self._by_alias.get(alias, {})
        return [members[name] for name in sorted(members)]

    def aliases(self) -> list[str]:
        """The sorted names of all aliases."""
        return sorted(self._by_alias)

    def write_index(self, name: str) -> Index:
        """The index that writes to a name or alias go to. If nothing has the name, the index is created.

        :raises IllegalArgument: the alias has no write index.
        """
        found = self._indices.get(name)
        if found is not None:
            return found
        members = self._by_alias.get(name)
        if members is None:
            return self.create(name)
        writers = [index for index in members.values() if str(index.aliases[name].get("is_write_index")).lower() == "true"]
        if not writers and len(members) == 1:
            writers = [index for index in members.values() if str(index.aliases[name].get("is_write_index")).lower() != "false"]
        if len(writers) != 1:
            raise IllegalArgument(messages.NO_WRITE_INDEX.format(alias=name))
        return writers[0]

    def put(self, index: str, document_id: str | None, source: Source, *, op_type: str = "index", **options: Any) -> Document:
        """Index a document. ``source`` is not copied and must not be changed afterwards.

        :param index: the name of an index, which is created if it is missing, or an alias.
        :param document_id: None for a generated id.
        :param op_type: with ``create`` the id must be new.
        :param options: see ``Index.put``.
        :raises ElasticsearchError: the document does not fit the mapping, or has another version.
        """
        target = self.write_index(index)
        if target.closed:
            raise IndexClosed("closed", index_uuid=target.uuid, index=target.name)
        if document_id is None:
            document_id, op_type = self.cluster.ids.document_id(), "create"
        return target.put(document_id, source, op_type=op_type, **options)

    def document(self, index: str, document_id: str) -> Document | None:
        """A document by id and the name or alias of its index; None if the document or index does not exist."""
        found = self._indices.get(index)
        if found is not None:
            return next(iter(found.with_id(document_id)), None)
        members = self._by_alias.get(index, {}).values()
        return next((document for member in members for document in member.with_id(document_id)), None)

    def get(self, index: str, document_id: str) -> Source | None:
        """The source of a document; None if the document or index does not exist."""
        document = self.document(index, document_id)
        return None if document is None else document.source

    def delete(self, index: str, document_id: str) -> bool:
        """Delete a document; returns whether it existed."""
        document = self.document(index, document_id)
        if document is None:
            return False
        document.index.delete(document_id, type_name=document.type)
        return True

    def resolve(self, expression: Expression, options: IndicesOptions = _ANY) -> list[Target]:
        """Resolve an expression to indices, sorted by name, each with the filters of its aliases.

        :raises IndexNotFound: a name does not exist, or nothing matches and ``options`` do not allow that.
        """
        index = self._indices.get(expression) if isinstance(expression, str) else None
        if index is not None and not index.closed:
            return [Target(index, None)]
        return self.meant_by(parse_expression(expression, self.cluster.clock.now()), options)

    def meant_by(
        self, parts: Sequence[ExpressionPart], options: IndicesOptions = _ANY, sees: Sees | None = None
    ) -> list[Target]:
        """The same for a parsed expression; ``sees`` decides which names its patterns may match (None: all)."""
        names = self._names(parts, options, sees)
        found: dict[str, list[Tree] | None] = {}
        for name in names:
            if name in self._indices:
                found[name] = None
                continue
            for index in self._by_alias[name].values():
                condition, filters = index.aliases[name].get("filter"), found.get(index.name, [])
                # None means all documents: named without an alias, or by an alias without a filter.
                found[index.name] = None if condition is None or filters is None else [*filters, condition]
        if not found and not options.allow_no_indices:
            raise IndexNotFound(",".join(f"{'-' * part.excluded}{part.text}" for part in parts), self.cluster.version)
        targets = []
        for name in sorted(found):
            index, filters = self._indices[name], found[name]
            if index.closed and options.forbids_closed:
                if options.ignore_unavailable:
                    continue
                if not options.closed:
                    raise IndexClosed("closed", index_uuid=index.uuid, index=index.name)
            targets.append(Target(index, None if filters is None else tuple(filters)))
        return targets

    def having(self, name: str, field: str, value: Any) -> list[Document]:
        """Documents with exactly this value in a field, in the order they were indexed: a cheap term query.

        ``name`` is an index or an alias, whose filter is ignored. If it does not exist, the list is empty.
        """
        index = self._indices.get(name)
        if index is not None:
            return [] if index.closed else index.having(field, value)
        return [document for target in self.resolve(name) for document in target.index.having(field, value)]

    def _names(self, parts: Sequence[ExpressionPart], options: IndicesOptions, sees: Sees | None) -> list[str]:
        """The names of indices and aliases that the parts of an expression match.

        :raises IndexNotFound: a name does not exist; or without ``allow_no_indices`` a pattern matches nothing.
        """
        found: dict[str, None] = {}
        for part in parts:
            if part.excluded:
                for name in self._expanded(part.text, options, sees) if part.is_pattern else [part.text]:
                    found.pop(name, None)
            elif part.is_pattern:
                found |= dict.fromkeys(self._expanded(part.text, options, sees))
            else:
                found |= dict.fromkeys(self._named(part.text, options))
        return list(found)

    def _named(self, name: str, options: IndicesOptions) -> list[str]:
        if name in self._by_alias and not options.aliases:
            if options.ignore_unavailable:
                return []
            raise IllegalArgument(messages.MATCHES_ALIAS.format(name=name))
        if self.exists(name):
            return [name]
        if name.startswith("_") and self.cluster.version >= (6, 0):
            raise InvalidIndexName(name, "must not start with '_'.")
        if options.ignore_unavailable:
            return []
        raise IndexNotFound(name, self.cluster.version)

    def _expanded(self, pattern: str, options: IndicesOptions, sees: Sees | None) -> list[str]:
        """The names of indices and aliases that a pattern matches.

        :raises IndexNotFound: nothing matches, and ``options`` do not allow that (``WildcardExpressionResolver``).
        """
        names = [name for name in matching(pattern, self._indices) if self._is_visible(self._indices[name], pattern, options)]
        for alias in matching(pattern, self._by_alias) if options.aliases else ():
            members = self._by_alias[alias].values()
            if any(self._is_visible(index, pattern, options, index.aliases[alias]) for index in members):
                names.append(alias)
        names = names if sees is None else [name for name in names if sees(name)]
        if not names and not options.allow_no_indices:
            raise IndexNotFound(pattern, self.cluster.version)
        return names

    def _is_visible(self, index: Index, pattern: str, options: IndicesOptions, alias: Tree | None = None) -> bool:
        hidden = index.hidden if alias is None else str(alias.get("is_hidden")).lower() == "true"
        if hidden and not options.hidden and not pattern.startswith("."):
            return False
        return options.closed if index.closed else options.open


def _mapping(blueprint: Blueprint, given: Tree | Mapping | None, release: tuple[int, ...]) -> Mapping:
    """The mapping of a new index: those of its templates, then the given one."""
    limit = whole_of(blueprint.settings.get("index.mapping.total_fields.limit") or 1000)
    if isinstance(given, Mapping):
        if not blueprint.mappings and limit == given.limit:
            mapping = given.copied()
            mapping.take_limits(blueprint.settings)
            return mapping
        given = given.to_json()
    mapping = Mapping(release, limit=limit)
    mapping.take_limits(blueprint.settings)
    for tree in [*blueprint.mappings, *([given] if given else [])]:
        mapping.merge(tree)
    return mapping


def _with_defaults(given: Tree, name: str, uuid: str, now: int, release: tuple[int, ...]) -> Tree:
    settings = {
        "index.number_of_shards": "1" if release >= (7, 0) else "5",
        "index.number_of_replicas": "1",
        **{key: value for key, value in given.items() if value is not None},
    }
    major, minor, patch = release[:3]
    created = f"{major}{minor:02}{patch:02}99"
    return settings | flat({"creation_date": now, "uuid": uuid, "version.created": created, "provided_name": name})
