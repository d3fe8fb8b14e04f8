"""Messages to tokens, tokens to categories, and categories as values of ``mlcategory``."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

import pytest

from fake_es.ml.engine.categorization import tokenizers
from fake_es.ml.engine.categorization.analyzer import UnsupportedAnalyzer, analyzer_of
from fake_es.ml.engine.categorization.categorizer import Categorizer
from fake_es.ml.engine.categorization.distance import similarity
from fake_es.ml.engine.engine import Engine, by_kind
from tests.engine.support import HOUR, START, analysis, engine, feed, results

STARTED = "<sol13m-8602.1.p2ps: Info: Source LOTS on 33080:2 has started.>"
MESSAGES = [
    "Node 1 started",
    "Failed to shutdown [error org.aaaa.bbbb.Cccc line 54 caused by foo exception]",
    "Node 2 started",
    "Failed to shutdown [error org.aaaa.bbbb.Cccc line 57 caused by bar exception]",
    "Node 14 started",
]


@pytest.mark.parametrize(
    ("text", "classic", "standard"),
    [
        (STARTED, "sol13m-8602.1.p2ps Info Source LOTS on has started", "sol13m-8602.1.p2ps Info Source LOTS on has started"),
        ("deadbeef 10.2.3.4 0x1f 12:30 a1b2", "", ""),
        ("GET http://a.b/c_d?x=1", "GET http c_d x", "GET http://a.b/c_d x"),
        ("reads /var/log/x.log now", "reads var log x.log now", "reads /var/log/x.log now"),
        (r"in C:\Users\me or \\srv\share", "in Users me or srv share", r"in C:\Users\me or \\srv\share"),
        ("to user@host. -dash- _low_", "to user host dash low", "to user@host dash low"),
        ("key:value /// ///x", "key value x", "key value ///x"),
        ("", "", ""),
    ],
)
def test_tokens(text: str, classic: str, standard: str) -> None:
    assert " ".join(tokenizers.classic(text)) == classic
    assert " ".join(tokenizers.standard(text)) == standard


@pytest.mark.parametrize(
    ("config", "tokens"),
    [
        (None, ["failed", "Node"]),
        ("standard", ["monday", "failed", "on", "node", "7"]),
        ("whitespace", ["Monday", "failed", "on", "Node", "7", "second", "line"]),
        ({"tokenizer": "whitespace", "char_filter": ["first_line_with_letters"]}, ["Monday", "failed", "on", "Node", "7"]),
        ({"tokenizer": "letter", "filter": ["lowercase", {"type": "limit", "max_token_count": "2"}]}, ["monday", "failed"]),
        (
            {"char_filter": [{"type": "pattern_replace", "pattern": "on (No)", "replacement": "$1"}]},
            ["Monday", "failed", "Node"],
        ),
        (
            {"tokenizer": {"type": "pattern", "pattern": r"\s+on\s+"}, "filter": [{"type": "length", "max": 15}]},
            ["Monday failed"],
        ),
        ({"filter": [{"type": "stop", "stopwords": ["monday", "line"], "ignore_case": True}]}, ["failed", "on", "Node"]),
        ({"char_filter": [{"type": "mapping", "mappings": ["Node => Host"]}]}, ["Monday", "failed", "on", "Host"]),
    ],
)
def test_analyzers(config: Any, tokens: list[str]) -> None:
    found = analyzer_of(config)("Monday failed on Node 7\nsecond line")
    assert [token for token in found if token in tokens][: len(tokens)] == tokens


@pytest.mark.parametrize(
    "config",
    ["french", {"tokenizer": "ngram"}, {"filter": ["snowball"]}, {"char_filter": ["html_strip"]},
     {"filter": [{"type": "stop", "stopwords": "_english_"}]}],
)  # fmt: skip
def test_parts_that_are_not_here_are_named(config: Any) -> None:
    with pytest.raises(UnsupportedAnalyzer, match=r"french|ngram|snowball|html_strip|_english_"):
        analyzer_of(config)


def test_likeness() -> None:
    assert similarity([], []) == 1
    assert similarity(["a1"], []) == 0
    assert similarity(["Node", "started"], ["Node", "started"]) == 1
    assert 0.4 < similarity(["Node", "started"], ["Node", "stopped"]) < 0.6
    assert similarity(["Node", "x_1", "started"], ["Node", "x_2", "started"]) > 0.8


def test_like_messages_are_of_one_category() -> None:
    categorizer = Categorizer(analyzer_of(None), count(1))
    ids = [found.id for message in MESSAGES * 2 if (found := categorizer.category(message))]
    assert ids == [1, 2, 1, 2, 1] * 2
    first, second = categorizer.take_changed()
    assert first.definition() == {
        "category_id": 1,
        "terms": "Node started",
        "regex": ".*?Node.+?started.*",
        "max_matching_length": 16,
        "examples": ["Node 1 started", "Node 14 started", "Node 2 started"],
        "num_matches": 6,
    }
    assert "foo" not in second.definition()["terms"].split()
    assert categorizer.take_changed() == []
    categorizer.category(MESSAGES[0])
    assert categorizer.take_changed() == []
    categorizer.refresh()
    assert [(category.id, category.matches) for category in categorizer.take_changed()] == [(1, 7)]


def test_messages_without_tokens_are_of_a_category_of_their_own() -> None:
    categorizer = Categorizer(analyzer_of(None), count(1))
    ids = [found.id for message in ["1 2 3", "Node started", "77"] if (found := categorizer.category(message))]
    assert ids == [1, 2, 1]
    definition = categorizer.take_changed()[0].definition()
    assert (definition["terms"], definition["regex"]) == ("", "")


def test_examples_are_few_and_short() -> None:
    categorizer = Categorizer(analyzer_of(None), count(1), examples_limit=2)
    for number in range(5):
        categorizer.category(f"Node {number} started" + " " * 2000)
    (category,) = categorizer.take_changed()
    assert [len(example) for example in category.examples] == [1003, 1003]


def test_statistics_and_status() -> None:
    categorizer = Categorizer(analyzer_of(None), count(1))
    for number in range(150):
        categorizer.category(f"word{chr(97 + number // 26)}{chr(97 + number % 26)}x goes its own way{'z' * number}")
    stats = categorizer.stats()
    assert stats["categorized_doc_count"] == 150
    assert stats["total_category_count"] == 1 or stats["categorization_status"] == "warn"
    assert categorizer.category("nothing like the others is here", may_grow=False) is None
    assert categorizer.stats()["failed_category_count"] == 1


def job(**config: Any) -> Any:
    detector = {"function": "count", "by_field_name": "mlcategory", **config.pop("detector", {})}
    return analysis(detector, categorization_field_name="message", **config)


def records(partitions: int = 1) -> list[dict[str, Any]]:
    return [
        {"time": START + hour * HOUR + at, "message": message, "app": f"app{at % partitions}"}
        for hour in range(40)
        for at, message in enumerate(MESSAGES * 2)
    ]


def test_definitions_come_with_the_results_and_ids_in_the_series() -> None:
    judge = Engine("x", job())
    odd = [{"time": START + 40 * HOUR + at, "message": "Node 3 started"} for at in range(100)]
    found = results(judge, [*records(), *odd, {"time": START + 41 * HOUR}])
    assert [definition["mlcategory"] for definition in found["category_definition"]] == ["1", "2"]
    spike = max(found["record"], key=lambda record: record["record_score"])
    assert (spike["by_field_name"], spike["by_field_value"], spike["mlcategory"]) == ("mlcategory", "1", ["1"])
    size = judge.model_size()
    assert (size["total_category_count"], size["categorized_doc_count"], size["categorization_status"]) == (2, 500, "ok")


def test_categories_by_partition() -> None:
    config = job(detector={"partition_field_name": "app"}, per_partition_categorization={"enabled": True})
    judge = Engine("x", config)
    feed(judge, records(partitions=2))
    definitions = by_kind(judge.take_results())["category_definition"]
    assert [(d["category_id"], d["partition_field_value"], d["app"]) for d in definitions] == [
        (1, "app0", "app0"), (2, "app1", "app1"), (3, "app1", "app1"), (4, "app0", "app0"),
    ]  # fmt: skip
    assert [stats["partition_field_value"] for stats in judge.categorizer_stats()] == ["app0", "app1"]


def test_ids_stay_when_an_engine_goes_on() -> None:
    whole = Engine("x", job())
    feed(whole, records()[:217])
    whole.take_results()
    resumed = Engine("x", job(), json.loads(json.dumps(whole.state())))
    rest = [*records()[217:], {"time": START + 45 * HOUR, "message": "quite another thing happened"}]
    for judge in (whole, resumed):
        feed(judge, rest)
    assert whole.take_results() == resumed.take_results()
    assert whole.state() == resumed.state()


def test_a_filter_takes_out_what_tells_messages_apart() -> None:
    config = job(categorization_filters=[r"\[.*?\]"])
    found = results(Engine("x", config), records())
    assert found["category_definition"][1]["terms"] == "Failed to shutdown"


def test_records_without_a_message_have_no_category() -> None:
    judge = engine({"function": "count", "by_field_name": "mlcategory"}, categorization_field_name="message")
    found = results(judge, [{"time": START}, {"time": START + HOUR}])
    assert "category_definition" not in found
    assert judge.model_size()["total_by_field_count"] == 0
