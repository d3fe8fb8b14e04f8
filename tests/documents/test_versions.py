"""Versions and sequence numbers of documents, and writers who do not know the last ones."""

from __future__ import annotations

from typing import Any

import pytest

from fake_es.indices.index import Index
from fake_es.mapping.mapping import Mapping
from fake_es.wire.errors import ElasticsearchError


def made(release: tuple[int, ...] = (8, 19), spare: int = 1000) -> Index:
    """An index without documents."""
    return Index("books", "uuid", 0, {}, Mapping(release), spare=spare)


def test_versions_go_on_after_a_deletion() -> None:
    index = made()
    assert index.put("1", {}).version == 1
    assert (index.put("1", {}).version, index.put("2", {}).seq_no) == (2, 2)
    gone, version, seq_no = index.delete("1")
    assert gone is not None
    assert (gone.version, version, seq_no) == (2, 3, 3)
    assert index.delete("1")[:2] == (None, 4)
    document = index.put("1", {})
    assert (document.version, document.seq_no) == (5, 5)


def test_external_versions() -> None:
    index = made()
    assert index.put("1", {}, version=7, version_type="external").version == 7
    assert index.put("1", {}, version=7, version_type="external_gte").version == 7
    assert index.delete("1", version=9, version_type="external")[1] == 9


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"op_type": "create"}, "document already exists (current version [2])"),
        (
            {"if_seq_no": 0, "if_primary_term": 1},
            "required seqNo [0], primary term [1]. current document has seqNo [1] and primary term [1]",
        ),
        ({"version": 1}, "current version [2] is different than the one provided [1]"),
        (
            {"version": 2, "version_type": "external"},
            "current version [2] is higher or equal to the one provided [2]",
        ),
    ],
)
def test_conflicts(options: dict[str, Any], why: str) -> None:
    index = made()
    index.put("1", {"a": 1})
    index.put("1", {"a": 2})
    with pytest.raises(ElasticsearchError) as caught:
        index.put("1", {"a": 3}, **options)
    assert caught.value.entry() == {
        "type": "version_conflict_engine_exception", "reason": f"[1]: version conflict, {why}", "index_uuid": "uuid",
        "shard": "0", "index": "books",
    }  # fmt: skip
    assert caught.value.status == 409
    found = index.get("1")
    assert found is not None
    assert found.source == {"a": 2}


def test_a_document_that_is_not_there_has_no_sequence_number() -> None:
    with pytest.raises(ElasticsearchError, match=r"required seqNo \[0\], primary term \[1\]. but no document was found"):
        made().put("1", {}, if_seq_no=0, if_primary_term=1)


def test_the_writer_who_knows() -> None:
    index = made()
    index.put("1", {})
    assert index.put("1", {}, if_seq_no=0, if_primary_term=1, text="{}").version == 2
    assert index.put("1", {}, version=2).version == 3
    assert index.put("2", {}, op_type="create").version == 1


def test_older_conflicts_name_the_type() -> None:
    index = made((6, 8))
    index.put("1", {})
    with pytest.raises(ElasticsearchError, match=r"^\[_doc\]\[1\]: version conflict"):
        index.put("1", {}, op_type="create")


def test_room_of_deleted_documents_is_used_again() -> None:
    index = made(spare=2)
    for number in range(10):
        document = index.put("1", {"n": number})
        assert list(document.values("n")) == [number]
        assert index.deleted <= 3
    assert (len(index), [found.source for found in index]) == (1, [{"n": 9}])
