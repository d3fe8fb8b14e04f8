"""Bodies with one value of the wrong kind: each position of a good body gets each of the odd values."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.fuzz.bodies import JOB
from tests.fuzz.requests import ELASTIC, Sent
from tests.fuzz.subjects.base import DOC, MAPPINGS, Step, Subject
from tests.fuzz.subjects.learning import RICH, SUMMARY_JOB
from tests.fuzz.world import World

# As they stand in the text of a body: not all are values that ``json`` writes.
ODD = (
    "null", "true", "0", "-1", "1.5", "1e400", "-1e400", "1e308", "1e-300", "9223372036854775808", "9" * 500, "9" * 5000,
    '""', '"x"', r'"\ud800"', r'"\u0000"', '"1e400"', '"NaN"', '"-300%"', '"3<90% 5<x"', '"1_000"', r'"\u0663"', r'"\u00b2"',
    '"%s"' % ("9" * 500), '"1e-300"', '"9999999999999pb"', '"99999999999999d"', '"99999999d"', '"9999999-01-01"',
    '"now+99999999999y"', '"2016-13-45"', '"a,b"', '"*"', '"{{x}}"', '"("', "[]", "{}", "[[]]", "[null]", '["x"]', "[1,\"x\"]",
    '{"a":{}}', '{"":1}', '[{"a":1}]', '"' + "x" * 3000 + '"',
)  # fmt: skip
_MARK = "~here~"


def positions(tree: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Paths of all values in a tree, the whole first."""
    yield path
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield from positions(value, (*path, key))


def text_with(tree: Any, path: tuple[str | int, ...], odd: str) -> str:
    """The tree as JSON, with the text ``odd`` for the value at ``path``."""
    return json.dumps(_replaced(tree, path)).replace(f'"{_MARK}"', odd)


def _replaced(tree: Any, path: tuple[str | int, ...]) -> Any:
    if not path:
        return _MARK
    copied: Any = dict(tree) if isinstance(tree, dict) else list(tree)
    copied[path[0]] = _replaced(tree[path[0]], path[1:])
    return copied


def of_release(step: Step | Subject, version: tuple[int, ...]) -> tuple[str, str, Any]:
    """Method, path and body as that release has them."""
    method, target, body = step if len(step) == 3 else (step.method, step.target, step.body)
    typed, old = version >= (7, 0), version < (7, 0)
    target = target.replace("{doc}", "_doc" if typed else "doc").replace("{mapping}", "_mapping" if typed else "doc/_mapping")
    if "{update}" in target:
        target = target.replace("{update}/", "_update/") if typed else target.replace("{update}/1", "doc/1/_update")
    if isinstance(body, dict) and "{typed}" in body.get("mappings", {}):
        tree = body["mappings"]["{typed}"]
        body = {**body, "mappings": {"doc": tree} if old else tree}
    return method, target, body


class MistypedWorld(World):
    """A world with documents of every kind of field."""

    def __init__(self, release: str) -> None:
        super().__init__(release, security=True)
        version = self.fake.version
        self._ask("DELETE", "/logs")
        properties = dict(MAPPINGS["properties"])
        kept = {
            name: properties[name] for name in ("time", "value", "n", "host", "message", "ip", "flag", "place", "d", "objects")
        }
        mappings = {"properties": kept}
        self._ask("PUT", "/logs", {"mappings": mappings if version >= (7, 0) else {"doc": mappings}})
        for place in (1, 2, 3):
            _, target, body = of_release(("PUT", f"/logs/{{doc}}/{place}", {**DOC, "n": place}), version)
            self._ask("PUT", target, body)
        self._ask("PUT", "/_ingest/pipeline/other", {"processors": []})
        self._ask("PUT", "{ml}/anomaly_detectors/c", RICH)
        self._ask("POST", "{ml}/anomaly_detectors/c/_open")
        self._ask("PUT", "{ml}/anomaly_detectors/summed", SUMMARY_JOB)
        self._ask("PUT", "{ml}/anomaly_detectors/d", JOB)
        self._ask("PUT", "{ml}/datafeeds/feed-b", {"job_id": "b", "indices": ["logs"]})

    def made(self, step: Step | Subject, raw: bytes | None = None) -> Sent:
        """A request in the form of the release, with another body if one is given."""
        method, target, body = of_release(step, self.fake.version)
        if raw is None:
            raw = b"" if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        headers = {"content-type": "application/json", "authorization": ELASTIC}
        return Sent(method, target.replace("{ml}", self.prefix), headers, raw)
