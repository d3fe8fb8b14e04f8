"""No request, however bad, makes a fault, hangs, or changes anything when it is refused."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fake_es.wire.render import Response
from tests.fuzz import AMOUNT, GIVEN
from tests.fuzz.answers import Bad, answered, watched
from tests.fuzz.requests import Sent, requests
from tests.fuzz.world import World

RELEASES = ("5.4.0", "6.8", "7.17", "8.19", "9.5")
AT_ONCE = 20


def may_change(sent: Sent, answer: Response) -> bool:
    """Whether a refusal is of those that leave something: a wait given up, whose end comes all the same; an index made for a
    document that does not fit.
    """
    waited = answer.status in (408, 500, 503) and "timeout" in sent.target
    return waited or b"mapper_parsing_exception" in answer.body or b"document_parsing_exception" in answer.body


@pytest.mark.parametrize("security", [False, True], ids=["open", "secured"])
@pytest.mark.parametrize("release", RELEASES)
def test_no_request_makes_a_fault_or_changes_what_it_may_not(release: str, security: bool) -> None:
    @settings(
        max_examples=max(AMOUNT // AT_ONCE // len(RELEASES) // 2, 3),
        deadline=None,
        database=None,
        derandomize=GIVEN is None,
        suppress_health_check=list(HealthCheck),
        # Making a batch smaller takes minutes; the request at fault is named anyway.
        phases=(Phase.generate,),
    )
    @given(st.lists(requests(release, security), min_size=AT_ONCE, max_size=AT_ONCE))
    def run(batch: list[Sent]) -> None:
        world = World(release, security)
        before = None
        for sent in batch:
            before = before or world.digest()
            now = world.now
            try:
                answer = answered(world.fake.handle, sent, faults)
            except Bad as bad:
                so_far = "\n".join(map(str, batch[: batch.index(sent) + 1]))
                raise AssertionError(f"{bad}\nrelease {release}, security {security}\n{so_far}") from None
            if answer.status < 400 or world.now != now or may_change(sent, answer):
                # What is due when time passes is nobody's doing.
                before = None
            elif sent.method not in ("GET", "HEAD"):
                assert world.digest() == before, (sent, answer)

    with watched() as faults:
        run()
