"""The one place where index names from callers become indices. They are authorized here.

Operations use indices only through ``indices_of``. ``SystemIndices`` checks no privileges: it is for the server itself. A test
lists the modules that may use it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices import messages
from fake_es.indices.errors import IndexClosed, IndexNotFound, InvalidIndexName
from fake_es.indices.expressions import IndicesOptions
from fake_es.indices.index import Index
from fake_es.indices.parameters import expression_of, options_of
from fake_es.indices.system_indices import SystemIndices
from fake_es.indices.targets import Target
from fake_es.indices.templates import Templates
from fake_es.security.authorization import action_of
from fake_es.security.caller import Caller
from fake_es.security.index_access import IndexAccess
from fake_es.security.index_names import Expression, dated, parse_expression
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument

Tree = dict[str, Any]

_ALIASES = "indices:admin/aliases"


class CallerIndices:
    """The indices of a cluster, as one caller may use them with one action.

    Names are parsed, their dates are filled in, and each is checked against the caller's privileges before it is looked up.
    Every method with a name or expression as argument raises ``SecurityError`` (403) if the caller has no privilege for it.
    The ``Index`` or ``Target`` that a method returns is authorized for the action: no further check is needed.

    :param caller: None if security is off.
    :param action: the transport action; see ``IndexAccess``.
    """

    def __init__(self, cluster: Cluster, caller: Caller | None, action: str) -> None:
        self.cluster = cluster
        self._caller = caller
        self._access = IndexAccess(cluster, caller, action)
        self._indices = cluster.part(SystemIndices)
        self._access_by_action: dict[str, IndexAccess] = {action: self._access}

    def resolve(self, expression: Expression, options: IndicesOptions) -> list[Target]:
        """Resolve an expression. Its patterns match only indices that the caller may see.

        :raises SecurityError: the caller has no privilege for a name, and ``options`` do not have ``ignore_unavailable``.
        :raises IndexNotFound: a name does not exist, or nothing matches and ``options`` do not allow that.
        """
        if isinstance(expression, str) and self._indices.named(expression) is not None and self._access.sees(expression):
            return self._indices.resolve(expression, options)
        parts = self._access.admitted(parse_expression(expression, self._now()), lenient=options.ignore_unavailable)
        return self._indices.meant_by(parts, options, self._access.sees)

    def single(self, name: str) -> Index:
        """The index with this name or alias.

        :raises IndexNotFound: it does not exist.
        :raises IndexClosed: it is closed.
        :raises IllegalArgument: the alias has several indices.
        """
        name = self._checked(name)
        members = self._indices.aliased(name)
        if len(members) > 1:
            names = ", ".join(index.name for index in members)
            raise IllegalArgument(messages.MANY_INDICES.format(alias=name, names=names))
        if not members and not self._indices.exists(name):
            if name.startswith("_") and self.cluster.version >= (6, 0):
                raise InvalidIndexName(name, "must not start with '_'.")
            raise IndexNotFound(name, self.cluster.version)
        index = members[0] if members else self._indices.index(name)
        if index.closed:
            raise IndexClosed("closed", index_uuid=index.uuid, index=index.name)
        return index

    def write_index(self, name: str) -> Index:
        """The existing index that writes to a name or alias go to.

        :raises IndexNotFound: it does not exist.
        :raises IllegalArgument: the alias has no write index.
        """
        name = self._checked(name)
        if not self._indices.exists(name):
            raise IndexNotFound(name, self.cluster.version)
        return self._indices.write_index(name)

    def index_for_write(self, name: str, kind: str, *, creates: bool = True) -> Index:
        """The index that one write goes to. A missing index is created, which needs a privilege of its own.

        ``TransportBulkAction`` and ``AuthorizationService.authorizeBulkItems`` of the server.

        :param kind: ``index``, ``create``, ``update`` or ``delete``.
        :param creates: whether a missing index is created.
        :raises IndexNotFound: the index is missing, and is not created.
        """
        name = self.name(name)
        missing = not self._indices.exists(name)
        if self._caller is not None:
            for action in _write_actions(kind, self.cluster.version, creates=missing and creates):
                self._access_for(action).check(name)
        if missing and not creates:
            raise IndexNotFound(name, self.cluster.version)
        return self._indices.write_index(name)

    def create(self, name: str, *, mappings: Tree | None, settings: Tree, aliases: dict[str, Tree]) -> Index:
        """Create an index; see ``SystemIndices.create``. Its aliases need the same privilege as adding them later."""
        name = self._checked(name)
        if aliases:
            self._access_for(_ALIASES).check(name, *aliases)
        return self._indices.create(name, mappings=mappings, settings=settings, aliases=aliases)

    def drop(self, index: Index) -> None:
        """Delete an index."""
        self._indices.drop(index)

    def add_alias(self, index: Index, alias: str, options: Tree) -> None:
        """Add an alias to an index.

        :raises IllegalArgument: there is an index with this name.
        """
        self._access.check(alias)
        self._indices.add_alias(index, alias, options)

    def remove_alias(self, index: Index, alias: str) -> None:
        """Remove an alias from an index."""
        self._access.check(alias)
        self._indices.remove_alias(index, alias)

    def check_filter(self, condition: Any, index: Index, now: int) -> None:
        """Check the filter of an alias; see ``SystemIndices.check_filter``."""
        self._indices.check_filter(condition, index, now)

    def check_alias(self, alias: str, names: Sequence[str]) -> None:
        """Check that an alias would not give the caller more privileges than the names of its indices do.

        :raises SecurityError: it would: 403, or 400 if the caller may see only part of an index.
        """
        self._access.check_alias(alias, names)

    @property
    def changes(self) -> int:
        """A number that grows with each index or alias that is added or removed."""
        return self._indices.changes

    def exists(self, name: str) -> bool:
        """Whether an index or alias has exactly this name."""
        return self._indices.exists(self._checked(name))

    def aliases(self) -> list[str]:
        """The sorted names of all aliases that the caller may see."""
        return [alias for alias in self._indices.aliases() if self.sees(alias)]

    def aliased(self, alias: str) -> list[Index]:
        """The indices of an alias, sorted by name."""
        return self._indices.aliased(self._checked(alias))

    def check(self, names: Iterable[str]) -> None:
        """Check the privileges for the names of existing indices, such as those of a point in time."""
        self._access.check(*names)

    def sees(self, name: str) -> bool:
        """Whether the caller has the privilege for an index or alias with this name."""
        return self._access.sees(name)

    def name(self, text: str) -> str:
        """A name with its dates filled in. It is not authorized."""
        return dated(text, self._now()) if text.startswith("<") else text

    def settings_before_pipelines(self, name: str) -> Tree:
        """The settings of an index, or those that it would be created with. They decide on the pipelines of a document.

        The server runs pipelines after it has authorized the action of the request, but not yet the index. The index that
        the document finally goes to is authorized by ``index_for_write``.
        """
        name = self.name(name)
        if self._indices.exists(name):
            return self._indices.write_index(name).settings
        return self.cluster.part(Templates).blueprint(name).settings

    def is_alias(self, name: str) -> bool:
        """Whether a name is an alias, for ``require_alias``. Like the server, it does not check privileges."""
        return bool(self._indices.aliased(self.name(name)))

    def _checked(self, name: str) -> str:
        name = self.name(name)
        self._access.check(name)
        return name

    def _access_for(self, action: str) -> IndexAccess:
        access = self._access_by_action.get(action)
        if access is None:
            access = self._access_by_action[action] = IndexAccess(self.cluster, self._caller, action)
        return access

    def _now(self) -> int:
        return self.cluster.clock.now()


@cache
def _write_actions(kind: str, release: tuple[int, ...], *, creates: bool) -> tuple[str, ...]:
    """The actions of one write, in the order of their checks; ``creates`` is whether it creates the index."""
    if kind in ("update", "delete"):
        action = f"indices:data/write/{kind}"
    else:
        # Since 7.5 ``create`` has its own action, for the privilege ``create_doc``.
        action = f"indices:data/write/index:op_type/{kind}" if release >= (7, 5) else "indices:data/write/index"
    making = "indices:admin/auto_create" if release >= (7, 9) else "indices:admin/create"
    return (*((making,) if creates else ()), "indices:data/write/bulk[s]", action)


def indices_of(call: Call, cluster: Cluster, action: str | None = None) -> CallerIndices:
    """The indices as the caller may use them.

    :param action: the transport action; None means the action of the called operation.
    """
    return CallerIndices(cluster, call.user, action or action_of(call))


def indices_in_path(call: Call, cluster: Cluster, default: IndicesOptions) -> list[Index]:
    """The indices named by the path of a call; ``default`` are the options that its parameters do not set."""
    return [target.index for target in indices_of(call, cluster).resolve(expression_of(call), options_of(call, default))]
