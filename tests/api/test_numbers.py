"""Numbers of callers are read as Java reads them: what is too large, too long or no number is refused, never a fault."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import Http, http

RELEASES = ("5.4.0", "6.8", "7.17", "9.5")
LONG = "9" * 500


def stored(release: str) -> Http:
    """A cluster with an index that has a field of each kind of number."""
    fake = http(release)
    fields = {"d": "double", "n": "long", "f": "float", "h": "half_float", "t": "date", "s": "text"}
    mappings: dict[str, Any] = {"properties": {name: {"type": kind} for name, kind in fields.items()}}
    fake("PUT", "/i", {"mappings": mappings if fake.fake.version >= (7, 0) else {"doc": mappings}})
    assert document(fake, "1", '{"d":1.5,"n":3,"f":1,"h":1,"t":"2016-01-01","s":"it failed"}').status == 201
    return fake


def document(fake: Http, name: str, text: str) -> Any:
    return fake("PUT", f"/i/{'_doc' if fake.fake.version >= (7, 0) else 'doc'}/{name}", text)


def search(fake: Http, text: str) -> Any:
    return fake("POST", "/i/_search", text)


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("name", ["size", "from"])
def test_size_and_from_are_ints(release: str, name: str) -> None:
    fake = stored(release)
    for bad in ("1e500", "-1e500", LONG, "2147483648", '"1e500"', f'"{LONG}"', '"1_000"', '"\\u00b2"', '"x"', "[1]", "{}"):
        assert search(fake, f'{{"{name}":{bad}}}').status == 400, bad
    for good in ("1", "1.9", '"1"', '"\\u0663"', '"1e1"', "null"):
        assert search(fake, f'{{"{name}":{good}}}').status == 200, good
    assert search(fake, f'{{"{name}":1e500}}').reason.startswith("Numeric value (Infinity) out of range of int")
    assert search(fake, f'{{"{name}":"2147483648"}}').reason == "Value [2147483648] is out of range for an integer"


@pytest.mark.parametrize("release", RELEASES)
def test_the_ends_of_longs_in_documents(release: str) -> None:
    fake = stored(release)
    for good in ("9223372036854775807", "-9223372036854775808", '"9223372036854775807"', "1e3"):
        assert document(fake, "2", f'{{"n":{good}}}').status in (200, 201), good
    for bad in ("9223372036854775808", "-9223372036854775809", LONG, "1e400", '"1e400"', '"NaN"', '"1_000"', '"\\u00b2"', '""'):
        assert document(fake, "2", f'{{"n":{bad}}}').status == 400, bad


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("field", ["d", "f", "h"])
def test_doubles_are_finite(release: str, field: str) -> None:
    fake = stored(release)
    for bad in (LONG, "1e400", "-1e400", '"NaN"', '"Infinity"', '"1e400"', f'"{LONG}"', '"1_0"', '"\\u0663"', "true"):
        assert document(fake, "2", f'{{"{field}":{bad}}}').status == 400, bad
        assert search(fake, f'{{"query":{{"term":{{"{field}":{bad}}}}}}}').status == 400, bad
    assert document(fake, "2", f'{{"{field}":"1.5f"}}').status in (200, 201)
    assert document(fake, "2", f'{{"{field}":1e300}}').status == (200 if field == "d" else 400)


@pytest.mark.parametrize("release", RELEASES)
def test_a_number_of_thousands_of_digits_is_refused_when_it_is_read(release: str) -> None:
    fake = stored(release)
    for answer in (search(fake, f'{{"size":{"9" * 5000}}}'), document(fake, "3", f'{{"n":{"1" * 6000}}}')):
        assert answer.status == 400
        assert "exceeds the maximum allowed (1000" in str(answer.body)


BUCKETS = (
    '{"histogram":{"field":"n","interval":1e-300}}', '{"histogram":{"field":"n","interval":"NaN"}}',
    '{"histogram":{"field":"n","interval":1e400}}', '{"histogram":{"field":"n","interval":1,"extended_bounds":{"min":"NaN"}}}',
    '{"histogram":{"field":"n","interval":1,"extended_bounds":{"min":0,"max":1e308}}}',
    '{"histogram":{"field":"n","interval":1,"extended_bounds":{"min":0,"max":1e400}}}',
    f'{{"histogram":{{"field":"n","interval":1,"extended_bounds":{{"min":0,"max":{LONG}}}}}}}',
    f'{{"percentiles":{{"field":"n","percents":[{LONG}]}}}}', '{"percentiles":{"field":"n","percents":["NaN"]}}',
    '{"percentile_ranks":{"field":"n","values":[1e400]}}', '{"range":{"field":"n","ranges":[{"from":"x"}]}}',
    '{"avg":{"field":"n","missing":"x"}}', '{"avg":{"field":"n","format":"#,"}}',
)  # fmt: skip


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("tree", BUCKETS)
def test_aggregations_by_numbers_that_lead_nowhere(release: str, tree: str) -> None:
    fake = stored(release)
    document(fake, "2", '{"n":5000}')
    assert search(fake, f'{{"aggs":{{"x":{tree}}}}}').status in (400, 503)


@pytest.mark.parametrize("release", RELEASES)
def test_dates_shifted_beyond_all_dates(release: str) -> None:
    fake = stored(release)
    for bound in ("now+99999999999y", "9999999-01-01", "now-999999999d", "2016||+99999999y", "now/x"):
        assert search(fake, f'{{"query":{{"range":{{"t":{{"gte":"{bound}"}}}}}}}}').status == 400, bound
    interval = '"interval"' if release < "7.2" else '"fixed_interval"'
    for offset in ("1e400", "9223372036854775807", '"99999999999d"'):
        tree = f'{{"date_histogram":{{"field":"t",{interval}:"1h","offset":{offset},"time_zone":"Europe/Paris"}}}}'
        assert search(fake, f'{{"aggs":{{"x":{tree}}}}}').status == 400, offset


@pytest.mark.parametrize("release", RELEASES)
def test_options_of_queries_that_are_numbers(release: str) -> None:
    fake = stored(release)
    for option, bad in (
        ("fuzziness", "1e400"), ("fuzziness", '"AUTO:1_0,2"'), ("minimum_should_match", '"1<90% 1<x"'), ("slop", LONG),
        ("minimum_should_match", '"x<1"'), ("minimum_should_match", LONG), ("boost", LONG), ("prefix_length", "1e400"),
    ):  # fmt: skip
        answer = search(fake, f'{{"query":{{"match":{{"s":{{"query":"it failed","{option}":{bad}}}}}}}}}')
        assert answer.status == (200 if option == "prefix_length" else 400), (option, bad)
    good = search(fake, '{"query":{"match":{"s":{"query":"it failed","minimum_should_match":"-300%"}}}}')
    assert good.status == 200


@pytest.mark.parametrize("release", RELEASES)
def test_numbers_of_the_query_string(release: str) -> None:
    fake = stored(release)
    for query in (f"size={LONG}", "size=1_000", "size=%C2%B2", "from=1e3", "timeout=1_0s", "size=%201"):
        assert fake("GET", f"/i/_search?{query}").status == 400, query
    fake.put("x")
    for score in ("1_0", "inf", "%D9%A3", "0x1"):
        answer = fake("GET", f"{{ml}}/anomaly_detectors/x/results/records?record_score={score}")
        assert answer.reason == f"Failed to parse double parameter [record_score] with value [{'٣' if '%' in score else score}]"
    assert fake("GET", "{ml}/anomaly_detectors/x/results/records?record_score=1.5d").status == 200
    for score in ("1e400", "Infinity", "NaN"):
        # Read; a field of doubles has no such value, and where there is one it says so.
        answer = fake("GET", f"{{ml}}/anomaly_detectors/x/results/records?record_score={score}")
        assert answer.status == 200 or "supports only finite values" in str(answer.body)


@pytest.mark.parametrize(
    "body", ['{"open":1e308}', f'{{"open":{LONG}}}', '{"open":"9e9"}', f'{{"jobs":{{"a":{{"open":"{LONG}d"}}}}}}']
)
def test_delays_that_are_none(body: str) -> None:
    fake = http()
    before = fake("GET", "/_fake/delays").body
    assert "is not a duration" in fake("PUT", "/_fake/delays", body).reason
    assert fake("GET", "/_fake/delays").body == before


@pytest.mark.parametrize(
    "body", ['{"advance":1e308}', '{"advance":1e999}', f'{{"advance":{LONG}}}', '{"advance":[]}', '{"advance":"-1s"}',
             '{"set":"9999-12-31T23:59:59-23:00"}', '{"set":"0001-01-01T00:00:00+23:00"}', f'{{"set":{LONG}}}', '{"set":1e400}']
)  # fmt: skip
def test_clocks_that_cannot_be_moved_so_far(body: str) -> None:
    fake = http()
    before = fake("GET", "/_fake/clock").body["epoch_ms"]
    assert fake("POST", "/_fake/clock", body).status == 400
    assert fake("GET", "/_fake/clock").body["epoch_ms"] - before < 60_000


@pytest.mark.parametrize("release", RELEASES)
def test_numbers_in_texts_of_other_languages(release: str) -> None:
    fake = stored(release)
    for script in ("9" * 5000, "9" * 5000 + "L", "1 + " + "9" * 30, f"params.big * {'9' * 20}"):
        answer = search(fake, f'{{"aggs":{{"x":{{"max":{{"script":{{"source":"{script}","params":{{"big":{LONG}}}}}}}}}}}}}')
        assert answer.status in (400, 501), script
    for expression in ("params.big * 1.5", "Math.max('a', 1)", "Math.abs(null)", "params.l + 1"):
        script = f'{{"source":"{expression}","params":{{"big":{LONG},"l":[1]}}}}'
        assert search(fake, f'{{"aggs":{{"x":{{"max":{{"script":{script}}}}}}}}}').status == 400, expression


@pytest.mark.parametrize("release", RELEASES)
def test_numbers_in_query_strings(release: str) -> None:
    fake = stored(release)
    for text, status in (
        ("x^1.2.3", 400), ("x^.", 400), ("x~..", 400), ("(x)^..", 400), (f"x~{'9' * 5000}", 400), (f"x^{LONG}", 400),
        (f'"x y"~{"9" * 5000}', 400), (f'"x y"~{LONG}', 200), ("(s:it OR s:x)^2", 200), ("x~1", 200), ("x^1.5", 200),
    ):  # fmt: skip
        answer = fake("POST", "/i/_search", {"query": {"query_string": {"query": text, "default_field": "s"}}})
        assert answer.status == status, text[:20]
        assert fake("POST", "/i/_search", {"query": {"simple_query_string": {"query": text, "fields": ["s"]}}}).status == 200
