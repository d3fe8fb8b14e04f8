"""Lists within lists: to a mapping they are the values that they hold."""

from __future__ import annotations

import pytest

from tests.support import http


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([[], [[]], [None, []], [["a"], "b"]], "text"),
        ([[], [0]], "long"),
        ([[False]], "boolean"),
        ([[""]], "text"),
        ([[], {}, [{"a": 1}]], "object"),
        ([[], [None], [[]]], None),
    ],
)
def test_lists_in_a_list_say_what_their_values_say(values: object, kind: str | None) -> None:
    fake = http("9.5")
    assert fake("PUT", "/x/_doc/1", {"n": values}).status == 201
    mapped = fake("GET", "/x/_mapping").body["x"]["mappings"].get("properties", {})
    found = mapped.get("n")
    assert (found and found.get("type", "object")) == kind


def test_lists_in_a_long_list_are_looked_at_each() -> None:
    fake = http("9.5")
    fake("PUT", "/x", {"mappings": {"properties": {"n": {"type": "long"}}}})
    assert fake("PUT", "/x/_doc/1", {"n": [[1], []] * 2000}).status == 201
    refused = fake("PUT", "/x/_doc/2", {"n": [*[[1], []] * 2000, ["x"]]})
    assert (refused.status, refused.type) == (400, "document_parsing_exception")
    assert fake("GET", "/x/_count", {"query": {"term": {"n": 1}}}).body["count"] == 1
