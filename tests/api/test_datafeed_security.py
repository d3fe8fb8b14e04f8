"""Whose rights a datafeed has: those of whoever made or changed it last."""

from __future__ import annotations

from typing import Any

import pytest

from fake_es import VirtualClock
from tests.api.feeding import HOUR, JOB, QUIET, START, documents, index, said
from tests.api.secured import Secured, basic

BODY = {"job_id": "x", "indices": ["logs"]}


def secured(release: str = "9.5", *, reads: list[str] | None = None) -> Secured:
    """Documents, a job, and a user ``feeder`` with all of ML and the right to read some indices."""
    fake = Secured(release, delays=QUIET, clock=VirtualClock(start=START + 48 * HOUR))
    index(fake, documents(12))
    role = {"cluster": ["manage_ml"], "indices": [{"names": reads or ["logs"], "privileges": ["read"]}]}
    assert fake.by("elastic", "PUT", "{security}/role/feeder", role).status == 200
    user = {"password": "secret-feeder", "roles": ["feeder"]}
    assert fake.by("elastic", "PUT", "{security}/user/feeder", user).status == 200
    assert fake.by("elastic", "PUT", "{ml}/anomaly_detectors/x", JOB).status == 200
    return fake


def put(fake: Secured, user: str, body: dict[str, Any] | None = None) -> Any:
    return fake.by(user, "PUT", "{ml}/datafeeds/d", body or BODY)


@pytest.mark.parametrize(
    ("release", "to_be"), [("5.6", " to be searched"), ("6.2", " to be searched"), ("6.8", ""), ("9.5", "")]
)
def test_a_datafeed_is_only_made_over_what_its_maker_may_search(release: str, to_be: str) -> None:
    fake = secured(release)
    reply = put(fake, "manage_ml")
    assert (reply.status, reply.type) == (403, "security_exception")
    assert reply.reason == (
        f"Cannot create datafeed [d] because user manage_ml lacks permissions on the indices{to_be}:"
        ' {"logs":{"indices:data/read/search":false}}'
    )
    assert put(fake, "feeder").status == 200


def test_every_index_is_listed_and_remote_ones_are_not_looked_at() -> None:
    reply = put(secured(), "feeder", BODY | {"indices": ["logs", "other", "far:away"]})
    shown = '{"logs":{"indices:data/read/search":true},"other":{"indices:data/read/search":false}}'
    assert reply.reason.endswith(f"lacks permissions on the indices: {shown}")


@pytest.mark.parametrize("release", ["6.8", "9.5"])
@pytest.mark.parametrize("index", ["<other-{now/d{yyyy.MM.dd|+00:00}}>", "logs,other", "logs*,other", "other*,other"])
def test_a_datafeed_reads_no_index_by_another_spelling(release: str, index: str) -> None:
    fake = secured(release, reads=["logs*"])
    for name in ("other", "%3Cother-%7Bnow%2Fd%7D%3E"):
        assert fake.by("elastic", "PUT", f"/{name}/{'doc' if release < '7' else '_doc'}/1", {"time": START}).status == 201
    made = put(fake, "feeder", BODY | {"indices": [index]})
    if made.status == 200:
        assert fake.by("feeder", "GET", "{ml}/datafeeds/d/_preview").status == 403
        fake.by("elastic", "POST", "{ml}/anomaly_detectors/x/_open")
        assert fake.by("feeder", "POST", "{ml}/datafeeds/d/_start").status == 403
    else:
        assert made.status == 403


def test_who_may_not_read_is_told_before_the_job_is_looked_for() -> None:
    assert put(secured(), "manage_ml", BODY | {"job_id": "nope"}).status == 403


@pytest.mark.parametrize(("release", "there"), [("8.3", False), ("8.4", True), ("9.5", True)])
def test_a_configuration_shows_whose_rights_it_has_from_8_4(release: str, there: bool) -> None:
    fake = secured(release)
    shown = put(fake, "feeder").body
    assert shown.get("authorization") == ({"roles": ["feeder"]} if there else None)
    updated = fake.by("elastic", "POST", "{ml}/datafeeds/d/_update", {"scroll_size": 5}).body
    assert updated.get("authorization") == ({"roles": ["superuser"]} if there else None)
    exported = fake.by("elastic", "GET", "{ml}/datafeeds/d?exclude_generated=true").body["datafeeds"][0]
    assert "authorization" not in exported


