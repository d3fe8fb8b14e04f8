"""The one place where names that callers give become indices, and are authorized as they do.

An operation gets at indices through ``indices_of`` only. ``SystemIndices`` checks no privileges; it is for what the server
does by itself. A test lists the modules that may use it.
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
from fake_es.security.index_names import Expression, dated, words_of
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument

Tree = dict[str, Any]

_ALIASES = "indices:admin/aliases"


class CallerIndices:
    """The indices of a cluster as one caller may use them by one action.

    Names are taken apart, their dates filled in, and each is held against the caller's rights; only then is it looked up.
    Every method that takes a name, or an expression, raises ``SecurityError`` (403) where it is not granted. What the
    methods answer, an ``Index`` or a ``Target``, is granted for that action; nothing more has to be checked.

    :param caller: None where there is no security.
    :param action: the transport action; see ``IndexAccess``.
    """

    def __init__(self, cluster: Cluster, caller: Caller | None, action: str) -> None:
        self.cluster = cluster
        self._caller = caller
        self._access = IndexAccess(cluster, caller, action)
        self._indices = cluster.part(SystemIndices)
        self._doing: dict[str, IndexAccess] = {action: self._access}

    def resolve(self, expression: Expression, options: IndicesOptions) -> list[Target]:
        """The indices that an expression means: patterns in it mean only what the caller may see.

        :raises SecurityError: a name is not granted, unless ``options`` ignore what is unavailable.
        :raises IndexNotFound: a name that is none, or nothing at all where ``options`` do not allow it.
        """
        if isinstance(expression, str) and self._indices.named(expression) is not None and self._access.sees(expression):
            return self._indices.resolve(expression, options)
        words = self._access.admitted(words_of(expression, self._now()), lenient=options.ignore_unavailable)
        return self._indices.meant_by(words, options, self._access.sees)

    def single(self, name: str) -> Index:
        """The one index that a name, or an alias, stands for.

        :raises IndexNotFound: there is none.
        :raises IndexClosed: it is closed.
        :raises IllegalArgument: an alias of several.
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
        """The index that a write to a name goes to, which must be there.

        :raises IndexNotFound: there is no such index.
        :raises IllegalArgument: an alias of several indices, none of which takes its writes.
        """
        name = self._checked(name)
        if not self._indices.exists(name):
            raise IndexNotFound(name, self.cluster.version)
        return self._indices.write_index(name)

    def index_for_write(self, name: str, kind: str, *, creates: bool = True) -> Index:
        """The index that a document goes to; made if need be, which takes a privilege of its own.

        ``TransportBulkAction`` and ``AuthorizationService.authorizeBulkItems`` of the server.

        :param kind: ``index``, ``create``, ``update`` or ``delete``.
        :param creates: whether an index may be made.
        :raises IndexNotFound: there is none, and none is made.
        """
        name = self.name(name)
        missing = not self._indices.exists(name)
        if self._caller is not None:
            for action in _writing(kind, self.cluster.version, creates=missing and creates):
                self._by(action).check(name)
        if missing and not creates:
            raise IndexNotFound(name, self.cluster.version)
        return self._indices.write_index(name)

    def create(self, name: str, *, mappings: Tree | None, settings: Tree, aliases: dict[str, Tree]) -> Index:
        """Make an index; see ``SystemIndices.create``. Its aliases are granted as if they were added later."""
        name = self._checked(name)
        if aliases:
            self._by(_ALIASES).check(name, *aliases)
        return self._indices.create(name, mappings=mappings, settings=settings, aliases=aliases)

    def drop(self, index: Index) -> None:
        """Delete an index that was resolved."""
        self._indices.drop(index)

    def add_alias(self, index: Index, alias: str, options: Tree) -> None:
        """Let an index that was resolved answer to an alias.

        :raises IllegalArgument: an index bears that name.
        """
        self._access.check(alias)
        self._indices.add_alias(index, alias, options)

    def remove_alias(self, index: Index, alias: str) -> None:
        """Take an alias from an index that was resolved."""
        self._access.check(alias)
        self._indices.remove_alias(index, alias)

    def check_filter(self, condition: Any, index: Index, now: int) -> None:
        """Refuse the filter of an alias that is no query; see ``SystemIndices.check_filter``."""
        self._indices.check_filter(condition, index, now)

    def check_alias(self, alias: str, names: Sequence[str]) -> None:
        """Refuse an alias that would grant the caller more than the names of its indices do.

        :raises SecurityError: 403; 400 where the caller may see only part of an index.
        """
        self._access.check_alias(alias, names)

    def exists(self, name: str) -> bool:
        """Whether there is an index or an alias of exactly that name."""
        return self._indices.exists(self._checked(name))

    def aliases(self) -> list[str]:
        """All aliases that the caller may see, by name."""
        return [alias for alias in self._indices.aliases() if self.sees(alias)]

    def aliased(self, alias: str) -> list[Index]:
        """Indices that answer to an alias, by name."""
        return self._indices.aliased(self._checked(alias))

    def check(self, names: Iterable[str]) -> None:
        """Refuse names of indices that are known already, as those of a point in time."""
        self._access.check(*names)

    def sees(self, name: str) -> bool:
        """Whether the action is granted on an index or an alias of that name."""
        return self._access.sees(name)

    def name(self, text: str) -> str:
        """A name with its dates filled in, not yet authorized."""
        return dated(text, self._now()) if text.startswith("<") else text

    def settings_before_pipelines(self, name: str) -> Tree:
        """Settings of an index that there is, or would be: which pipelines a document goes through that is sent there.

        The server runs these before anything is authorized but the action of the request; where the document comes to lie is
        authorized by ``index_for_write``.
        """
        name = self.name(name)
        if self._indices.exists(name):
            return self._indices.write_index(name).settings
        return self.cluster.part(Templates).blueprint(name).settings

    def is_alias(self, name: str) -> bool:
        """Whether it is an alias; answered to all, as the server does for ``require_alias``."""
        return bool(self._indices.aliased(self.name(name)))

    def _checked(self, name: str) -> str:
        name = self.name(name)
        self._access.check(name)
        return name

    def _by(self, action: str) -> IndexAccess:
        access = self._doing.get(action)
        if access is None:
            access = self._doing[action] = IndexAccess(self.cluster, self._caller, action)
        return access

    def _now(self) -> int:
        return self.cluster.clock.now()


@cache
def _writing(kind: str, release: tuple[int, ...], *, creates: bool) -> tuple[str, ...]:
    """The actions of one write, in the order in which they are refused; ``creates`` is whether it makes the index."""
    if kind in ("update", "delete"):
        action = f"indices:data/write/{kind}"
    else:
        # Told apart since there is a privilege that only creates.
        action = f"indices:data/write/index:op_type/{kind}" if release >= (7, 5) else "indices:data/write/index"
    making = "indices:admin/auto_create" if release >= (7, 9) else "indices:admin/create"
    return (*((making,) if creates else ()), "indices:data/write/bulk[s]", action)


def indices_of(call: Call, cluster: Cluster, action: str | None = None) -> CallerIndices:
    """The indices as the caller may use them.

    :param action: what is done with them; None for that which the operation of the call declares.
    """
    return CallerIndices(cluster, call.user, action or action_of(call))


def indices_in_path(call: Call, cluster: Cluster, default: IndicesOptions) -> list[Index]:
    """The indices that the path of a call names; ``default`` is what holds where its parameters say nothing."""
    return [target.index for target in indices_of(call, cluster).resolve(expression_of(call), options_of(call, default))]
