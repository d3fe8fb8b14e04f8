"""Odd names at the place of each parameter of each path: no fault, whatever stands there."""

from __future__ import annotations

import json
from random import Random

import pytest

from fake_es.wire.endpoint import Endpoint
from tests.fuzz import AMOUNT, GIVEN
from tests.fuzz.answers import Bad, Faults, answered, watched
from tests.fuzz.bodies import BODIES
from tests.fuzz.requests import ELASTIC, USUAL, Sent, endpoints
from tests.fuzz.test_requests import RELEASES
from tests.fuzz.world import World

# As they stand in a path.
NAMES = (
    "*", "a*", "*a*", "_all", "_x", "_analyze*", "", ".", "..", "%2F", "a%2Fb", "%00", "%20", "a%20b", "A", "x" * 256,
    "%c3%a9" * 130, "%ed%a0%80", "%ff", "%25", "%2e%2e", "a,b", "a,,b", ",", "-a", "-*", "*,-*", "%3Ca%3E",
    "%3Cx-%7Bnow%2Fd%7D%3E", "%3Cx-%7Bnow%7Byyyy%7CZZZ%7D%7D%3E", "%3Cx-%7Bnow%2B99999999999y%7D%3E", "%3Cx-%7B%7D%3E", "a:b",
    "*:a", "%2A", "%3F", "%23", "null", "0", "-1", "9" * 400, "%d9%a3", "%c2%b2", "1e400", "_none", "a%0Ab", "+", ";", "~", "(",
    "%5B", "%7B", "%7C", "%22", "%5C", "_source", "_doc", "_mapping", "x" * 3000,
)  # fmt: skip


def target_of(endpoint: Endpoint, place: int, name: str) -> str:
    """The path with ``name`` at the segment ``place``, and usual names at the others."""
    parts = [USUAL.get(part, ("x",))[0] if part.startswith("{") else part for part in endpoint.route.template.split("/")]
    parts[place] = name
    return "/".join(parts)


def sent_to(endpoint: Endpoint, target: str) -> Sent:
    """A good request to that path."""
    body = BODIES.get(endpoint.operation.name, [b""])[0]
    raw = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    headers = {"content-type": "application/json", "authorization": ELASTIC}
    return Sent(endpoint.route.method, target, headers, b"" if endpoint.route.method in ("GET", "HEAD") else raw)


def places(endpoint: Endpoint) -> list[int]:
    return [at for at, part in enumerate(endpoint.route.template.split("/")) if part.startswith("{")]


def check(world: World, sent: Sent, faults: Faults) -> None:
    try:
        answered(world.fake.handle, sent, faults)
    except Bad as bad:
        raise AssertionError(f"{bad}, of {sent}") from bad


@pytest.mark.parametrize("release", RELEASES)
def test_some_odd_names_in_some_paths(release: str) -> None:
    source = Random(None if GIVEN else release)
    world = World(release, security=True)
    wanted = [endpoint for endpoint in endpoints(release, True) if places(endpoint)]
    with watched() as faults:
        for _ in range(AMOUNT // 2):
            endpoint = source.choice(wanted)
            check(world, sent_to(endpoint, target_of(endpoint, source.choice(places(endpoint)), source.choice(NAMES))), faults)


@pytest.mark.nightly
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("release", RELEASES)
def test_every_odd_name_at_every_place_of_every_path(release: str) -> None:
    with watched() as faults:
        for endpoint in endpoints(release, True):
            world = World(release, security=True)
            for place in places(endpoint):
                for name in NAMES:
                    check(world, sent_to(endpoint, target_of(endpoint, place, name)), faults)
