"""Laws of datafeeds: what they feed is what there is, each document once, whatever comes in between."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from fake_es import VirtualClock
from fake_es.search.system_search import SystemSearch
from tests.api.feeding import START, counts, datafeed, index, put, scene, stats
from tests.support import Http

MINUTE = 60_000
JOB: dict[str, Any] = {
    "analysis_config": {
        "bucket_span": "5m",
        "detectors": [{"function": "mean", "field_name": "value", "by_field_name": "host"}, {"function": "count"}],
        "influencers": ["host"],
    },
    "data_description": {"time_field": "time", "time_format": "epoch_ms"},
}
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# --- the same documents, posted and read

DOCUMENTS = st.lists(
    st.fixed_dictionaries(
        {"time": st.integers(0, 120).map(lambda at: START + at * MINUTE)},
        optional={"host": st.sampled_from("abc"), "value": st.integers(-50, 50).map(float)},
    ),
    min_size=1,
    max_size=60,
)


def results(fake: Http, job_id: str) -> list[dict[str, Any]]:
    """All buckets, records and influencers of a job, without what is its own."""
    found = fake.fake.cluster.part(SystemSearch).scan(".ml-anomalies-*", {"term": {"job_id": job_id}})
    sources = [document.source for document in found]
    kept = [source for source in sources if source.get("result_type") in ("bucket", "record", "influencer")]
    return [json.loads(text) for text in sorted(json.dumps(source, sort_keys=True).replace(job_id, "job") for source in kept)]


@QUICK
@given(found=DOCUMENTS, scroll_size=st.integers(1, 20), mode=st.sampled_from(["auto", "off", "manual"]))
def test_what_is_read_gives_the_results_of_what_is_posted(found: list[dict[str, Any]], scroll_size: int, mode: str) -> None:
    fake = scene("9.5", found)
    chunking = {"mode": mode} | ({"time_span": "10m"} if mode == "manual" else {})
    for job_id in ("posted", "read"):
        fake.put(job_id, JOB)
        fake.job(job_id, "_open")
    put(fake, {"job_id": "read", "indices": ["logs"], "scroll_size": scroll_size, "chunking_config": chunking})
    ordered = sorted(found, key=lambda source: source["time"])
    assert fake.job("posted", "_data", "\n".join(map(json.dumps, ordered))).status == 202
    fake.job("posted", "_flush?calc_interim=true")
    fake.job("posted", "_close")
    assert datafeed(fake, "_start?end=2018").status == 200
    assert fake.state("read") == "closed"
    assert results(fake, "read") == results(fake, "posted")
    read, posted = (fake.stats(job_id)["data_counts"] for job_id in ("read", "posted"))
    for name in ("processed_record_count", "processed_field_count", "missing_field_count", "bucket_count"):
        assert read[name] == posted[name]


# --- random lives


class DatafeedLife(RuleBasedStateMachine):
    """Documents come in, the datafeed and its job are started and stopped, time passes."""

    release = "9.5"

    def __init__(self) -> None:
        super().__init__()
        delays = {"open": "2s", "close": "3s", "start_datafeed": "1s", "stop_datafeed": "1s", "lookback": "4s"}
        self.http = scene(self.release, (), clock=VirtualClock(start=START), delays=delays)
        self.indexed = 0

    @property
    def now(self) -> int:
        return self.http.fake.clock.now()

    @initialize()
    def begin(self) -> None:
        self.http.put("x", JOB)
        config = {"job_id": "x", "indices": ["logs"], "query_delay": "60s", "frequency": "60s", "scroll_size": 2}
        assert put(self.http, config).status == 200
        self.http.job("x", "_open")
        for before in range(5, 0, -1):
            self.come_in(5, self.now - before * MINUTE)

    def come_in(self, number: int, time: int) -> None:
        index(self.http, [{"time": time, "host": "h", "value": 1.0} for _ in range(number)])
        self.indexed += number

    @rule(number=st.integers(1, 4), back=st.sampled_from([0, 0, 1, 30_000]))
    def documents_come_in(self, number: int, back: int) -> None:
        """Each later than its time by less than the query delay."""
        self.come_in(number, self.now - back)

    @rule(ends=st.booleans())
    def start(self, ends: bool) -> None:
        query = f"?end={self.now - MINUTE}" if ends else ""
        assert datafeed(self.http, f"_start{query}").status in (200, 409)

    @rule(force=st.booleans())
    def stop(self, force: bool) -> None:
        assert datafeed(self.http, f"_stop?force={str(force).lower()}").status == 200

    @rule()
    def close(self) -> None:
        assert self.http.job("x", "_close").status == 200

    @rule()
    def open(self) -> None:
        assert self.http.job("x", "_open").status in (200, 409)

    @rule(milliseconds=st.sampled_from([1_000, 5_000, 30_000, MINUTE, 5 * MINUTE]))
    def advance(self, milliseconds: int) -> None:
        self.http.fake.clock.advance(milliseconds / 1000)

    @rule()
    def a_bucket_begins(self) -> None:
        self.http.fake.clock.set(self.now - self.now % (5 * MINUTE) + 5 * MINUTE)
        self.come_in(1, self.now)
        self.http.fake.clock.advance("61s")

    @invariant()
    def nothing_is_read_twice(self) -> None:
        if "x" not in {job["job_id"] for job in self.http("GET", "{ml}/anomaly_detectors").body["jobs"]}:
            return
        found = counts(self.http)
        assert found["processed_record_count"] <= self.indexed
        assert found["out_of_order_timestamp_count"] == 0
        state = stats(self.http)["state"]
        assert state in ("stopped", "starting", "started", "stopping")

    def teardown(self) -> None:
        """At last everything is read: each document once, each in its bucket."""
        datafeed(self.http, "_stop")
        self.http.fake.clock.advance("1m")
        self.http.job("x", "_open")
        assert datafeed(self.http, "_start").status == 200
        self.http.fake.clock.advance("20m")
        assert counts(self.http)["processed_record_count"] == self.indexed
        assert self.finished() == self.indexed

    def finished(self) -> int:
        query = {"bool": {"filter": [{"term": {"result_type": "bucket"}}, {"term": {"is_interim": False}}]}}
        found = self.http.fake.cluster.part(SystemSearch).scan(".ml-anomalies-*", query)
        return sum(document.source["event_count"] for document in found)


TestDatafeedLife = DatafeedLife.TestCase
TestDatafeedLife.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


# --- nonsense

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**12) | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
_NAMES = (
    "job_id indices indexes query aggs aggregations script_fields scroll_size chunking_config query_delay frequency"
    " delayed_data_check_config max_empty_searches indices_options runtime_mappings datafeed_config job_config start end"
    " timeout force allow_no_match mode time_span types"
)
NAMES = st.sampled_from(_NAMES.split())
WORDS = st.sampled_from(["x", "logs", "1m", "-1", "0s", "auto", "manual", "now", "2017||/d", "*", "term", "date_histogram"])
NESTED = st.dictionaries(NAMES | st.just("f"), JUNK | WORDS | st.dictionaries(st.just("script"), JUNK | WORDS), max_size=2)
BODIES = st.dictionaries(NAMES, JUNK | WORDS | st.dictionaries(NAMES, JUNK | WORDS, max_size=3), max_size=4)


@pytest.mark.parametrize("release", ["5.4.0", "6.8", "9.5"])
def test_nonsense_is_refused_and_breaks_nothing(release: str) -> None:
    fake = scene(release, [{"time": START, "host": "h", "value": 1.0}])
    fake.put("x", JOB)
    fake.job("x", "_open")
    put(fake)

    @settings(max_examples=80, deadline=None)
    @given(body=BODIES | JUNK, action=st.sampled_from(["", "/_update", "/_start", "/_stop", "/_preview"]))
    def attempt(body: Any, action: str) -> None:
        target = f"{{ml}}/datafeeds/{'new' if not action else 'd'}{action}"
        reply = fake("POST" if action else "PUT", target, json.dumps(body))
        assert reply.status in (200, 400, 404, 405, 409, 501), (action, body, reply.body)
        fake("DELETE", "{ml}/datafeeds/new?force=true")
        datafeed(fake, "_stop?force=true")
        if fake.state("x") != "opened":
            fake.fake.clock.advance("1m")
            fake.job("x", "_open")

    attempt()


@settings(max_examples=60, deadline=None)
@given(part=st.dictionaries(NAMES, JUNK | WORDS | NESTED, max_size=3))
def test_nonsense_beside_what_is_right(part: dict[str, Any]) -> None:
    fake = scene("9.5", [{"time": START, "host": "h", "value": 1.0}])
    fake.put("x", JOB)
    reply = put(fake, {"job_id": "x", "indices": ["logs"], **part})
    assert reply.status in (200, 400, 404, 501), reply.body
    if reply.status == 200:
        fake.job("x", "_open")
        assert datafeed(fake, "_preview", method="GET").status in (200, 400, 404, 501)
        assert datafeed(fake, "_start").status in (200, 400, 404, 409, 501)