def test_a_preview_has_the_rights_of_the_caller() -> None:
    fake = secured()
    put(fake, "feeder")
    assert len(fake.by("feeder", "GET", "{ml}/datafeeds/d/_preview").body) == 12
    reply = fake.by("manage_ml", "GET", "{ml}/datafeeds/d/_preview")
    assert (reply.status, reply.type) == (403, "security_exception")
    assert reply.reason.startswith(
        "action [indices:data/read/field_caps] is unauthorized for user [manage_ml] with effective roles [manage_ml]"
        " on indices [logs]"
    )


def test_a_run_has_the_rights_of_the_last_who_changed_it() -> None:
    fake = secured()
    put(fake, "feeder")
    fake.by("elastic", "POST", "{ml}/anomaly_detectors/x/_open")
    assert fake.by("manage_ml", "POST", f"{{ml}}/datafeeds/d/_start?end={START + HOUR}").status == 200
    counts = fake.by("elastic", "GET", "{ml}/anomaly_detectors/x/_stats").body["jobs"][0]["data_counts"]
    assert counts["processed_record_count"] == 6
    fake.by("manage_ml", "POST", "{ml}/datafeeds/d/_update", {"scroll_size": 5})
    fake.by("elastic", "POST", "{ml}/anomaly_detectors/x/_open")
    assert fake.by("elastic", "POST", "{ml}/datafeeds/d/_start").status == 403


def test_rights_that_are_lost_while_it_runs_are_told() -> None:
    fake = secured()
    put(fake, "feeder")
    fake.by("elastic", "POST", "{ml}/anomaly_detectors/x/_open")
    assert fake.by("feeder", "POST", "{ml}/datafeeds/d/_start").status == 200
    fake.by("elastic", "PUT", "{security}/role/feeder", {"cluster": ["manage_ml"]})
    fake.fake.clock.advance("1h")
    told = [message for message in said(fake) if "errors extracting data: action [indices:data/read/search] is" in message]
    assert len(told) == 1
    assert fake.by("elastic", "GET", "{ml}/datafeeds/d/_stats").body["datafeeds"][0]["state"] == "started"
    role = {"cluster": ["manage_ml"], "indices": [{"names": ["logs"], "privileges": ["read"]}]}
    fake.by("elastic", "PUT", "{security}/role/feeder", role)
    index(fake, documents(3, start=fake.fake.clock.now()))
    fake.fake.clock.advance("2h")
    counts = fake.by("elastic", "GET", "{ml}/anomaly_detectors/x/_stats").body["jobs"][0]["data_counts"]
    assert counts["processed_record_count"] == 15


def test_patterns_mean_what_may_be_seen() -> None:
    fake = secured(reads=["logs*"])
    index(fake, documents(5), "logs-2")
    put(fake, "feeder", BODY | {"indices": ["logs*"]})
    fake.by("elastic", "PUT", "{security}/role/feeder",
            {"cluster": ["manage_ml"], "indices": [{"names": ["logs-2"], "privileges": ["read"]}]})  # fmt: skip
    assert len(fake.by("feeder", "GET", "{ml}/datafeeds/d/_preview").body) == 5


def test_what_monitors_may_do() -> None:
    fake = secured()
    put(fake, "feeder")
    assert fake.by("monitor_ml", "GET", "{ml}/datafeeds/d").status == 200
    assert fake.by("monitor_ml", "GET", "{ml}/datafeeds/d/_stats").status == 200
    for method, action in (("POST", "/_start"), ("POST", "/_stop"), ("DELETE", ""), ("GET", "/_preview")):
        assert fake.by("monitor_ml", method, f"{{ml}}/datafeeds/d{action}").status == 403


def test_a_second_user_may_be_named_whose_rights_count() -> None:
    fake = secured()
    second = {"es_secondary_authorization": basic("feeder")}
    reply = fake.by("manage_ml", "PUT", "{ml}/datafeeds/d", BODY, **second)
    assert reply.status == 200
    assert reply.body["authorization"] == {"roles": ["feeder"]}
    assert fake.by("manage_ml", "GET", "{ml}/datafeeds/d/_preview").status == 403
    assert fake.by("manage_ml", "GET", "{ml}/datafeeds/d/_preview", **second).status == 200


def test_a_key_shows_as_a_key_and_searches_as_one() -> None:
    fake = secured()
    made = fake.by("elastic", "PUT", "{security}/api_key", {"name": "for feeding"}).body
    key = {"authorization": f"ApiKey {made['encoded']}"}
    reply = fake("PUT", "{ml}/datafeeds/d", BODY, **key)
    assert reply.body["authorization"] == {"api_key": {"id": made["id"], "name": "for feeding"}}
    assert len(fake("GET", "{ml}/datafeeds/d/_preview", **key).body) == 12
