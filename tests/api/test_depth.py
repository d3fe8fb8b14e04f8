"""What stands in one another: the server's limits, and never more than Python can follow."""

from __future__ import annotations

import pytest

from tests.api.test_numbers import stored
from tests.support import Http, http

RELEASES = ("5.4.0", "6.8", "7.17", "9.5")


def nested(opening: str, times: int, inner: str = '{"match_all":{}}') -> str:
    return '{"query":' + opening * times + inner + "}}" * times + "}"


BOOL, CONSTANT = '{"bool":{"must":', '{"constant_score":{"filter":'


@pytest.mark.parametrize(
    ("release", "opening", "most"),
    [("7.12", BOOL, 20), ("7.17", BOOL, 20), ("8.5", BOOL, 20), ("8.6", BOOL, 29), ("9.5", BOOL, 29), ("9.5", CONSTANT, 29)],
)
def test_queries_in_queries(release: str, opening: str, most: int) -> None:
    fake = stored(release)
    assert fake("POST", "/i/_search", nested(opening, most)).status == 200
    answer = fake("POST", "/i/_search", nested(opening, most + 1))
    assert answer.status == 400
    what = "bool queries" if release < "8.6" else "queries"
    assert f"exceeds the maximum nested depth for {what} set in [indices.query.bool.max_nested_depth]" in str(answer.body)


@pytest.mark.parametrize(("release", "opening"), [("5.4.0", BOOL), ("7.11", BOOL), ("8.5", CONSTANT)])
def test_older_releases_count_fewer_of_them(release: str, opening: str) -> None:
    assert stored(release)("POST", "/i/_search", nested(opening, 60)).status == 200


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("times", [70, 3000])
def test_bodies_nested_beyond_measure(release: str, times: int) -> None:
    fake = stored(release)
    bodies = (
        nested(BOOL, times),
        nested(CONSTANT, times),
        '{"aggs":' + '{"a":{"terms":{"field":"n"},"aggs":' * times + '{"b":{"max":{"field":"n"}}}' + "}}" * times + "}",
    )
    for body in bodies:
        answer = fake("POST", "/i/_search", body)
        assert answer.status in ((200, 400) if times == 70 else (400,))


@pytest.mark.parametrize("release", ["6.8", "7.17", "9.5"])
def test_a_chain_of_pipelines(release: str) -> None:
    fake = http(release)
    for place in range(101):
        inner = {"pipeline": {"name": f"p{place + 1}"}} if place < 100 else {"set": {"field": "z", "value": 1}}
        fake("PUT", f"/_ingest/pipeline/p{place}", {"processors": [inner]})
    path = f"/i/{'_doc' if fake.fake.version >= (7, 0) else 'doc'}"
    assert fake("PUT", f"{path}/1?pipeline=p1", {"x": 1}).status == 201
    answer = fake("PUT", f"{path}/2?pipeline=p0", {"x": 1})
    assert "Too many nested pipelines. Cannot have more than 100 nested pipelines" in str(answer.body)
    assert fake("GET", f"{path}/2").status == 404


def simulated(fake: Http, *processors: object) -> object:
    body = {"pipeline": {"processors": list(processors)}, "docs": [{"_source": {"a": {"x": 1}}}]}
    answer = fake("POST", "/_ingest/pipeline/_simulate", body)
    assert answer.status == 200
    return answer.body["docs"][0]


@pytest.mark.parametrize("release", RELEASES)
def test_documents_of_pipelines_are_no_deeper_than_those_of_requests(release: str) -> None:
    fake = http(release)
    assert "doc" in simulated(fake, {"set": {"field": ".".join(["b"] * 200), "value": 1}})  # type: ignore[operator]
    for times in (201, 3000):
        shown = str(simulated(fake, {"set": {"field": ".".join(["b"] * times), "value": 1}}))
        assert "Document nesting depth exceeds the maximum allowed (200)" in shown
    path = ".".join(["b"] * 150)
    deeper = ({"set": {"field": path, "value": 1}}, {"script": {"source": f"ctx.{path} = ctx.b"}})
    assert "exceeds the maximum allowed" in str(simulated(fake, *deeper))
    assert "self-referencing" in str(simulated(fake, *[{"script": {"source": "ctx.a.b = ctx.a"}}] * 2))


@pytest.mark.parametrize("release", RELEASES)
def test_optional_sections_of_a_time_format(release: str) -> None:
    fake = http(release)

    def put(times: int) -> int:
        time = "[" * times + "yyyy" + "]" * times
        config = {"analysis_config": {"bucket_span": "1h", "detectors": [{"function": "count"}]}}
        return fake.put(f"x{times}", config | {"data_description": {"time_field": "t", "time_format": time}}).status

    assert [put(times) for times in (1, 10, 11, 300, 3000)] == [200, 200, 400, 400, 400]


@pytest.mark.parametrize("release", RELEASES)
def test_texts_that_are_read_by_grammars(release: str) -> None:
    fake = stored(release)
    for times in (150, 3000):
        for text in ("(" * times + "x" + ")" * times, "NOT " * times + "x", "-" * times + "x", '"' * times):
            for query in ("query_string", "simple_query_string"):
                answer = fake("POST", "/i/_search", {"query": {query: {"query": text}}})
                assert answer.status in (200, 400), text[:20]
        for source in ("(" * times + "1" + ")" * times, "1" + "+1" * times, "!" * times + "true", "true?1:" * times + "1"):
            answer = fake("POST", "/i/_search", {"aggs": {"a": {"max": {"script": source}}}})
            assert answer.status in (200, 400, 501), source[:20]
        name = ".".join(["a"] * times)
        assert fake("GET", f"/i?filter_path={name}").status == (200 if times == 150 else 400)
        assert fake("POST", "/i/_search", {"query": {"exists": {"field": name}}, "_source": name}).status == 200
        assert fake("POST", "/i/_search", {"query": {"range": {"t": {"gte": "now" + "+1d-1d" * times}}}}).status == 200
