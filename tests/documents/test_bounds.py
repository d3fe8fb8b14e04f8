"""What one request may ask for, at the last that is allowed and the first that is not."""

from __future__ import annotations

from typing import Any

import pytest

from fake_es.version import parse_version
from tests.support import Http, Reply, http


def indexed(release: str, document: Any = None) -> Http:
    fake = http(release)
    path = "/x/_doc/1" if fake.fake.version >= (6, 2) else "/x/doc/1"
    assert fake("PUT", path, document or {"a": 1, "s": "x"}).status == 201
    return fake


def searched(fake: Http, **body: Any) -> Reply:
    return fake("POST", "/x/_search", body)


def cause_of(reply: Reply) -> tuple[int, str, str]:
    """Status, and the innermost cause of the refusal of a shard."""
    shown = reply.body["error"]["failed_shards"][0]["reason"]["caused_by"]
    return reply.status, shown["type"], shown["reason"]


@pytest.mark.parametrize(("release", "refused"), [("6.8", False), ("7.0", True), ("9.5", True)])
def test_terms_are_65536_at_most_from_7_0_on(release: str, refused: bool) -> None:
    fake, many = indexed(release), list(range(65_537))
    assert searched(fake, query={"terms": {"a": many[:-1]}}).status == 200
    reply = searched(fake, query={"terms": {"a": many}})
    if not refused:
        assert reply.status == 200
        return
    text = (
        "The number of terms [65537] used in the Terms Query request has exceeded the allowed maximum of [65536]. This"
        " maximum can be set by changing the [index.max_terms_count] index level setting."
    )
    assert cause_of(reply) == (400, "illegal_argument_exception", text)
    assert reply.body["error"]["root_cause"][0]["reason"] == f"failed to create query: {text}"


def test_an_index_says_how_many_terms_there_may_be() -> None:
    fake = http("9.5")
    fake("PUT", "/x", {"settings": {"index.max_terms_count": 2}})
    assert searched(fake, query={"terms": {"a": [1, 2]}}).status == 200
    assert cause_of(searched(fake, query={"terms": {"a": [1, 2, 3]}}))[0] == 400


@pytest.mark.parametrize("release", ["5.6", "7.17", "8.0"])
def test_a_bool_query_has_1024_clauses_at_most_up_to_8_0(release: str) -> None:
    fake, clauses = indexed(release), [{"term": {"a": number}} for number in range(1025)]
    assert searched(fake, query={"bool": {"should": clauses[:-1]}}).status == 200
    refused = searched(fake, query={"bool": {"should": clauses[:-1], "must_not": clauses[-1]}})
    assert cause_of(refused) == (400, "too_many_clauses", "maxClauseCount is set to 1024")
    assert searched(indexed("8.1"), query={"bool": {"should": clauses}}).status == 200


def test_a_query_string_of_very_many_words_is_refused_before_it_is_parsed() -> None:
    fake = indexed("9.5")
    words = ["a:1"] * 10_001
    assert searched(fake, query={"query_string": {"query": " ".join(words[:3000])}}).status == 200
    for text in (" ".join(words), "(" + " OR ".join(words) + ")"):
        refused = searched(fake, query={"query_string": {"query": text}})
        assert "too many boolean clauses" in refused.body["error"]["failed_shards"][0]["reason"]["caused_by"]["reason"]


@pytest.mark.parametrize(("part", "most"), [("-", 30_000), ('"a', 15_000)])
def test_a_query_string_of_very_many_parts_is_refused_before_it_is_parsed(part: str, most: int) -> None:
    fake, why = indexed("9.5"), "too many boolean clauses"
    assert why not in str(searched(fake, query={"query_string": {"query": part * most}}).body)
    assert why in str(searched(fake, query={"query_string": {"query": part * (most + 1)}}).body)


@pytest.mark.parametrize("release", ["5.6", "8.0", "8.1", "9.5"])
@pytest.mark.parametrize("sign", [" ", " | ", " + "])
def test_clauses_of_a_simple_query_string_count_as_those_of_a_bool_query(release: str, sign: str) -> None:
    fake = http(release, settings={"indices.query.bool.max_clause_count": 3})
    assert fake("PUT", "/x/doc/1" if release < "6" else "/x/_doc/1", {"a": "w"}).status == 201

    def asked(text: str) -> Reply:
        return searched(fake, query={"simple_query_string": {"query": text, "fields": ["a"]}})

    assert asked(sign.join("www")).body["hits"]["hits"]
    reply = asked(sign.join("wwww"))
    if release >= "8.1":
        assert reply.body["hits"]["hits"]
        assert cause_of(asked("w " * 10_001))[1] == "too_many_clauses"
    else:
        assert cause_of(reply) == (400, "too_many_clauses", "maxClauseCount is set to 3")


