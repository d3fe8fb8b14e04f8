"""Settings, health, state, nodes and tasks of the cluster."""

from __future__ import annotations

import re
from typing import Any

import pytest

from fake_es import FakeElasticsearch
from fake_es.cluster_api.tasks import STORED, Tasks
from fake_es.cluster_settings import ClusterSettings
from fake_es.indices.system_indices import SystemIndices
from fake_es.ml.persistence.cluster_state import MlMetadata
from tests.spec.answering import Checked
from tests.spec.validator import needs_specification
from tests.support import RELEASES, Http, http

SETTINGS = "/_cluster/settings"


def put(fake: Http, settings: dict[str, Any], scope: str = "persistent") -> Any:
    return fake("PUT", SETTINGS, {scope: settings})


@pytest.mark.parametrize("release", RELEASES)
def test_settings_are_kept_and_shown_as_objects_or_flat(release: str) -> None:
    fake = http(release)
    given = {"indices.recovery": {"max_bytes_per_sec": "1gb"}, "cluster.info.update.interval": "4m", "logger.a.b": "DEBUG"}
    nested = {
        "cluster": {"info": {"update": {"interval": "4m"}}},
        "indices": {"recovery": {"max_bytes_per_sec": "1gb"}},
        "logger": {"a": {"b": "DEBUG"}},
    }
    assert put(fake, given).body == {"acknowledged": True, "persistent": nested, "transient": {}}
    assert fake("GET", SETTINGS).body == {"persistent": nested, "transient": {}}
    flat = fake("GET", SETTINGS + "?flat_settings=true").body["persistent"]
    assert flat["indices.recovery.max_bytes_per_sec"] == "1gb"
    assert fake.fake.cluster.part(ClusterSettings).get("indices.recovery.max_bytes_per_sec") == 1 << 30


def test_transient_settings_go_before_persistent_ones_and_both_before_defaults() -> None:
    fake = http()
    settings, key = fake.fake.cluster.part(ClusterSettings), "xpack.ml.max_lazy_ml_nodes"
    assert settings.get(key) == 0
    put(fake, {key: 1})
    reply = put(fake, {key: 2}, "transient")
    assert settings.get(key) == 2
    # A warning of 7.16 was taken back before the release (PR 80558).
    assert "warning" not in reply.headers
    put(fake, {"xpack.ml.*": None}, "transient")
    assert settings.get(key) == 1
    assert key not in fake("GET", SETTINGS + "?include_defaults=true&flat_settings=true").body["defaults"]
    put(fake, {key: None})
    assert fake("GET", SETTINGS).body == {"persistent": {}, "transient": {}}


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("no.such", 1, "persistent setting [no.such], not recognized"),
        ("no.such", None, "persistent setting [no.such], not recognized"),
        ("cluster.name", "x", "persistent setting [cluster.name], not dynamically updateable"),
        ("xpack.ml.max_open_jobs", 0, "Failed to parse value [0] for setting [xpack.ml.max_open_jobs] must be >= 1"),
        ("xpack.ml.max_open_jobs", 513, "Failed to parse value [513] for setting [xpack.ml.max_open_jobs] must be <= 512"),
        ("xpack.ml.max_open_jobs", "x", "Failed to parse value [x] for setting [xpack.ml.max_open_jobs]"),
        ("cluster.blocks.read_only", "yes", "Failed to parse value [yes] as only [true] or [false] are allowed."),
    ],
)
def test_a_bad_setting_is_refused_and_changes_nothing(key: str, value: Any, reason: str) -> None:
    fake = http()
    reply = put(fake, {"xpack.ml.max_lazy_ml_nodes": 3, key: value})
    assert (reply.status, reply.type, reply.reason) == (400, "illegal_argument_exception", reason)
    assert fake("GET", SETTINGS).body["persistent"] == {}


def test_settings_come_and_change_with_the_releases() -> None:
    key = "xpack.ml.max_open_jobs"
    assert put(http("7.1"), {key: 30}).reason == f"persistent setting [{key}], not dynamically updateable"
    assert put(http("7.2"), {key: 30}).status == 200
    assert put(http("7.8"), {"xpack.ml.persist_results_max_retries": 1}).status == 400


@pytest.mark.parametrize("body", [{}, {"persistent": {}}, "[]", "{", '{"other":{}}', '{"persistent":3}'])
def test_a_body_that_changes_nothing(body: Any) -> None:
    reply = http()("PUT", SETTINGS, body)
    assert reply.status == 400


