"""No value of a wrong kind makes a fault, wherever in a body it stands: alone, or when what it made is used."""

from __future__ import annotations

import json
from random import Random

import pytest

from tests.fuzz import AMOUNT, GIVEN
from tests.fuzz.answers import Bad, Faults, answered, watched
from tests.fuzz.mistyped import ODD, MistypedWorld, of_release, positions, text_with
from tests.fuzz.subjects import subjects
from tests.fuzz.subjects.base import Subject
from tests.fuzz.test_requests import RELEASES

# A world that has taken so many odd bodies is replaced.
_WORN = 40


def ask_all(world: MistypedWorld, subject: Subject, odd: bytes, faults: Faults) -> bool:
    """Send a subject, and if it is taken what comes after it; answers whether it was."""
    sent = world.made(subject, odd)
    try:
        if answered(world.fake.handle, sent, faults).status >= 300:
            return False
        for step in subject.after:
            answered(world.fake.handle, world.made(step), faults)
    except Bad as bad:
        raise AssertionError(f"{bad}, of or after {sent}") from bad
    return True


@pytest.mark.parametrize("release", RELEASES)
def test_some_odd_values_in_some_bodies(release: str) -> None:
    source = Random(None if GIVEN else release)
    everything = subjects()
    world = MistypedWorld(release)
    taken = 0
    with watched() as faults:
        for _ in range(AMOUNT // 4):
            subject = source.choice(everything)
            body = of_release(subject, world.fake.version)[2]
            path, odd = source.choice(list(positions(body))), source.choice(ODD)
            taken += ask_all(world, subject, text_with(body, path, odd).encode(), faults)
            if taken >= _WORN:
                world, taken = MistypedWorld(release), 0


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("release", RELEASES)
def test_every_odd_value_at_every_place_of_every_body(release: str) -> None:
    """Some 100,000 requests for each release, and twice as many that follow them."""
    with watched() as faults:
        for subject in subjects():
            world, taken = MistypedWorld(release), 0
            body = of_release(subject, world.fake.version)[2]
            for path in positions(body):
                for odd in ODD:
                    taken += ask_all(world, subject, text_with(body, path, odd).encode(), faults)
                    if taken >= _WORN:
                        world, taken = MistypedWorld(release), 0


@pytest.mark.nightly
def test_the_good_bodies_are_good() -> None:
    """What is refused as it stands shows nothing of what lies behind its first check."""
    refused = {}
    for subject in subjects():
        world = MistypedWorld("9.5")
        answer = world.send(world.made(subject))
        if answer.status >= 400 and answer.status not in (404, 501):
            refused[subject.name] = json.loads(answer.body)
    assert len(refused) <= 20, list(refused)
