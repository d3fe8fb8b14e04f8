"""Check the index names of a request against what the caller is granted (``IndicesAndAliasesResolver``, ``RBACEngine``)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from fake_es.cluster import Cluster
from fake_es.security import messages
from fake_es.security.cache import rights_of
from fake_es.security.caller import Caller
from fake_es.security.denials import denied, is_cluster_action, is_remote_action
from fake_es.security.index_names import ExpressionPart
from fake_es.security.index_rights import IndexRights
from fake_es.wire.errors import IllegalArgument, ResourceNotFound, SecurityError

# Before this release, a colon was an ordinary character unless a remote cluster of that name existed.
_REMOTE_SINCE = (7, 0)


class NoSuchRemoteCluster(ResourceNotFound):
    """The remote cluster does not exist: 404."""

    type = "no_such_remote_cluster_exception"


class IndexAccess:
    """One caller and one action. Every index name is checked here before it is looked up.

    :param caller: None if security is off: then everything is granted.
    :param action: a transport action. A cluster action is granted by a cluster privilege, for all indices.
    """

    def __init__(self, cluster: Cluster, caller: Caller | None, action: str) -> None:
        self._cluster = cluster
        self._caller = caller
        self._action = action
        self._rights: IndexRights | None = None
        if caller is not None and not is_cluster_action(action):
            self._rights = rights_of(cluster, caller, action)

    def sees(self, name: str) -> bool:
        """Whether the action is granted on an index or an alias of that name.

        :raises NotImplementedHere: it is granted only on some of the documents, or of their fields.
        """
        return self._rights is None or self._rights.sees(name)

    def admitted(self, parts: Sequence[ExpressionPart], *, lenient: bool) -> list[ExpressionPart]:
        """The parts of an expression that may be looked up. A pattern among them matches only names that ``sees`` allows.

        :param lenient: leave out names that are not granted (``ignore_unavailable``).
        :raises SecurityError: 403, a name is not granted, or the action is granted on no index at all.
        :raises NoSuchRemoteCluster: 404, a name is of a remote cluster: there are none here.
        :raises IllegalArgument: 400, a name is of a remote cluster, and the action cannot address these.
        """
        remote = [part for part in parts if part.is_remote] if self._cluster.version >= _REMOTE_SINCE else []
        if remote and is_remote_action(self._action):
            parts = self._without_clusters(parts, remote)
        refused: list[str] = []
        if self._rights is not None:
            names = (part.text for part in parts if not part.excluded and not part.is_pattern)
            refused = [name for name in names if not self.sees(name)]
        if refused and not lenient:
            raise self._denied(refused)
        if self._rights is not None and not self._rights.anywhere:
            raise self._denied()
        if remote and not is_remote_action(self._action) and not lenient:
            raise IllegalArgument(messages.REMOTE_NAMES.format(names=", ".join(part.text for part in remote)))
        return [part for part in parts if part.text not in refused] if refused else list(parts)

    def check(self, *names: str) -> None:
        """Refuse names that are not granted; they are taken literally, not as patterns.

        :raises SecurityError: 403.
        """
        refused = [name for name in names if not self.sees(name)]
        if refused:
            raise self._denied(refused)

    def check_alias(self, alias: str, indices: Collection[str]) -> None:
        """Refuse an alias that grants the caller more than the names of its indices do.

        ``IndicesAliasesRequestInterceptor`` of the server.

        :raises SecurityError: 403, the alias grants more; 400, only some documents or fields of an index are granted.
        """
        if self._rights is None or self._caller is None:
            return
        for index in indices:
            if self._rights.limits(index):
                raise SecurityError(messages.ALIAS_OF_LIMITED, status=400)
            if not self._rights.grants_no_more(alias, index):
                raise SecurityError(messages.ALIAS_GRANTS_MORE)

    def _without_clusters(self, parts: Sequence[ExpressionPart], remote: Sequence[ExpressionPart]) -> list[ExpressionPart]:
        """The parts that name no remote cluster; patterns of cluster names match nothing here."""
        for part in remote:
            cluster = part.text.partition(":")[0]
            if "*" not in cluster and not part.excluded:
                raise NoSuchRemoteCluster(messages.NO_SUCH_CLUSTER.format(cluster=cluster))
        return [part for part in parts if not part.is_remote]

    def _denied(self, names: Sequence[str] = ()) -> SecurityError:
        assert self._caller is not None, "without a caller nothing is refused"
        return denied(self._cluster, self._caller, self._action, names)
