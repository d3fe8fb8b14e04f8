"""Tables of ``_cat``: columns, sorting, units, forms."""

from __future__ import annotations

from typing import Any

import pytest

from fake_es import FakeElasticsearch
from fake_es.indices.system_indices import SystemIndices
from tests.spec.answering import Checked
from tests.spec.validator import endpoints, needs_specification
from tests.support import RELEASES, Http, http


def stocked(version: str | None = None) -> Http:
    """An emulator with three indices, an alias and a few documents."""
    fake = http(version)
    indices = fake.fake.cluster.part(SystemIndices)
    indices.create("apples", settings={"number_of_shards": 1, "number_of_replicas": 0}, aliases={"fruit": {}})
    indices.create("pears", settings={"number_of_shards": 2}, aliases={"fruit": {"filter": {"term": {"a": 1}}}})
    indices.create("plums", settings={"number_of_shards": 1, "number_of_replicas": 0})
    for number in range(12):
        indices.put("plums", str(number), {"a": number})
    indices.put("apples", "1", {"a": 1})
    return fake


def lines(fake: Http, path: str) -> list[str]:
    """Lines of a table."""
    return str(fake("GET", path).body).splitlines()


@pytest.mark.parametrize("release", RELEASES)
def test_a_table_is_text_padded_to_its_widest_cells(release: str) -> None:
    fake = stocked(release)
    reply = fake("GET", "/_cat/indices?v&h=index,docs.count,status&s=index")
    assert reply.headers["content-type"] == "text/plain; charset=UTF-8"
    assert reply.body == (
        "index  docs.count status\n"
        "apples          1 open\n"
        "pears           0 open\n"
        "plums          12 open\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("h=i,dc&s=dc:desc", ["plums  12", "apples  1", "pears   0"]),
        ("h=i,dc&s=docs.count", ["pears   0", "apples  1", "plums  12"]),
        ("h=index&s=health:desc,index:desc", ["pears", "plums", "apples"]),
        ("h=dc,nonsense,i&s=i", [" 1 apples", " 0 pears", "12 plums"]),
        ("h=docs.*&s=i&v", ["docs.count docs.deleted", "         1            0", "         0            0",
                             "        12            0"]),
        ("h=store.size,i&bytes=b&s=i", [" 325 apples", " 450 pears", "1425 plums"]),
        ("h=ss,i&bytes=kb&s=i&v", ["ss i", " 0 apples", " 0 pears", " 1 plums"]),
        ("h=storeSize&s=i", ["325b", "450b", "1.3kb"]),
        ("health=yellow&h=i", ["pears"]),
        ("h=nothing", ["", "", ""]),
    ],
)  # fmt: skip
def test_columns_order_and_units(query: str, expected: list[str]) -> None:
    found = lines(stocked(), f"/_cat/indices?{query}")
    assert [line.rstrip() if query == "h=storeSize&s=i" else line for line in found] == [
        line.rjust(5) if query == "h=storeSize&s=i" else line for line in expected
    ]


def test_rows_by_expression() -> None:
    fake = stocked()
    assert lines(fake, "/_cat/indices/p*?h=i&s=i") == ["pears", "plums"]
    assert fake("GET", "/_cat/indices/none*").body == ""
    assert fake("GET", "/_cat/indices/nowhere").type == "index_not_found_exception"
    assert lines(fake, "/_cat/count/fruit?h=count") == ["1"]
    assert lines(fake, "/_cat/aliases/fr*?h=a,i,f") == ["fruit apples -", "fruit pears  *"]


@pytest.mark.parametrize("asked", [{"target": "&format=json"}, {"accept": "application/json"}])
def test_as_json_all_values_are_texts_under_the_names_asked_for(asked: dict[str, str]) -> None:
    fake = stocked()
    target = "/_cat/indices/plums?h=i,docs.count,ss&bytes=b" + asked.pop("target", "")
    assert fake("GET", target, **asked).body == [{"i": "plums", "docs.count": "12", "ss": "1425"}]


@pytest.mark.parametrize("asked", [{"target": "&format=text"}, {"accept": "text/plain, application/json"}, {"accept": "*/*"}])
def test_other_forms_are_text(asked: dict[str, str]) -> None:
    target = "/_cat/indices/plums?h=i" + asked.pop("target", "")
    assert stocked()("GET", target, **asked).body == "plums\n"


def test_an_unknown_key_to_sort_by_is_the_servers_own_fault() -> None:
    reply = http()("GET", "/_cat/health?s=nonsense:desc")
    assert (reply.status, reply.type) == (500, "unsupported_operation_exception")
    assert reply.reason == "Unable to sort by unknown sort key `nonsense`"


def test_help_names_the_columns_and_needs_no_rows() -> None:
    body = http()("GET", "/_cat/aliases?help").body
    assert body.splitlines()[1] == "index          | i,idx            | index alias points to"
    assert len({len(line) for line in body.splitlines()}) == 1