@pytest.mark.parametrize("sign", ["|", "+"])
def test_a_simple_query_string_joins_many_words_by_one_sign(sign: str) -> None:
    fake = indexed("9.5", {"a": "w"})
    query = {"simple_query_string": {"query": sign.join(["w"] * 3000), "fields": ["a"]}}
    assert searched(fake, query=query).body["hits"]["total"]["value"] == 1


@pytest.mark.parametrize("release", ["5.6", "7.17", "9.5"])
@pytest.mark.parametrize("option", ["include", "exclude"])
def test_a_very_long_expression_is_too_complex(release: str, option: str) -> None:
    fake = indexed(release)
    aggs = {"t": {"terms": {"field": "s.keyword", option: "a|" * 9_999 + "b"}}}
    assert searched(fake, aggs=aggs).status == 200
    aggs["t"]["terms"][option] = "a|" * 10_000 + "b"
    assert "too_complex_to_determinize_exception" in str(searched(fake, aggs=aggs).body)


def test_a_document_with_very_many_combinations_of_values_is_refused_by_composite() -> None:
    fake = indexed("9.5", {"a": [1, 2]})
    for number, status in ((16, 200), (17, 400)):
        sources = [{f"s{each}": {"terms": {"field": "a"}}} for each in range(number)]
        reply = searched(fake, aggs={"c": {"composite": {"size": 1, "sources": sources}}})
        assert reply.status == status
    assert "too_many_buckets_exception" in str(reply.body)


def clauses(number: int) -> dict[str, Any]:
    return {"bool": {"should": [{"term": {"a": each}} for each in range(number)]}}


@pytest.mark.parametrize("release", ["5.6", "7.17", "8.0"])
def test_clauses_of_a_filter_in_an_aggregation_are_bounded_each_by_itself(release: str) -> None:
    fake = indexed(release)
    most = {f"f{number}": {"filter": clauses(1024)} for number in range(3)}
    assert searched(fake, aggs=most).status == 200
    refused = searched(fake, aggs={"f": {"filters": {"filters": [clauses(1024), clauses(1025)]}}})
    assert cause_of(refused) == (400, "too_many_clauses", "maxClauseCount is set to 1024")
    assert searched(indexed("8.1"), aggs={"f": {"filter": clauses(1025)}}).status == 200


@pytest.mark.parametrize(("release", "refused"), [("7.17", True), ("8.0", True), ("8.1", False)])
def test_the_setting_of_the_node_holds_for_filters_of_aggregations_and_aliases(release: str, refused: bool) -> None:
    fake = http(release, settings={"indices.query.bool.max_clause_count": 2})
    assert fake("PUT", "/x/_doc/1", {"a": 1}).status == 201

    def alias(number: int) -> Reply:
        return fake("POST", "/_aliases", {"actions": [{"add": {"index": "x", "alias": "y", "filter": clauses(number)}}]})

    assert (searched(fake, aggs={"f": {"filter": clauses(2)}}).status, alias(2).status) == (200, 200)
    status = 400 if refused else 200
    assert (searched(fake, aggs={"f": {"filter": clauses(3)}}).status, alias(3).status) == (status, status)


@pytest.mark.parametrize("release", ["5.6", "8.0"])
def test_clauses_of_a_datafeed_are_counted_when_it_searches(release: str) -> None:
    fake = indexed(release)
    assert fake.put("j").status == 200
    body = {"job_id": "j", "indices": ["x"], "query": clauses(1025)} | ({"types": ["doc"]} if release < "6" else {})
    assert fake("PUT", "{ml}/datafeeds/f", body).status == 200
    assert fake("GET", "{ml}/datafeeds/f/_preview").status == 400


@pytest.mark.parametrize(("release", "refused"), [("5.6", False), ("6.0", True), ("9.5", True)])
def test_top_hits_are_a_hundred_at_most_from_6_0_on(release: str, refused: bool) -> None:
    fake = indexed("6.2" if release == "6.0" else release)

    def top(start: int, size: int) -> Reply:
        return searched(fake, aggs={"t": {"top_hits": {"from": start, "size": size}}})

    assert top(60, 40).status == 200
    reply = top(60, 41)
    assert reply.status == (400 if refused else 200)
    if not refused:
        return
    failed = reply.body["error"]["failed_shards"][0]["reason"]
    assert failed["type"] == "illegal_argument_exception"
    assert failed["reason"] == (
        "Top hits result window is too large, the top hits aggregator [t]'s from + size must be less than or equal to: [100]"
        " but was [101]. This limit can be set by changing the [index.max_inner_result_window] index level setting."
    )
    fake("PUT", "/x/_settings", {"index.max_inner_result_window": 101})
    assert top(60, 41).status == 200


