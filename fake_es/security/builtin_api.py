"""``/_security/privilege/_builtin``: the names of all privileges of the release (``GetBuiltinPrivilegesAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.security import index_privileges, privileges
from fake_es.security.routes import security
from fake_es.wire.call import Call
from fake_es.wire.operation import operation


@operation(
    "security.get_builtin_privileges",
    routes=security("GET", "/privilege/_builtin", since=(7, 3)),
    action="cluster:admin/xpack/security/privilege/builtin/get",
)
def get_builtin_privileges(call: Call, cluster: Cluster) -> Any:
    """All named privileges, sorted."""
    shown = {"cluster": sorted(privileges.known(call.version)), "index": sorted(index_privileges.known(call.version))}
    if call.version >= (8, 15):
        remote = ["monitor_enrich", "monitor_stats"] if call.version >= (8, 17) else ["monitor_enrich"]
        shown["remote_cluster"] = remote
    return shown
