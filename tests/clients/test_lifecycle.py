"""The close-job page, sentence by sentence, through every door with every client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from fake_es import FakeElasticsearch
from tests.clients.doors import WAYS, Door, Refusal
from tests.support import JOB

HOUR = 3600
RECORDS: list[dict[str, Any]] = [
    {"time": 1_403_481_600 + second, "airline": "AAL", "responsetime": 1.5} for second in (0, 100, HOUR, 2 * HOUR)
]


class Scene:
    """A fresh cluster and a door into it."""

    def __init__(self, fake: FakeElasticsearch, door: Door) -> None:
        self.fake = fake
        self.door = door

    def open_job(self, job_id: str = "x") -> None:
        self.door.put(job_id, JOB)
        assert self.door.call("open_job", job_id)["opened"] is True


@pytest.fixture(params=[pytest.param(way, id=name) for name, way in WAYS.items()])
def scene(request: pytest.FixtureRequest) -> Iterator[Scene]:
    """A client that has never spoken to us before, at the release it is made for."""
    way = request.param
    if way.missing():
        pytest.skip(f"{way.module} {way.major} is not installed here")
    fake = FakeElasticsearch(way.release)
    with way.opened(fake) as door:
        yield Scene(fake, door)


def refusal(call: Any, *arguments: Any, **parameters: Any) -> tuple[int, str]:
    with pytest.raises(Refusal) as refused:
        call(*arguments, **parameters)
    return refused.value.status, refused.value.kind


def test_a_job_lives_from_its_creation_to_its_deletion(scene: Scene) -> None:
    door = scene.door
    put = door.put("x", JOB)
    assert put["job_id"] == "x"
    assert door.call("get_jobs", "x") == {"count": 1, "jobs": [put]}
    assert door.update("x", description="changed")["description"] == "changed"
    assert door.call("open_job", "x")["opened"] is True
    assert door.state("x") == "opened"
    assert door.post_data("x", RECORDS)["processed_record_count"] == 4
    assert door.call("flush_job", "x", calc_interim=True)["flushed"] is True
    assert door.call("close_job", "x") == {"closed": True}
    assert door.state("x") == "closed"
    assert door.call("delete_job", "x") == {"acknowledged": True}
    assert refusal(door.call, "get_jobs", "x") == (404, "resource_not_found_exception")


def test_a_job_can_be_opened_and_closed_multiple_times(scene: Scene) -> None:
    scene.open_job()
    for cycle in (1, 2, 3):
        moved = [record | {"time": record["time"] + 4 * HOUR * cycle} for record in RECORDS]
        scene.door.post_data("x", moved)
        assert scene.door.call("close_job", "x") == {"closed": True}
        stats = scene.door.call("get_job_stats", "x")["jobs"][0]
        assert stats["data_counts"]["processed_record_count"] == 4 * cycle
        scene.door.call("open_job", "x")


def test_a_closed_job_takes_no_data_but_its_results_can_be_explored(scene: Scene) -> None:
    scene.open_job()
    scene.door.post_data("x", RECORDS)
    scene.door.call("close_job", "x")
    assert refusal(scene.door.post_data, "x", RECORDS) == (409, "status_exception")
    buckets = scene.door.call("get_buckets", "x")["buckets"]
    assert [bucket["event_count"] for bucket in buckets] == [2, 1]
    assert "node" not in scene.door.call("get_job_stats", "x")["jobs"][0]


def test_a_close_whose_timeout_passes_is_an_error_and_the_job_goes_on_closing(scene: Scene) -> None:
    scene.open_job()
    scene.fake.cluster.delays.change({"close": "4m"})
    status, kind = refusal(scene.door.call, "close_job", "x", timeout="1s")
    assert (status, kind) == (500, "illegal_state_exception")
    assert scene.door.state("x") == "closing"
    scene.fake.clock.advance("5m")
    assert scene.door.state("x") == "closed"


def test_a_close_of_four_minutes_takes_them_from_the_clock_alone(scene: Scene) -> None:
    scene.open_job()
    scene.fake.cluster.delays.change({"close": "4m"})
    before = scene.fake.clock.now()
    assert scene.door.call("close_job", "x") == {"closed": True}
    assert scene.fake.clock.now() - before == 4 * 60 * 1000


def test_a_failed_job_is_closed_by_force(scene: Scene) -> None:
    scene.open_job()
    scene.fake.handle("POST", "/_fake/jobs/x/_fail", {})
    assert scene.door.state("x") == "failed"
    if scene.fake.version >= (6, 1):
        assert refusal(scene.door.call, "close_job", "x") == (409, "status_exception")
    assert scene.door.call("close_job", "x", force=True) == {"closed": True}
    assert scene.door.state("x") == "closed"


def test_what_does_not_exist_cannot_be_closed(scene: Scene) -> None:
    assert refusal(scene.door.call, "close_job", "nope") == (404, "resource_not_found_exception")