@pytest.mark.parametrize("release", ["5.6", "8.0"])
def test_clauses_of_a_query_string_count_as_those_of_a_bool_query(release: str) -> None:
    fake = http(release, settings={"indices.query.bool.max_clause_count": 3})
    assert fake("PUT", "/x/doc/1" if release < "6" else "/x/_doc/1", {"a": 1}).status == 201

    def asked(text: str) -> Reply:
        return searched(fake, query={"query_string": {"query": text}})

    assert asked("a:1 OR a:2 OR a:3").status == 200
    refused = asked("a:1 OR a:2 OR a:3 OR a:4")
    assert refused.status == 400
    first = refused.body["error"]["failed_shards"][0]["reason"]
    assert first["reason"] == "Failed to parse query [a:1 OR a:2 OR a:3 OR a:4]"
    assert first["caused_by"]["reason"].endswith(": too many boolean clauses")
    innermost = first["caused_by"]["caused_by"]
    assert (innermost["type"], innermost["reason"]) == ("too_many_clauses", "maxClauseCount is set to 3")


@pytest.mark.parametrize(("release", "refused"), [("7.17", True), ("8.0", True), ("8.1", False), ("9.5", False)])
def test_the_number_of_clauses_is_a_setting_of_the_node_up_to_8_0(release: str, refused: bool) -> None:
    fake = http(release, settings={"indices.query.bool.max_clause_count": 2})
    assert fake("PUT", "/x/_doc/1", {"a": 1}).status == 201
    clauses = [{"term": {"a": number}} for number in range(3)]
    assert searched(fake, query={"bool": {"should": clauses[:2]}}).status == 200
    assert searched(fake, query={"bool": {"should": clauses}}).status == (400 if refused else 200)


def test_how_deep_queries_may_stand_in_one_another_is_a_setting_of_the_node() -> None:
    fake = http("9.5", settings={"indices.query.bool.max_nested_depth": 2})
    assert fake("PUT", "/x/_doc/1", {"a": 1}).status == 201
    inner: Any = {"bool": {"must": {"term": {"a": 1}}}}
    assert searched(fake, query=inner).status == 200
    assert searched(fake, query={"bool": {"must": inner}}).status == 400


@pytest.mark.parametrize(("release", "refused"), [("5.6", False), ("6.0", True), ("9.5", True)])
def test_doc_value_fields_are_a_hundred_at_most_from_6_0_on(release: str, refused: bool) -> None:
    fake = indexed(release)
    assert searched(fake, docvalue_fields=["a"] * 100).status == 200
    reply = searched(fake, docvalue_fields=["a"] * 101)
    assert reply.status == (400 if refused else 200)
    if refused:
        assert reply.body["error"]["failed_shards"][0]["reason"]["reason"] == (
            "Trying to retrieve too many docvalue_fields. Must be less than or equal to: [100] but was [101]. This limit can"
            " be set by changing the [index.max_docvalue_fields_search] index level setting."
        )
        fake("PUT", "/x/_settings", {"index.max_docvalue_fields_search": 101})
        assert searched(fake, docvalue_fields=["a"] * 101).status == 200


@pytest.mark.parametrize(("release", "refused"), [("6.8", False), ("7.0", True), ("8.16", True), ("8.17", True), ("9.5", True)])
def test_analyze_makes_ten_thousand_words_at_most_from_7_0_on(release: str, refused: bool) -> None:
    fake = indexed(release)
    fake("PUT", "/x/_settings", {"index.analyze.max_token_count": 2})
    assert fake("POST", "/x/_analyze", {"text": ["a", "b"]}).status == 200
    reply = fake("POST", "/x/_analyze", {"text": ["a", "b", "c"]})
    if not refused:
        assert reply.status == 200
        return
    is_fault = parse_version(release) < (8, 17)
    assert (reply.status, reply.type) == ((500, "illegal_state_exception") if is_fault else (400, "status_exception"))
    assert reply.reason == (
        "The number of tokens produced by calling _analyze has exceeded the allowed maximum of [2]. This limit can be set by"
        " changing the [index.analyze.max_token_count] index level setting."
    )
    assert fake("POST", "/_analyze", {"text": ["a"] * 10_001}).status == reply.status


