"""``/_security/service``: service accounts and their tokens."""

from __future__ import annotations

import re
from typing import Any

from fake_es.cluster import Cluster
from fake_es.security import messages
from fake_es.security.document_errors import VersionConflict
from fake_es.security.routes import security
from fake_es.security.service_accounts.accounts import accounts, role_of
from fake_es.security.service_accounts.store import ServiceTokens
from fake_es.wire import parameters
from fake_es.wire.call import Answer, Call
from fake_es.wire.errors import ActionRequestValidation, IllegalArgument
from fake_es.wire.operation import operation
from fake_es.wire.parameters import Parameter

_ACTION = "cluster:admin/xpack/security/service_account/"
_SINCE = (7, 13)
_REFRESH = (Parameter("refresh", parameters.TEXT),)
_ACCOUNT = "/service/{namespace}/{service}"
_TOKENS = _ACCOUNT + "/credential/token"
_NAME = re.compile(r"(?!_)[A-Za-z0-9_-]{1,256}")


@operation(
    "security.get_service_accounts",
    routes=[
        *security("GET", "/service", since=_SINCE),
        *security("GET", "/service/{namespace}", since=_SINCE),
        *security("GET", _ACCOUNT, since=_SINCE),
    ],
    action=_ACTION + "get",
)
def get_service_accounts(call: Call, cluster: Cluster) -> Any:
    """The service accounts with their role descriptors."""
    wanted = "/".join(call.path_parameters[part] for part in ("namespace", "service") if part in call.path_parameters)
    return {
        name: {"role_descriptor": role_of(name, cluster).to_json(call.version)}
        for name in accounts(call.version)
        if not wanted or name == wanted or name.startswith(wanted + "/")
    }


def _account(call: Call) -> str:
    return f"{call.path_parameters['namespace']}/{call.path_parameters['service']}"


@operation(
    "security.create_service_token",
    routes=[*security("PUT,POST", _TOKENS + "/{name}", since=_SINCE), *security("POST", _TOKENS, since=_SINCE)],
    action=_ACTION + "token/create",
    query=_REFRESH,
)
def create_service_token(call: Call, cluster: Cluster) -> Any:
    """Create a token for a service account; a token without a name gets one.

    :raises VersionConflict: a token with that name exists.
    """
    account, name = _account(call), call.path_parameters.get("name") or f"token_{cluster.ids.document_id()}"
    if not _NAME.fullmatch(name):
        raise ActionRequestValidation(messages.BAD_TOKEN_NAME)
    if account not in accounts(call.version):
        raise IllegalArgument(messages.NO_SERVICE_ACCOUNT.format(name=account))
    value = cluster.part(ServiceTokens).add(account, name)
    if value is None:
        raise VersionConflict(messages.TOKEN_EXISTS.format(account=account, name=name))
    return {"created": True, "token": {"name": name, "value": value}}


@operation(
    "security.delete_service_token",
    routes=security("DELETE", _TOKENS + "/{name}", since=_SINCE),
    action=_ACTION + "token/delete",
    query=_REFRESH,
)
def delete_service_token(call: Call, cluster: Cluster) -> Any:
    """Delete a token; 404 if it does not exist."""
    found = cluster.part(ServiceTokens).delete(_account(call), call.path_parameters["name"])
    return {"found": True} if found else Answer(404, {"found": False})


@operation(
    "security.get_service_credentials",
    routes=security("GET", _ACCOUNT + "/credential", since=_SINCE),
    action=_ACTION + "credential/get",
)
def get_service_credentials(call: Call, cluster: Cluster) -> Any:
    """Names of the tokens of an account; there are no file tokens here.

    :raises IllegalArgument: the account does not exist.
    """
    account = _account(call)
    if account not in accounts(call.version):
        raise IllegalArgument(messages.NO_SERVICE_ACCOUNT.format(name=account))
    names = cluster.part(ServiceTokens).names_of(account)
    nodes = {"_nodes": {"total": 1, "successful": 1, "failed": 0}, "file_tokens": {}}
    return {
        "service_account": account,
        "count": len(names),
        "tokens": {name: {} for name in names},
        "nodes_credentials": nodes,
    }