def test_ts_hides_the_time() -> None:
    fake = http()
    assert lines(fake, "/_cat/health?v")[0].split()[:3] == ["epoch", "timestamp", "cluster"]
    assert lines(fake, "/_cat/health?v&ts=false")[0].split()[:2] == ["cluster", "status"]
    assert lines(fake, "/_cat/health?v&h=epoch,st&ts=false")[0].split() == ["st"]


@pytest.mark.parametrize("release", RELEASES)
def test_health_nodes_and_the_one_who_leads(release: str) -> None:
    fake = http(release)
    assert fake("GET", "/_cat/health?h=cl,st,nt,asp").body == "elasticsearch green 1 100.0%\n"
    assert lines(fake, "/_cat/nodes?h=m,n,version") == [f"* node-1 {fake.fake.version}"]
    assert lines(fake, "/_cat/master?h=node") == ["node-1"]
    assert lines(fake, "/_cat/plugins?h=c") == (["x-pack"] if fake.fake.version < (6, 3) else [])


@pytest.mark.parametrize(
    ("release", "names"),
    [
        ("5.4.0", ["max_running_jobs"]),
        ("6.8", ["ml.enabled", "ml.machine_memory", "ml.max_open_jobs", "xpack.installed"]),
        ("9.5", [
            "ml.allocated_processors", "ml.allocated_processors_double", "ml.config_version", "ml.machine_memory",
            "ml.max_jvm_size", "transform.config_version", "xpack.installed",
        ]),
    ],
)  # fmt: skip
def test_each_attribute_of_the_node_has_a_row(release: str, names: list[str]) -> None:
    fake = http(release)
    table = lines(fake, "/_cat/nodeattrs?v&s=attr")
    assert table[0].split() == ["node", "host", "ip", "attr", "value"]
    assert [line.split()[:4] for line in table[1:]] == [["node-1", "127.0.0.1", "127.0.0.1", name] for name in names]
    (node,) = fake("GET", "/_nodes").body["nodes"].values()
    assert {line.split()[3]: line.split()[4] for line in table[1:]} == node["attributes"]


def test_hidden_columns_and_short_names_of_attributes() -> None:
    fake = http("6.8")
    (node_id,) = fake("GET", "/_nodes").body["nodes"]
    found = lines(fake, "/_cat/nodeattrs?h=name,nodeId,p,h,i,po,attr.name,attr.value&s=attr.name:desc")
    assert found[0] == f"node-1 {node_id[:4]} 1 127.0.0.1 127.0.0.1 9300 xpack.installed   true"
    assert lines(fake, "/_cat/nodeattrs?help")[1] == "id    | id,nodeId  | unique node id       "


def test_full_ids_of_nodes_are_not_for_the_table_of_attributes() -> None:
    assert http()("GET", "/_cat/nodeattrs?full_id").reason == (
        "request [/_cat/nodeattrs] contains unrecognized parameter: [full_id]"
    )


def test_a_node_without_attributes_has_an_empty_table() -> None:
    assert http("6.2", settings={"xpack.ml.enabled": False})("GET", "/_cat/nodeattrs").body == ""


def test_the_roles_of_the_node_in_letters() -> None:
    shown = {release: http(release)("GET", "/_cat/nodes?h=r").body.strip() for release in ("6.8", "7.3", "7.9", "8.19")}
    assert shown == {"6.8": "mdi", "7.3": "dim", "7.9": "dilmrt", "8.19": "cdfhilmrstw"}


def test_tasks_as_a_table() -> None:
    fake = http()
    fake.put("web")
    fake.job("web", "_open")
    assert lines(fake, "/_cat/tasks?actions=xpack*&h=action,type,parent_task_id") == ["xpack/ml/job[c] persistent cluster:1"]
    assert lines(fake, "/_cat/tasks?actions=xpack*&detailed&v")[0].split()[-1] == "description"
    assert lines(fake, "/_cat/tasks?actions=xpack*&h=running_time,running_time_ns") == ["600ms 600000000"]
    assert lines(fake, "/_cat/tasks?actions=xpack*&h=time&time=s") == ["0"]


def test_unknown_parameters_are_refused() -> None:
    assert http()("GET", "/_cat/health?helpp").reason == (
        "request [/_cat/health] contains unrecognized parameter: [helpp] -> did you mean [help]?"
    )


@needs_specification
@pytest.mark.parametrize("table", ["health", "nodes", "nodeattrs", "tasks", "indices", "aliases", "count", "plugins"])
def test_the_answers_are_as_specified(table: str) -> None:
    fake: Any = Checked(FakeElasticsearch("9.5"))
    fake.fake.cluster.part(SystemIndices).create("usual", aliases={"other": {}})
    assert fake("GET", f"/_cat/{table}?format=json").status == 200
    assert fake.seen == {name: 1 for name in (f"cat.{table}",) if name in endpoints()}