@pytest.mark.parametrize(
    ("release", "kind"),
    [("6.8", None), ("7.0", "mapper_parsing_exception"), ("9.5", "document_parsing_exception")],
)
def test_nested_objects_are_bounded_from_7_0_on(release: str, kind: str | None) -> None:
    fake = http(release)
    properties: Any = {"properties": {"o": {"type": "nested", "properties": {"a": {"type": "long"}}}}}
    mappings = {"_doc": properties} if release < "7" else properties
    assert fake("PUT", "/x", {"mappings": mappings}).status == 200
    fake("PUT", "/x/_settings", {"index.mapping.nested_objects.limit": 3})
    assert fake("PUT", "/x/_doc/1", {"o": [{"a": 1}] * 3}).status == 201
    reply = fake("PUT", "/x/_doc/2", b'{"o":[{"a":1},{"a":1},{"a":1},{"a":1}]}')
    if kind is None:
        assert reply.status == 201
        return
    assert (reply.status, reply.type) == (400, kind)
    assert reply.reason == ("[1:31] " if release > "8" else "") + (
        "The number of nested documents has exceeded the allowed limit of [3]. This limit can be set by changing the"
        " [index.mapping.nested_objects.limit] index level setting."
    )
    assert fake("GET", "/x/_doc/2").status == 404


def test_limits_of_the_mapping_can_be_changed_later() -> None:
    fake = http("9.5")
    fake("PUT", "/x", {"settings": {"index.mapping.depth.limit": 2, "index.mapping.total_fields.limit": 2}})
    assert fake("PUT", "/x/_doc/1", {"a": {"b": 1}}).status == 201
    assert fake("PUT", "/x/_doc/2", {"a": {"c": {"d": 1}}}).status == 400
    assert fake("PUT", "/x/_doc/3", {"e": 1, "f": 1, "g": 1}).status == 400
    fake("PUT", "/x/_settings", {"index.mapping.depth.limit": 3, "index.mapping.total_fields.limit": 10})
    assert fake("PUT", "/x/_doc/2", {"a": {"c": {"d": 1}}}).status == 201
    assert fake("PUT", "/x/_doc/3", {"e": 1, "f": 1, "g": 1}).status == 201


@pytest.mark.parametrize("place", [0, 19, 20, 999, 1000, 2499])
def test_the_place_of_a_bad_value_among_many_objects_is_told(place: int) -> None:
    fake = indexed("9.5")
    objects = ['{"a":1}'] * 2500
    objects[place] = '{"a":"bad"}' if place else '{"a":1},{"a":"bad"}'
    refused = fake("PUT", "/x/_doc/2", ('{\n "o": [' + ",".join(objects) + "]}").encode())
    column = len(' "o": [') + 8 * (place or 1) + len('{"a":') + 1
    assert refused.reason.startswith(f"[2:{column}] failed to parse field [o.a] of type [long]")


@pytest.mark.parametrize(
    ("of_list", "end", "offset", "why"),
    [
        (True, "", 1, "Unexpected end of file"),
        (True, "]", 2, "Unexpected end of file"),
        (True, "]]", 2, "Unexpected character (']'"),
        (True, "x", 1, "Unexpected character ('x'"),
        (True, ',"k1":2', 6, "Unexpected character (':'"),
        (False, "", 1, "Unexpected end of file"),
        (False, "]", 1, "Unexpected character (']'"),
        (False, "x", 1, "Unexpected character ('x'"),
        (False, ',"k1":2', 2, "Duplicate field 'k1'"),
    ],
)
def test_the_place_where_a_long_document_breaks_off_is_told(of_list: bool, end: str, offset: int, why: str) -> None:
    items = ('{"b":[1]}' if of_list else f'"k{number}":{{"a":[1,2]}}' for number in range(1, 9000))
    text = ('{"o":[' if of_list else "{") + ",".join(items)
    refused = indexed("9.5")("PUT", "/x/_doc/2", (text + end).encode())
    assert refused.status == 400
    assert refused.reason.startswith(f"[1:1] failed to parse: [1:{len(text) + offset}] {why}")