def test_health_counts_shards_and_an_unassigned_replica_is_yellow() -> None:
    fake = http()
    assert fake("GET", "/_cluster/health").body["status"] == "green"
    indices = fake.fake.cluster.part(SystemIndices)
    indices.create("bare", settings={"number_of_replicas": 0})
    indices.create("usual")
    indices.create("expanding", settings={"auto_expand_replicas": "0-1"})
    report = fake("GET", "/_cluster/health?level=indices").body
    assert {name: index["status"] for name, index in report["indices"].items()} == {
        "bare": "green", "expanding": "green", "usual": "yellow",
    }  # fmt: skip
    assert (report["status"], report["active_shards"], report["unassigned_shards"]) == ("yellow", 3, 1)
    assert fake("GET", "/_cluster/health/b*").body["status"] == "green"


@pytest.mark.parametrize("condition", ["wait_for_status=green", "wait_for_nodes=%3E%3D2", "wait_for_active_shards=3"])
def test_a_wait_that_is_in_vain_is_408_with_the_report(condition: str) -> None:
    fake = http()
    fake.fake.cluster.part(SystemIndices).create("usual")
    before = fake.fake.clock.now()
    reply = fake("GET", f"/_cluster/health?{condition}&timeout=7s")
    assert (reply.status, reply.body["timed_out"], reply.body["status"]) == (408, True, "yellow")
    assert fake.fake.clock.now() - before == 7000


@pytest.mark.parametrize("condition", ["wait_for_status=YELLOW", "wait_for_nodes=ge(1)", "wait_for_nodes=1"])
def test_a_wait_that_is_over_at_once(condition: str) -> None:
    reply = http()("GET", f"/_cluster/health?{condition}&wait_for_events=languid")
    assert (reply.status, reply.body["timed_out"]) == (200, False)


def test_health_of_an_index_that_is_not_there_is_red_when_the_time_is_up() -> None:
    reply = http()("GET", "/_cluster/health/nowhere?timeout=1s")
    assert (reply.status, reply.body["status"]) == (408, "red")


@pytest.mark.parametrize("query", ["wait_for_status=blue", "wait_for_nodes=many", "level=deep", "wait_for_events=soon"])
def test_health_refuses_what_it_does_not_understand(query: str) -> None:
    assert http()("GET", f"/_cluster/health?{query}").status == 400


@pytest.mark.parametrize("release", RELEASES)
def test_an_open_job_has_a_persistent_task_in_the_state(release: str) -> None:
    fake = http(release)
    fake.put("web")
    path = "/_cluster/state/metadata?filter_path=metadata.persistent_tasks"
    assert fake("GET", path).body == {}
    fake.job("web", "_open")
    [task] = fake("GET", path).body["metadata"]["persistent_tasks"]["tasks"]
    assert task["id"] == "job-web"
    assert task["assignment"] == {"executor_node": fake("GET", "/_cluster/state").body["master_node"], "explanation": ""}
    work = task["task"]["xpack/ml/job"]
    assert work["params"]["job_id"] == "web"
    assert work["state" if fake.fake.version >= (6, 3) else "status"] == {"state": "opened", "allocation_id": 1}
    fake.job("web", "_close")
    assert fake("GET", path).body["metadata"]["persistent_tasks"]["tasks"] == []


def test_configurations_stand_in_the_state_up_to_6_5() -> None:
    shown = {}
    for release in ("5.4.0", "6.5", "6.6", "7.17", "8.19"):
        fake = http(release)
        fake.put("web")
        shown[release] = fake("GET", "/_cluster/state?filter_path=metadata.ml.jobs.job_id").body
    with_job = {"metadata": {"ml": {"jobs": [{"job_id": "web"}]}}}
    assert shown == {"5.4.0": with_job, "6.5": with_job, "6.6": {}, "7.17": {}, "8.19": {}}


def test_the_state_by_metric_and_index() -> None:
    fake = http()
    for name in ("one", "two"):
        fake.fake.cluster.part(SystemIndices).create(name, mappings={"properties": {"a": {"type": "long"}}})
    named = fake("GET", "/_cluster/state/master_node,nodes,nonsense").body
    assert named.keys() == {"cluster_name", "cluster_uuid", "master_node", "nodes"}
    state = fake("GET", "/_cluster/state/metadata,routing_table/on*").body
    assert list(state["metadata"]["indices"]) == list(state["routing_table"]["indices"]) == ["one"]
    assert state["metadata"]["indices"]["one"]["mappings"] == {"_doc": {"properties": {"a": {"type": "long"}}}}
    assert fake("GET", "/_cluster/state/metadata/three").type == "index_not_found_exception"
    assert fake("GET", "/_cluster/state/metadata/three?ignore_unavailable=true").status == 200


def test_the_version_of_the_state_grows_when_it_changes() -> None:
    fake = http()
    first, again = (fake("GET", "/_cluster/state/version").body for _ in range(2))
    assert first == again
    put(fake, {"logger.a": "debug"})
    changed = fake("GET", "/_cluster/state/version").body
    assert changed["version"] == first["version"] + 1
    assert changed["state_uuid"] != first["state_uuid"]


