"""How the APIs show a caller (``Authentication.toXContent``)."""

from __future__ import annotations

from typing import Any

from fake_es.security.caller import Caller
from fake_es.security.users import User, realm_name, realm_of


def shown_caller(caller: Caller, version: tuple[int, ...]) -> dict[str, Any]:
    """A caller as ``_authenticate`` shows it; an API key has no role names."""
    user = caller.user or caller.authenticated
    shown: dict[str, Any] = user.to_json()
    keyed = caller.key is not None and not caller.runs_as
    if keyed:
        shown |= {"roles": [], "full_name": None, "email": None, "metadata": {}}
    if caller.token_name is not None and not caller.runs_as:
        shown["token"] = {"name": caller.token_name, "type": "_service_account_index"}
    if version >= (7, 0):
        shown["authentication_realm"] = _realm(caller.authenticated, caller)
        shown["lookup_realm"] = _realm(user, caller) if keyed else realm_of(user)
    if version >= (7, 4):
        shown["authentication_type"] = caller.by
    if caller.key is not None and keyed and version >= (7, 13):
        managed = {"managed_by": "elasticsearch"} if version >= (9, 2) else {}
        shown["api_key"] = {"id": caller.key.id, "name": caller.key.name, **managed}
    return shown


def _realm(user: User, caller: Caller) -> dict[str, str]:
    return realm_of(user) if caller.key is None else {"name": realm_name("_es_api_key"), "type": "_es_api_key"}