@pytest.mark.parametrize("release", ["7.17", "9.5"])
def test_buckets_within_buckets_count_together(release: str) -> None:
    fake = indexed(release)

    def nested(outer: int, inner: int) -> Reply:
        bounds = {"field": "a", "interval": 1}
        inside = {"i": {"histogram": {**bounds, "extended_bounds": {"min": 1, "max": inner}}}}
        return searched(
            fake,
            size=0,
            aggs={"o": {"histogram": {**bounds, "extended_bounds": {"min": 1, "max": outer}}, "aggs": inside}},
        )

    assert nested(300, 200).status == 200
    refused = nested(300, 300)
    assert refused.status == (503 if release == "7.17" else 400)
    assert "too_many_buckets_exception" in str(refused.body)


@pytest.mark.parametrize(("release", "status"), [("6.8", 503), ("7.17", 429), ("9.5", 429)])
def test_a_document_that_grows_too_large_is_refused_and_not_stored(release: str, status: int) -> None:
    fake = indexed(release)
    doubling = {"processors": [{"set": {"field": "s", "value": "{{s}}{{s}}"}}] * 20}
    more = {"processors": [{"set": {"field": "s", "value": "{{s}}" * 10}}] * 12}
    assert fake("PUT", "/_ingest/pipeline/fits", doubling).status == 200
    assert fake("PUT", "/_ingest/pipeline/grows", more).status == 200
    assert fake("PUT", "/x/_doc/2?pipeline=fits", {"s": "x"}).status == 201
    refused = fake("PUT", "/x/_doc/3?pipeline=grows", {"s": "x"})
    assert (refused.status, refused.type) == (status, "circuit_breaking_exception")
    assert refused.reason.startswith("[parent] Data too large, data for [pipeline] would be [")
    assert refused.body["error"]["bytes_limit"] == 64 * 1024 * 1024
    assert ("durability" in refused.body["error"]) == (status == 429)
    assert fake("GET", "/x/_doc/3").status == 404


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("ctx._source.s = ctx._source.s + ctx._source.s;" * 40, "out_of_memory_error"),
        ("ctx._source.s = ctx._source.s.replace('x', 'xxxxxxxxxxxxxxxxxxxxxxxx');" * 20, "out_of_memory_error"),
        ("ctx._source.me = ctx._source", "illegal_argument_exception"),
    ],
)
def test_a_script_that_makes_too_much_fails_and_changes_nothing(source: str, kind: str) -> None:
    fake = indexed("9.5")
    refused = fake("POST", "/x/_update/1", {"script": {"source": source}})
    assert refused.status == 400
    assert kind in (refused.type, refused.body["error"].get("caused_by", {}).get("type"))
    assert fake("GET", "/x/_source/1").body == {"a": 1, "s": "x"}


def test_foreach_goes_through_the_list_as_it_was() -> None:
    lengthening = {"foreach": {"field": "l", "processor": {"append": {"field": "l", "value": "{{_ingest._value}}"}}}}
    body = {"pipeline": {"processors": [lengthening]}, "docs": [{"_source": {"l": ["a", "b"]}}]}
    assert http()("POST", "/_ingest/pipeline/_simulate", body).body["docs"][0]["doc"]["_source"] == {"l": ["a", "b"]}


@pytest.mark.parametrize("place", [0, 999, 1000, 2499])
def test_the_place_of_a_bad_value_among_many_is_told(place: int) -> None:
    fake = indexed("9.5")
    values = ["1"] * 2500
    values[place] = '"bad"'
    refused = fake("PUT", "/x/_doc/2", '{\n "a": [' + ",".join(values) + "]}")
    column = len(' "a": [') + 2 * place + 1
    assert refused.reason.startswith(f"[2:{column}] failed to parse field [a] of type [long]")


def test_dates_beyond_the_year_9999_are_kept_shown_and_aggregated() -> None:
    fake = http("9.5")
    fake("PUT", "/x", {"mappings": {"properties": {"t": {"type": "date"}}}})
    for document_id, millis in (("far", 2**63 - 1), ("near", 0), ("back", -(2**63))):
        assert fake("PUT", f"/x/_doc/{document_id}", {"t": millis}).status == 201
    assert fake("PUT", "/x/_doc/beyond", {"t": 2**63}).status == 400
    found = searched(fake, query={"range": {"t": {"gt": "2020-01-01"}}})
    assert [hit["_id"] for hit in found.body["hits"]["hits"]] == ["far"]
    for zone in ("UTC", "+01:00", "Europe/Paris"):
        histogram = {"field": "t", "calendar_interval": "1y", "min_doc_count": 1, "time_zone": zone}
        buckets = searched(fake, aggs={"h": {"date_histogram": histogram}}).body["aggregations"]["h"]["buckets"]
        assert [bucket["doc_count"] for bucket in buckets] == [1, 1, 1]