@pytest.mark.parametrize("release", RELEASES)
def test_the_node(release: str) -> None:
    fake = http(release)
    body = fake("GET", "/_nodes").body
    [(node_id, node)] = body["nodes"].items()
    assert (body["_nodes"]["total"], node["name"], node["version"]) == (1, "node-1", str(fake.fake.version))
    assert ("ml" in node["roles"]) == (fake.fake.version >= (7, 3))
    assert ("ml.enabled" in node["attributes"]) == ((6, 0) <= fake.fake.version < (7, 0))
    assert ("x-pack" in [plugin["name"] for plugin in node["plugins"]]) == (fake.fake.version < (6, 3))
    assert fake("GET", f"/_nodes/{node_id}/os,jvm").body["nodes"][node_id].keys() >= {"os", "jvm"}
    assert "plugins" not in fake("GET", "/_nodes/os").body["nodes"][node_id]
    assert fake("GET", "/_nodes/stats/ingest,os").body["nodes"][node_id]["ingest"]["total"]["count"] == 0


@pytest.mark.parametrize(
    ("chosen", "found"),
    [("_local", 1), ("node-*", 1), ("127.0.0.1", 1), ("ml:true", 1), ("ml:false", 0), ("_all,data:false", 0), ("other", 0),
     ("xpack.installed:t*", 1)],
)  # fmt: skip
def test_nodes_by_filter(chosen: str, found: int) -> None:
    assert len(http()("GET", f"/_nodes/{chosen}/os").body["nodes"]) == found


def test_an_unknown_metric_of_node_statistics() -> None:
    reply = http()("GET", "/_nodes/stats/ingst")
    reason = "request [/_nodes/stats/ingst] contains unrecognized metric: [ingst] -> did you mean [ingest]?"
    assert (reply.status, reply.reason) == (400, reason)


def job_tasks(fake: Http, query: str = "") -> list[dict[str, Any]]:
    found = fake("GET", f"/_tasks?group_by=none&actions=xpack/ml/job*{query}").body["tasks"]
    return list(found)


def test_tasks_of_open_jobs_are_listed_and_can_be_cancelled() -> None:
    fake = http()
    fake.put("web")
    fake.job("web", "_open")
    [task] = job_tasks(fake, "&detailed")
    assert (task["action"], task["description"], task["type"]) == ("xpack/ml/job[c]", "job-web", "persistent")
    assert task["cancellable"] is True
    assert "description" not in job_tasks(fake)[0]
    cancelled = fake("POST", f"/_tasks/{task['node']}:{task['id']}/_cancel")
    assert cancelled.status == 200
    assert fake.state("web") == "closed"
    assert job_tasks(fake) == []


def test_in_upgrade_mode_no_node_carries_out_the_tasks_of_jobs() -> None:
    fake = http()
    fake.put("web")
    fake.job("web", "_open")
    fake.fake.cluster.part(MlMetadata).upgrade_mode = True
    why = "persistent task cannot be assigned while upgrade mode is enabled."
    assert fake("GET", "/_tasks?actions=xpack/ml/job*,xpack/ml/datafeed*").body == {"nodes": {}}
    [task] = fake("GET", "/_cluster/state").body["metadata"]["persistent_tasks"]["tasks"]
    assert task["assignment"] == {"executor_node": None, "explanation": why}
    stats = fake.stats("web")
    assert (stats["state"], stats["assignment_explanation"], "node" in stats) == ("opened", why, False)


def test_a_deletion_in_the_background_is_a_task_to_ask_for() -> None:
    fake = http()
    fake.put("web")
    task = fake("DELETE", "{ml}/anomaly_detectors/web?wait_for_completion=false").body["task"]
    running = fake("GET", f"/_tasks/{task}").body
    assert (running["completed"], running["task"]["description"]) == (False, "delete-job-web")
    ended = fake("GET", f"/_tasks/{task}?wait_for_completion=true").body
    assert (ended["completed"], ended["response"]) == (True, {"acknowledged": True})
    assert fake.job("web", method="GET").status == 404
    assert fake("GET", f"/_tasks/{task}").body["completed"] is True


def test_a_deletion_that_was_waited_for_stores_no_outcome() -> None:
    fake = http()
    fake.put("web")
    assert fake.job("web", method="DELETE").body == {"acknowledged": True}
    hits = fake("GET", "/.ml-notifications*/_search").body["hits"]["hits"]
    [task] = re.findall(r"Deleting job by task with id '(.*?)'", str(hits))
    assert fake("GET", f"/_tasks/{task}").reason == f"task [{task}] isn't running and hasn't stored its results"


