"""Reading a job's influencers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.stored import HOUR, START, fresh, store
from tests.support import Http


@pytest.fixture
def fake() -> Http:
    """Job "x" has three influencers, one of them interim."""
    fake = fresh()
    store(fake, *(made(hour, score) for hour, score in enumerate((70.0, 90.0, 20.0))))
    return fake


def made(hour: int, score: float) -> dict[str, Any]:
    return {
        "result_type": "influencer",
        "timestamp": START + hour * HOUR,
        "influencer_field_name": "foo",
        "influencer_field_value": f"v{hour}",
        "influencer_score": score,
        "bucket_span": 3600,
        "is_interim": hour == 2,
    }


def found(fake: Http, query: str = "", body: Any = None) -> list[float]:
    reply = fake.job("x", f"results/influencers{query}", body, method="POST" if body is not None else "GET")
    assert reply.status == 200, reply.body
    return [influencer["influencer_score"] for influencer in reply.body["influencers"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [90.0, 70.0, 20.0]),
        ("?desc=false", [20.0, 70.0, 90.0]),
        ("?exclude_interim=true", [90.0, 70.0]),
        ("?influencer_score=50", [90.0, 70.0]),
        ("?sort=timestamp&desc=false", [70.0, 90.0, 20.0]),
        (f"?start={START + HOUR}", [90.0, 20.0]),
        ("?from=1&size=1", [70.0]),
    ],
)
def test_which_influencers(fake: Http, query: str, expected: list[float]) -> None:
    assert found(fake, query) == expected


def test_a_body_in_place_of_parameters(fake: Http) -> None:
    assert found(fake, body={"page": {"size": 1}, "influencer_score": 80}) == [90.0]


def test_an_influencer(fake: Http) -> None:
    assert fake.job("x", "results/influencers?size=1", method="GET").body == {
        "count": 3,
        "influencers": [
            {
                "job_id": "x",
                "result_type": "influencer",
                "influencer_field_name": "foo",
                "influencer_field_value": "v1",
                "influencer_score": 90.0,
                "initial_influencer_score": 0.0,
                "probability": 0.0,
                "bucket_span": 3600,
                "is_interim": False,
                "timestamp": START + HOUR,
                "foo": "v1",
            }
        ],
    }


def test_bucket_influencers_are_no_influencers(fake: Http) -> None:
    store(fake, made(0, 99.0) | {"result_type": "bucket_influencer"})
    assert found(fake) == [90.0, 70.0, 20.0]
