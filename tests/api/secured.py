"""An emulator with security on, and a user for each privilege that tests speak of."""

from __future__ import annotations

import base64
from typing import Any

from fake_es import FakeElasticsearch
from tests.support import Http, Reply

ROLES = {
    "monitor_ml": ["monitor_ml"],
    "manage_ml": ["manage_ml"],
    "monitor": ["monitor"],
    "manage": ["manage"],
    "all": ["all"],
    "security": ["manage_security"],
    "pattern": ["cluster:admin/xpack/ml/job/close"],
}


def basic(name: str, password: str | None = None) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password or 'secret-' + name}".encode()).decode()


class Secured(Http):
    """An emulator with security on; every role has a user of its name."""

    def __init__(self, release: str | None = None, **settings: Any) -> None:
        users = [(name, f"secret-{name}", [name]) for name in ROLES] + [("nobody", "secret-nobody", [])]
        super().__init__(FakeElasticsearch(release, security=True, users=users, roles=ROLES, **settings))
        self.security = "/_xpack/security" if self.fake.version < (7, 0) else "/_security"

    def by(self, user: str, method: str, target: str, body: Any = None, **headers: str) -> Reply:
        """A request of that user; ``{security}`` stands for the prefix of the security APIs."""
        headers.setdefault("authorization", basic(user, "changeme" if user == "elastic" else None))
        return self(method, target.replace("{security}", self.security), body, **headers)
