"""The named set-ups that come with the package, and those of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from fake_es.verify.docs.setups import Setups, UnknownSetup
from fake_es.verify.local import LocalConnection
from fake_es.verify.outcome import Outcome, Place
from fake_es.verify.runner import Runner
from fake_es.verify.suite import Section, Send, Suite
from fake_es.version import parse_version
from tests.verify.paged import Pages, snippet

# The set-ups of the documentation's build that are about machine learning.
OF_THE_BUILD = {
    "sample_job", "server_metrics_index", "server_metrics_data", "server_metrics_job", "server_metrics_datafeed",
    "server_metrics_openjob", "server_metrics_startdf", "server_metrics_flush", "server_metrics_job-raw",
    "server_metrics_datafeed-raw", "server_metrics_openjob-raw", "calendar_outages", "calendar_outages_openjob",
    "calendar_outages_addjob", "calendar_outages_addevent", "farequote_index", "farequote_data", "farequote_job",
    "farequote_datafeed", "setup_logdata", "logdata_job", "kibana_sample_data_ecommerce", "host", "node",
}  # fmt: skip


@pytest.mark.parametrize("release", ["5.4", "6.8", "7.17", "8.19", "9.5"])
def test_all_of_them_can_be_set_up(release: str) -> None:
    setups, connection = Setups(), LocalConnection(release)
    assert setups.all.keys() >= OF_THE_BUILD
    runner = Runner(connection, version=parse_version(release), cleanup=connection.renew)
    for name, setup in setups.all.items():
        reference = ":".join([name, *("x" for _ in setup.takes)])
        result = runner.run_section(*alone(setups, reference, release))
        # Data frame analytics are not emulated yet.
        assert result.outcome in (Outcome.PASSED, Outcome.SKIPPED), result
        assert (result.outcome is Outcome.SKIPPED) == (name == "logdata_job" and release > "7"), result


def alone(setups: Setups, reference: str, release: str) -> tuple[Suite, Section]:
    place = Place("page", 1)
    section = Section(place, reference, steps=tuple(setups.steps(reference, parse_version(release))))
    return Suite("page", Section(place, "setup"), Section(place, "teardown"), (section,)), section


def test_all_of_them_are_described() -> None:
    assert [name for name, setup in Setups().all.items() if not setup.description.endswith(".")] == []


def targets(setups: Setups, reference: str, release: str) -> list[str]:
    return [step.target for step in setups.steps(reference, parse_version(release)) if isinstance(step, Send)]


def test_a_folder_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "one.console").write_text("# The first.\n# takes: a, b\n# after: two:{b}\nGET {ml}/{a}{/type}\n")
    (tmp_path / "two.console").write_text("# takes: x\n# before: 7.0\nGET {x}/old\n\n# from: 7.0\nGET {x}/new\n\nGET {doc}\n")
    setups = Setups([tmp_path])
    assert targets(setups, "one:1:2", "6.8") == ["/2/old", "/_xpack/ml/1/type"]
    assert targets(setups, "one:1:2", "7.0") == ["/2/new", "/_doc", "/_ml/1"]
    assert setups.all["one"].description == "The first."
    for unknown in ("one", "one:1", "three", "two:1:2"):
        with pytest.raises(UnknownSetup):
            setups.steps(unknown, parse_version("9.5"))


def test_a_folder_of_ones_own_comes_first(tmp_path: Path) -> None:
    (tmp_path / "sample_job.console").write_text("GET mine\n")
    assert targets(Setups([tmp_path]), "sample_job", "9.5") == ["/mine"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("# What.\nFLY x\n", "own.console:2: Extra content in own, which is no request: FLY x"),
        ("GET x\n\nstartyaml\n- fly: 1\nendyaml\n", "own.console:4: unknown step [fly]"),
    ],
)
def test_one_that_cannot_be_read_fails_what_uses_it(tmp_path: Path, text: str, reason: str) -> None:
    pages = Pages(tmp_path)
    pages.write(text, "own.console")
    result = pages.only(snippet("GET /", after="// TEST[setup:own]"))
    assert f"{result.place}: {result.reason}" == f"{tmp_path}/{reason}"


def test_folders_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "own.console").write_text("# from: seven\nGET x\n")
    with pytest.raises(ValueError, match=r"own\.console:1: \[seven\] is no release"):
        Setups([tmp_path])
    with pytest.raises(ValueError, match="nowhere: no such folder of set-ups"):
        Setups([tmp_path / "nowhere"])


def test_bindings(tmp_path: Path) -> None:
    (tmp_path / "pages.json").write_text('{"ml/a*.asciidoc": ["sample_job"]}')
    setups = Setups([tmp_path])
    assert setups.of_page("docs/ml/abc.asciidoc") == ["sample_job"]
    assert setups.of_page("docs/abc.asciidoc") == []
    (tmp_path / "pages.json").write_text("[]")
    with pytest.raises(ValueError, match=r"pages\.json: expected an object"):
        Setups([tmp_path]).of_page("x")