def test_a_task_that_stores_no_outcome_can_be_waited_for() -> None:
    fake = http()
    task = fake.fake.cluster.part(Tasks).start("cluster:admin/something", "long", fake.fake.clock.now())
    fake.fake.cluster.timetable.plan(fake.fake.clock.now() + 1000, lambda cluster, at: cluster.part(Tasks).finish(task, {}))
    task_id = fake.fake.cluster.part(Tasks).id_of(task)
    shown = fake("GET", f"/_tasks/{task_id}?wait_for_completion=true").body
    assert (list(shown), shown["completed"]) == (["completed", "task"], True)
    assert fake("GET", f"/_tasks/{task_id}").status == 404


def test_outcomes_of_the_latest_tasks_are_kept() -> None:
    fake = http()
    fake.put("web")
    tasks = []
    for _ in range(STORED + 1):
        tasks.append(fake.job("web", "_reset?wait_for_completion=false").body["task"])
        fake.fake.clock.advance("1m")
    assert fake("GET", f"/_tasks/{tasks[0]}").reason == f"task [{tasks[0]}] isn't running and hasn't stored its results"
    assert all(fake("GET", f"/_tasks/{task}").body["completed"] for task in tasks[1:])


def test_waiting_for_a_task_has_an_end() -> None:
    fake = http(delays={"delete": "1h"})
    fake.put("web")
    task = fake("DELETE", "{ml}/anomaly_detectors/web?wait_for_completion=false").body["task"]
    reply = fake("GET", f"/_tasks/{task}?wait_for_completion=true&timeout=5s")
    assert (reply.status, reply.type) == (429, "timeout_exception")
    listed = fake("GET", "/_tasks?actions=*job/delete&wait_for_completion=true&timeout=5s")
    assert listed.status == 200
    assert listed.body["node_failures"][0]["caused_by"]["type"] == "timeout_exception"


@pytest.mark.parametrize(
    ("task", "status", "reason"),
    [
        ("abc", 400, "malformed task id abc"),
        ("a:b", 400, "malformed task id a:b"),
        ("other:1", 404, "task [other:1] belongs to the node [other] which isn't part of the cluster"
                         " and there is no record of the task"),
        ("{node}:999", 404, "task [{node}:999] isn't running and hasn't stored its results"),
    ],
)  # fmt: skip
def test_tasks_that_are_not_there(task: str, status: int, reason: str) -> None:
    fake = http()
    node = fake("GET", "/_cluster/state").body["master_node"]
    reply = fake("GET", "/_tasks/" + task.replace("{node}", node))
    assert (reply.status, reply.reason) == (status, reason.replace("{node}", node))


def test_tasks_in_groups() -> None:
    fake = http()
    [parent] = fake("GET", "/_tasks?group_by=parents").body["tasks"].values()
    assert [child["action"] for child in parent["children"]] == ["cluster:monitor/tasks/lists[n]"]
    assert fake("GET", "/_tasks?actions=nothing").body == {"nodes": {}}
    assert fake("GET", "/_tasks?nodes=elsewhere").body == {"nodes": {}}
    assert fake("GET", "/_tasks?group_by=colour").reason == (
        "[group_by] must be one of [nodes], [parents] or [none] but was [colour]"
    )


def test_a_task_that_cannot_be_cancelled_is_the_failure_of_its_node() -> None:
    fake = http()
    tasks = fake.fake.cluster.part(Tasks)
    task = tasks.id_of(tasks.start("cluster:admin/something", "long", fake.fake.clock.now()))
    reply = fake("POST", f"/_tasks/{task}/_cancel")
    assert (reply.status, reply.body["nodes"]) == (200, {})
    assert reply.body["node_failures"][0]["caused_by"]["reason"] == f"task [{task}] doesn't support cancellation"


def test_the_health_report_came_with_8_7() -> None:
    assert http("8.6")("GET", "/_health_report").status >= 400
    fake = http("8.7")
    fake.fake.cluster.part(SystemIndices).create("usual")
    report = fake("GET", "/_health_report").body
    assert (report["status"], report["indicators"]["shards_availability"]["status"]) == ("yellow", "yellow")
    assert list(fake("GET", "/_health_report/disk").body["indicators"]) == ["disk"]
    assert fake("GET", "/_health_report/weather").status == 404


@needs_specification
def test_the_answers_are_as_specified() -> None:
    fake = Checked(FakeElasticsearch("9.5"))
    fake.fake.cluster.part(SystemIndices).create("usual")
    put(fake, {"xpack.ml.max_lazy_ml_nodes": 1})
    for path in (
        SETTINGS + "?include_defaults=true", "/_cluster/health?level=shards", "/_cluster/state", "/_tasks", "/_features",
    ):  # fmt: skip
        assert fake("GET", path).status == 200
    assert len(fake.seen) == 6
