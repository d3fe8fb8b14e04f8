"""One row of the table: what a client sees before a release, and from it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

from fake_es.version import NEWEST_PATCH, Version, parse_version


class Field(Enum):
    """What is expected of a field whose value does not matter."""

    ABSENT = "is not there"
    PRESENT = "is there"


ABSENT, PRESENT = Field.ABSENT, Field.PRESENT


class Ask(NamedTuple):
    """A request: ``Ask("PUT {ml}/calendars/c", {...})``; ``{ml}`` is the prefix of the release.

    Where security is on, ``user`` is who asks: name and password with a colon between.
    """

    request: str
    body: Any = None
    headers: Mapping[str, str] = {}
    user: str = "elastic:changeme"

    @property
    def method(self) -> str:
        """GET, PUT, ..."""
        return self.request.partition(" ")[0]

    @property
    def target(self) -> str:
        """Path and query string."""
        return self.request.partition(" ")[2]


class Answer(NamedTuple):
    """What is expected of an answer.

    ``status`` is its HTTP status, ``says`` a part of the error's reason (or of a body that is plain text), ``type`` the error's
    type, ``warns`` a part of its ``Warning`` headers ("" for: it has none). ``has`` gives fields by their path (such as
    ``jobs.0.state``): the value, ``ABSENT`` or ``PRESENT``. A dot inside a name is written ``\\.``.
    """

    status: int = 200
    says: str = ""
    has: Mapping[str, Any] = {}
    type: str | None = None
    warns: str | None = None


# No route of that release takes the request.
NO_ROUTE = Answer(400, "No handler found for uri")
# The same where the path reads as a document's, ``/{index}/{type}/{id}``, as a short one below /_xpack/ml does up to 6.x.
NO_SUCH_INDEX = Answer(400, "Invalid index name [_xpack], must not start with '_'.")


def unknown_parameter(name: str) -> Answer:
    """A query parameter that the release does not have."""
    return Answer(400, f"contains unrecognized parameter: [{name}]")


@dataclass(frozen=True)
class Change:
    """A change: ``given`` requests that succeed, then one request whose answer differs from ``release`` on.

    :param name: short and unique, for the name of the test: ``forecast api``.
    :param release: first release that answers as ``after``, such as ``7.10.0``; several where the change came to several lines
        of patches: ``("8.19.10", "9.2.4", "9.3.0")``.
    :param source: pull requests in elastic/elasticsearch as ``#62827``; ``x-pack #2300``, ``ml-cpp #950``, the name of a class
        of the server, or "release notes".
    :param area: what it belongs to on the page: jobs, datafeeds, results, model snapshots, forecasts, calendars, filters, info,
        security, documents, wire, cluster.
    :param says: one sentence for the page: what a client sees. Code in backticks.
    :param given: requests made before, each of which must succeed (at both sides).
    :param ask: the request.
    :param before: the answer of the release before.
    :param after: the answer from the release on; checked at the newest release too, or at the last before ``until``.
    :param until: release from which the answer is another one again (another row tells which).
    :param settings: keyword arguments of ``FakeElasticsearch``.
    """

    name: str
    release: str | tuple[str, ...]
    source: str
    area: str
    says: str
    ask: Ask
    before: Answer
    after: Answer
    given: tuple[Ask, ...] = ()
    until: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def releases(self) -> tuple[Version, ...]:
        """First releases with the change, ascending."""
        named = (self.release,) if isinstance(self.release, str) else self.release
        return tuple(sorted(parse_version(release) for release in named))

    @property
    def cases(self) -> list[tuple[Version, Answer]]:
        """The releases at which it is tried, with the answer of each: both sides of each release, and the last."""
        cases: dict[Version, Answer] = {}
        for release in self.releases:
            cases[release] = self.after
            last = _before(release)
            # The line before may have got the change in a patch.
            if not any(last[:2] == other[:2] and last >= other for other in self.releases):
                cases[last] = self.before
        cases[_before(parse_version(self.until)) if self.until else parse_version(None)] = self.after
        return sorted(cases.items())


def _before(release: Version) -> Version:
    """The release before: the patch before, or the newest patch of the minor release before."""
    if release.patch:
        return Version(release.major, release.minor, release.patch - 1)
    line = max(line for line in NEWEST_PATCH if line < release[:2])
    return Version(*line, NEWEST_PATCH[line])


def value_at(body: Any, path: str) -> Any:
    """The value of a field by its path, ABSENT where there is none."""
    for name in path.replace("\\.", "\0").split("."):
        name = name.replace("\0", ".")
        if isinstance(body, list) and name.isdigit() and int(name) < len(body):
            body = body[int(name)]
        elif isinstance(body, dict) and name in body:
            body = body[name]
        else:
            return ABSENT
    return body
