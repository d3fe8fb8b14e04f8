"""Ingest pipelines: kept, tried out, and what each processor does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_es import FakeElasticsearch
from fake_es.ingest.pipelines import Pipelines
from fake_es.wire.errors import ElasticsearchError
from tests.spec.answering import Checked
from tests.spec.validator import needs_specification
from tests.support import RELEASES, Http, Reply, http

Tree = dict[str, Any]
PIPELINE = "/_ingest/pipeline/"
SIMULATE = "/_ingest/pipeline/_simulate"


def simulate(fake: Http, processors: list[Tree], source: Tree, query: str = "", **pipeline: Any) -> Any:
    """What becomes of one document."""
    body = {"pipeline": {"processors": processors, **pipeline}, "docs": [{"_source": source}]}
    reply = fake("POST", SIMULATE + query, body)
    assert reply.status == 200, reply.body
    return reply.body["docs"][0]


def processed(source: Tree, *processors: Tree, release: str | None = None) -> Tree:
    """The source that comes out."""
    return dict(simulate(http(release), list(processors), source)["doc"]["_source"])


def put(fake: Http, processors: Any, **more: Any) -> Reply:
    return fake("PUT", PIPELINE + "p", {"processors": processors, **more})


@pytest.mark.parametrize("release", RELEASES)
def test_the_life_of_a_pipeline(release: str) -> None:
    fake = http(release)
    tree = {"description": "d", "processors": [{"set": {"field": "a", "value": 1}}], "version": 3}
    assert fake("PUT", PIPELINE + "one", tree).body == {"acknowledged": True}
    fake("PUT", PIPELINE + "two", {"processors": []})
    assert fake("GET", PIPELINE + "one").body == {"one": tree}
    assert list(fake("GET", PIPELINE + "*").body) == list(fake("GET", "/_ingest/pipeline").body) == ["one", "two"]
    in_state = fake("GET", "/_cluster/state/metadata?filter_path=metadata.ingest.pipeline.id").body
    assert in_state == {"metadata": {"ingest": {"pipeline": [{"id": "one"}, {"id": "two"}]}}}
    assert fake("DELETE", PIPELINE + "t*").body == {"acknowledged": True}
    missing = fake("GET", PIPELINE + "two")
    assert (missing.status, missing.body) == (404, {})
    assert fake("DELETE", PIPELINE + "two").reason == "pipeline [two] is missing"
    assert fake("DELETE", PIPELINE + "*").status == fake("DELETE", PIPELINE + "*").status == 200


def test_a_summary_and_a_version_to_replace() -> None:
    fake = http()
    fake("PUT", PIPELINE + "p", {"description": "d", "processors": [], "version": 3})
    assert fake("GET", PIPELINE + "p?summary").body == {"p": {"description": "d"}}
    assert fake("PUT", PIPELINE + "p?if_version=3", {"processors": [], "version": 4}).status == 200
    assert fake("PUT", PIPELINE + "p?if_version=3", {"processors": []}).reason == (
        "version conflict, required version [3] for pipeline [p] but current version is [4]"
    )


# A processor, a document, and what it makes of it.
DOINGS: list[tuple[Tree, Tree, Tree]] = [
    ({"set": {"field": "b.c", "value": "{{a}}-{{{a}}}"}}, {"a": 1}, {"a": 1, "b": {"c": "1-1"}}),
    ({"set": {"field": "a", "value": 2, "override": False}}, {"a": 1}, {"a": 1}),
    ({"set": {"field": "b", "copy_from": "a"}}, {"a": [1]}, {"a": [1], "b": [1]}),
    ({"set": {"field": "b", "value": "{{c}}", "ignore_empty_value": True}}, {"a": 1}, {"a": 1}),
    ({"remove": {"field": ["a", "b.c"]}}, {"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"d": 3}}),
    ({"remove": {"field": "x", "ignore_missing": True}}, {"a": 1}, {"a": 1}),
    ({"remove": {"keep": ["a"]}}, {"a": 1, "b": 2}, {"a": 1}),
    ({"rename": {"field": "a", "target_field": "b.c"}}, {"a": 1}, {"b": {"c": 1}}),
    ({"convert": {"field": "a", "type": "integer"}}, {"a": ["1", 2]}, {"a": [1, 2]}),
    ({"convert": {"field": "a", "type": "auto", "target_field": "b"}}, {"a": "1.5"}, {"a": "1.5", "b": 1.5}),
    ({"convert": {"field": "a", "type": "boolean"}}, {"a": "TRUE"}, {"a": True}),
    ({"convert": {"field": "a", "type": "string"}}, {"a": True}, {"a": "true"}),
    ({"append": {"field": "a", "value": ["x", "{{b}}"]}}, {"a": "w", "b": "y"}, {"a": ["w", "x", "y"], "b": "y"}),
    ({"append": {"field": "a", "value": ["x"], "allow_duplicates": False}}, {"a": ["x"]}, {"a": ["x"]}),
    ({"lowercase": {"field": "a"}}, {"a": "ÄB"}, {"a": "äb"}),
    ({"uppercase": {"field": "a", "target_field": "b"}}, {"a": "x"}, {"a": "x", "b": "X"}),
    ({"trim": {"field": "a"}}, {"a": [" x ", "y"]}, {"a": ["x", "y"]}),
    ({"split": {"field": "a", "separator": r"\s+"}}, {"a": "x  y z "}, {"a": ["x", "y", "z"]}),
    ({"split": {"field": "a", "separator": "(,)"}}, {"a": "x,y,z"}, {"a": ["x", "y", "z"]}),
    ({"join": {"field": "a", "separator": "-"}}, {"a": ["x", 1, True]}, {"a": "x-1-true"}),
    ({"gsub": {"field": "a", "pattern": r"(\d)\.", "replacement": "<$1>"}}, {"a": "1.2.x"}, {"a": "<1><2>x"}),
    ({"json": {"field": "a"}}, {"a": '{"b":[1]}'}, {"a": {"b": [1]}}),
    ({"json": {"field": "a", "add_to_root": True}}, {"a": '{"b":1}'}, {"a": '{"b":1}', "b": 1}),
    ({"dot_expander": {"field": "a.b"}}, {"a.b": 1}, {"a": {"b": 1}}),
    ({"dot_expander": {"field": "*"}}, {"a.b": 1, "c.d.e": 2}, {"a": {"b": 1}, "c": {"d": {"e": 2}}}),
    ({"date": {"field": "a", "formats": ["dd/MM/yyyy"]}}, {"a": "02/01/2020"},
     {"a": "02/01/2020", "@timestamp": "2020-01-02T00:00:00.000Z"}),
    ({"date": {"field": "a", "target_field": "a", "formats": ["ISO8601", "UNIX"]}}, {"a": 1577923200},
     {"a": "2020-01-02T00:00:00.000Z"}),
    ({"date": {"field": "a", "target_field": "a", "formats": ["yyyy-MM-dd HH:mm"], "timezone": "Europe/Berlin"}},
     {"a": "2020-01-02 00:00"}, {"a": "2020-01-02T00:00:00.000+01:00"}),
    ({"foreach": {"field": "a", "processor": {"uppercase": {"field": "_ingest._value"}}}}, {"a": ["x", "y"]},
     {"a": ["X", "Y"]}),
    ({"foreach": {"field": "a", "processor": {"remove": {"field": "_ingest._value.b"}}}}, {"a": [{"b": 1, "c": 2}]},
     {"a": [{"c": 2}]}),
    ({"dissect": {"field": "a", "pattern": "%{b} [%{c}] %{}: %{+d} %{+d->}-%{e}", "append_separator": "+"}},
     {"a": "x [y z] skipped: 1 2---end"},
     {"a": "x [y z] skipped: 1 2---end", "b": "x", "c": "y z", "d": "1+2", "e": "end"}),
    ({"script": {"source": "ctx.b = ctx.a * 2; ctx['c'] = params.k; ctx.a += 1", "params": {"k": "v"}}}, {"a": 2},
     {"a": 3, "b": 4, "c": "v"}),
    ({"script": {"source": "ctx.remove('a')"}}, {"a": 2, "b": 1}, {"b": 1}),
    ({"set": {"field": "b", "value": 1, "if": "ctx.a == 'x'"}}, {"a": "y"}, {"a": "y"}),
    ({"fail": {"message": "no", "ignore_failure": True}}, {"a": 1}, {"a": 1}),
    ({"fail": {"message": "no {{a}}", "on_failure": [{"set": {"field": "e", "value": "{{_ingest.on_failure_message}}"}}]}},
     {"a": 1}, {"a": 1, "e": "no 1"}),
]  # fmt: skip


@pytest.mark.parametrize(("processor", "source", "expected"), DOINGS)
def test_what_a_processor_does(processor: Tree, source: Tree, expected: Tree) -> None:
    assert processed(source, processor) == expected


@pytest.mark.parametrize(
    ("processor", "reason"),
    [
        ({"remove": {"field": "x.y"}}, "field [x] not present as part of path [x.y]"),
        ({"lowercase": {"field": "a.b"}}, "cannot resolve [b] from object of type [java.lang.Integer] as part of path [a.b]"),
        ({"lowercase": {"field": "a"}}, "field [a] of type [java.lang.Integer] cannot be cast to [java.lang.String]"),
        ({"remove": {"field": "l.5"}}, "[5] is out of bounds for array with length [1] as part of path [l.5]"),
        ({"remove": {"field": "l.x"}}, "[x] is not an integer, cannot be used as an index as part of path [l.x]"),
        ({"rename": {"field": "x", "target_field": "y"}}, "field [x] doesn't exist"),
        ({"rename": {"field": "a", "target_field": "l"}}, "field [l] already exists"),
        ({"convert": {"field": "t", "type": "long"}}, "unable to convert [text] to long"),
        ({"convert": {"field": "n", "type": "long"}}, "field [n] is null, cannot be converted to type [long]."),
        ({"date": {"field": "t", "formats": ["ISO8601"]}}, "unable to parse date [text]"),
        ({"gsub": {"field": "t", "pattern": "t", "replacement": "$3"}},
         "No group 3"),
        ({"dissect": {"field": "t", "pattern": "%{a}:%{b}"}},
         "Unable to find match for dissect pattern: %{a}:%{b} against source: text"),
        ({"pipeline": {"name": "gone"}}, "Pipeline processor configured for non-existent pipeline [gone]"),
        ({"fail": {"message": "because {{a}}"}}, "because 1"),
    ],
)  # fmt: skip
def test_what_a_processor_says_when_it_fails(processor: Tree, reason: str) -> None:
    failed = simulate(http(), [processor], {"a": 1, "l": [1], "t": "text", "n": None})
    assert failed["error"]["reason"] == reason


def test_before_7_5_a_failure_is_wrapped() -> None:
    error = simulate(http("6.8"), [{"remove": {"field": "x", "tag": "t"}}], {})["error"]
    assert error["type"] == "exception"
    assert error["reason"] == (
        "java.lang.IllegalArgumentException: java.lang.IllegalArgumentException: field [x] not present as part of path [x]"
    )
    assert error["header"] == {"processor_type": "remove", "processor_tag": "t"}


@pytest.mark.parametrize(
    ("processors", "reason", "metadata"),
    [
        ([{"nonsense": {}}], "No processor type exists with name [nonsense]", {"processor_type": "nonsense"}),
        ([{"set": {"value": 1}}], "[field] required property is missing",
         {"processor_type": "set", "property_name": "field"}),
        ([{"set": {"field": 1, "value": 1, "tag": "t"}}], "[field] property isn't a string, but of type [java.lang.Integer]",
         {"processor_type": "set", "processor_tag": "t", "property_name": "field"}),
        ([{"set": {"field": "a", "value": 1, "colour": "red", "size": 2}}],
         "processor [set] doesn't support one or more provided configuration parameters [colour, size]",
         {"processor_type": "set"}),
        ([{"set": {"field": "a", "value": 1, "on_failure": []}}], "[on_failure] processors list cannot be empty",
         {"processor_type": "set", "property_name": "on_failure"}),
        (None, "[processors] required property is missing", {"property_name": "processors"}),
        ("x", "[processors] property isn't a list, but of type [java.lang.String]", {"property_name": "processors"}),
    ],
)  # fmt: skip
def test_a_configuration_that_is_refused(processors: Any, reason: str, metadata: Tree) -> None:
    fake = http()
    reply = put(fake, processors)
    assert (reply.status, reply.type, reply.reason) == (400, "parse_exception", reason)
    assert {name: reply.body["error"].get(name) for name in metadata} == metadata
    assert fake("GET", "/_ingest/pipeline").body == {}


def test_what_a_pipeline_does_not_know() -> None:
    assert put(http(), [], colour="red").reason == (
        "pipeline [p] doesn't support one or more provided configuration parameters [colour]"
    )
    assert put(http(), [], on_failure=[]).reason == "pipeline [p] cannot have an empty on_failure option defined"


@pytest.mark.parametrize(
    ("processor", "named"),
    [
        ({"inference": {"model_id": "m"}}, "processor [inference]"),
        ({"grok": {"field": "a", "patterns": ["x"]}}, "processor [grok]"),
        ({"script": {"source": "for (x in ctx.a) { }"}}, "script [for (x in ctx.a) { }]"),
        ({"set": {"field": "a", "value": 1, "if": "ctx.a.stream().count() > 1"}}, "script [ctx.a.stream().count() > 1]"),
    ],
)
def test_what_is_not_emulated_is_named(processor: Tree, named: str) -> None:
    reply = put(http(), [processor])
    assert (reply.status, named in reply.reason) == (501, True)


def test_processors_come_with_their_releases() -> None:
    assert put(http("6.4"), [{"drop": {}}]).reason == "No processor type exists with name [drop]"
    assert put(http("6.5"), [{"drop": {}}]).status == 200


def test_pipelines_call_each_other_but_not_in_a_circle() -> None:
    fake = http()
    fake("PUT", PIPELINE + "inner", {"processors": [{"set": {"field": "a", "value": 1}}]})
    fake("PUT", PIPELINE + "round", {"processors": [{"pipeline": {"name": "round"}}]})
    assert simulate(fake, [{"pipeline": {"name": "inner"}}], {})["doc"]["_source"] == {"a": 1}
    assert simulate(fake, [{"pipeline": {"name": "round"}}], {})["error"]["reason"] == "Cycle detected for pipeline: round"


def test_a_pipeline_mends_its_own_failures() -> None:
    handler = {"set": {"field": "e", "value": "{{_ingest.on_failure_processor_type}}:{{_ingest.on_failure_processor_tag}}"}}
    processors: list[Tree] = [{"fail": {"message": "no", "tag": "t"}}, {"set": {"field": "never", "value": 1}}]
    assert simulate(http(), processors, {}, on_failure=[handler])["doc"]["_source"] == {"e": "fail:t"}


def test_a_verbose_simulation_shows_each_step() -> None:
    processors: list[Tree] = [
        {"set": {"field": "a", "value": 1, "tag": "first"}},
        {"set": {"field": "b", "value": 1, "if": "ctx.a == 2"}},
        {"fail": {"message": "no", "ignore_failure": True}},
        {"drop": {}},
        {"set": {"field": "never", "value": 1}},
    ]
    results = simulate(http(), processors, {}, "?verbose")["processor_results"]
    assert [result["status"] for result in results] == ["success", "skipped", "error_ignored", "dropped"]
    assert (results[0]["tag"], results[0]["doc"]["_source"]) == ("first", {"a": 1})


@pytest.mark.parametrize("release", RELEASES)
def test_a_simulated_document(release: str) -> None:
    fake = http(release)
    put(fake, [{"date_index_name": {"field": "d", "index_name_prefix": "x-", "date_rounding": "M"}}])
    body = {"docs": [{"_index": "i", "_id": "1", "_source": {"d": "2020-03-04T05:06:07.000Z"}}]}
    shown = fake("POST", PIPELINE + "p/_simulate", body).body["docs"][0]["doc"]
    assert (shown["_index"], shown["_id"], "_type" in shown) == ("x-2020-03-01", "1", fake.fake.version < (8, 0))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"docs": []},
        {"docs": [1]},
        {"docs": [{}]},
        {"docs": [{"_source": 1}]},
        {"pipeline": 1, "docs": [{"_source": {}}]},
        "[]",
    ],
)
def test_simulations_that_are_refused(body: Any) -> None:
    fake = http()
    put(fake, [])
    assert fake("POST", SIMULATE, body).status == 400
    assert fake("POST", PIPELINE + "gone/_simulate", body).status == 400


def test_the_face_for_indexing() -> None:
    fake = http()
    put(fake, [{"drop": {"if": "ctx.a == 1"}}, {"fail": {"message": "two", "if": "ctx.a == 2"}},
               {"set": {"field": "_index", "value": "other"}}])  # fmt: skip
    pipelines = fake.fake.cluster.part(Pipelines)
    metadata = {"_index": "one", "_id": "1"}
    assert pipelines.run("p", {"a": 1}) is None
    with pytest.raises(ElasticsearchError, match="two"):
        pipelines.run("p", {"a": 2})
    assert pipelines.run("p", {"a": 3}, metadata) == {"a": 3}
    assert metadata["_index"] == "other"
    with pytest.raises(ElasticsearchError, match=r"pipeline with id \[gone\] does not exist"):
        pipelines.run("gone", {})
    [node] = fake("GET", "/_nodes/stats/ingest").body["nodes"].values()
    counted = node["ingest"]["pipelines"]["p"]
    assert (counted["count"], counted["failed"], node["ingest"]["total"]["count"]) == (3, 1, 3)
    assert counted["processors"][0] == {
        "drop": {"type": "drop", "stats": {"count": 1, "time_in_millis": 0, "current": 0, "failed": 0}}
    }


_SCALARS = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-9, 9) | st.text("a.{}_ \\$(", max_size=6)
_JSON = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "a.b", "b", "_source"]), inner, max_size=3)
    ),
    max_leaves=6,
)
_NAMES = (
    "field", "value", "target_field", "copy_from", "type", "formats", "separator", "pattern", "replacement", "message", "if",
    "source", "name", "processor", "on_failure", "ignore_missing", "ignore_failure", "tag", "add_to_root", "keep",
)  # fmt: skip
_KINDS = (
    "set", "remove", "rename", "convert", "append", "json", "dot_expander", "lowercase", "split", "join", "gsub", "date",
    "date_index_name", "foreach", "pipeline", "script", "dissect", "fail", "drop",
)  # fmt: skip
_PROCESSOR = st.dictionaries(
    st.sampled_from(_KINDS), st.dictionaries(st.sampled_from(_NAMES), _JSON, max_size=5), max_size=1
) | st.sampled_from(DOINGS).map(lambda doing: doing[0])
_SOURCE = st.dictionaries(st.sampled_from(["a", "b", "l", "a.b"]), _JSON)
_FAKE = http()


@settings(max_examples=100, deadline=None)
@given(st.lists(_PROCESSOR, max_size=3), _SOURCE)
def test_no_configuration_and_no_document_is_too_much(processors: list[Tree], source: Tree) -> None:
    body = {"pipeline": {"processors": processors}, "docs": [{"_source": source}]}
    reply = _FAKE("POST", SIMULATE + "?verbose", json.dumps(body))
    assert reply.status in (200, 400, 501), reply.body


@pytest.mark.parametrize(
    ("template", "rendered"),
    [
        ("{{a}}{{{a}}}{{ \n a \t}}-{{gone}}", "111-"),
        ("{{}} {{ }} {{a} {a}} {{{a}} {{{}}}", "{{}} {{ }} {{a} {a}} {1 {{{}}}"),
        pytest.param("{{" + " " * 200_000 + "a", None, id="blanks"),
        pytest.param("{{" * 100_000 + "a", None, id="open"),
        pytest.param("{{{a" * 100_000, None, id="names"),
        pytest.param("{{a " * 100_000 + "}}", "{{a " * 99_999 + "1", id="one closed"),
    ],
)
def test_each_part_of_a_template_is_read_once(template: str, rendered: str | None) -> None:
    shown = simulate(http(), [{"set": {"field": "t", "value": template}}], {"a": 1})["doc"]["_source"]["t"]
    assert shown == (template if rendered is None else rendered)


@needs_specification
def test_the_answers_are_as_specified() -> None:
    fake = Checked(FakeElasticsearch("9.5"))
    put(fake, [{"set": {"field": "a", "value": 1}}], description="d")
    fake("GET", PIPELINE + "p")
    for query in ("", "?verbose=true"):
        simulate(fake, [{"set": {"field": "a", "value": 1}}], {}, query)
    fake("DELETE", PIPELINE + "p")
    assert sorted(fake.seen) == ["ingest.delete_pipeline", "ingest.get_pipeline", "ingest.put_pipeline", "ingest.simulate"]
