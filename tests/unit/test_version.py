"""Which releases can be named, and what they say of themselves."""

from __future__ import annotations

import pytest

from fake_es.version import NEWEST, NEWEST_PATCH, UnknownVersionError, Version, parse_version


@pytest.mark.parametrize(
    ("named", "meant"),
    [("5.4.0", "5.4.0"), ("5.4", "5.4.3"), ("7", "7.17.29"), ("6.8.23", "6.8.23"), ("7.17.13", "7.17.13"), ("9.5.0", "9.5.0")],
)
def test_a_line_means_its_newest_known_patch(named: str, meant: str) -> None:
    assert str(parse_version(named)) == meant


def test_no_name_means_the_newest_release() -> None:
    assert parse_version(None) == NEWEST
    assert NEWEST[:2] == (9, 5)
    assert parse_version(NEWEST) is NEWEST


def test_a_patch_newer_than_this_package_is_believed_where_the_line_still_lives() -> None:
    assert str(parse_version("9.5.99")) == "9.5.99"


@pytest.mark.parametrize("named", ["5.3", "4", "5.4.9", "9.99", "nine", "", "7.17.0.1", "7..1", "-7", "7.x", "²"])
def test_an_unknown_release_is_refused_by_name(named: str) -> None:
    with pytest.raises(UnknownVersionError, match="unknown Elasticsearch version"):
        parse_version(named)


def test_versions_compare_with_plain_tuples() -> None:
    assert Version(6, 8, 23) >= (6, 1)
    assert not Version(6, 0, 1) >= (6, 1)
    assert Version(10, 0, 0) > Version(9, 5, 1)


@pytest.mark.parametrize("line", NEWEST_PATCH)
def test_every_release_describes_its_build(line: tuple[int, int]) -> None:
    version = parse_version(f"{line[0]}.{line[1]}")
    build = version.describe()
    assert build["number"] == str(version)
    assert len(build["build_hash"]) == (7 if version < (7, 0) else 40)
    assert build["build_date"] > "2017"
    assert build["lucene_version"][0].isdigit()
    assert ("build_flavor" in build) == (version >= (6, 3))
    assert ("minimum_wire_compatibility_version" in build) == (version >= (6, 0))
