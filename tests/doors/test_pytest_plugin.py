"""The pytest door, seen from the test runs of others."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

pytest_plugins = ["pytester"]

USER = """
    import json
    from urllib.request import urlopen

    import pytest

    def release(fake):
        return json.loads(fake.handle("GET", "/", {}).body)["version"]["number"]

    def test_the_newest_by_default(fake_es):
        assert release(fake_es).startswith("9.")

    @pytest.mark.fake_es(version="5.4.0", clock="system", security=False, seed=7)
    def test_a_release_by_marker(fake_es):
        assert release(fake_es) == "5.4.0"
        assert fake_es.clock.mode == "system"

    @pytest.mark.fake_es(version="7.17.0", security=True)
    class TestMarked:
        def test_of_the_class(self, fake_es):
            assert fake_es.handle("GET", "/", {}).status == 401

        @pytest.mark.fake_es(version="8.19.0", security=False)
        def test_the_nearest_counts(self, fake_es):
            assert release(fake_es) == "8.19.0"

        @pytest.mark.fake_es(version="8.19.0")
        def test_what_it_leaves_open_is_of_the_class(self, fake_es):
            assert fake_es.handle("GET", "/", {}).status == 401

    def test_server(fake_es, fake_es_server):
        with urlopen(fake_es_server) as answer:
            assert json.load(answer)["version"]["number"] == str(fake_es.version)

    @pytest.mark.fake_es(version="8.19")
    def test_client(fake_es, fake_es_client):
        assert fake_es_client.info()["version"]["number"] == str(fake_es.version)

    @pytest.mark.fake_es(version="5.6")
    def test_old_client(fake_es, fake_es_client):
        assert fake_es_client.info()["version"]["number"] == str(fake_es.version)

    @pytest.mark.parametrize("turn", range(8))
    def test_each_has_its_own(fake_es, fake_es_server, turn):
        body = json.dumps({"analysis_config": {"detectors": [{"function": "count"}]}, "data_description": {}}).encode()
        assert fake_es.handle("PUT", "/_ml/anomaly_detectors/x", {"content-type": "application/json"}, body).status == 200
        with urlopen(fake_es_server + "/_ml/anomaly_detectors") as answer:
            assert json.load(answer)["count"] == 1
"""


def test_fixtures_and_marker(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(USER)
    # The oldest clients may be compiled here: on each import, where bytecode is not kept.
    clients = ("-W", "ignore:invalid escape sequence")
    pytester.runpytest_inprocess("--strict-markers", "-W", "error", *clients).assert_outcomes(passed=16)


def test_under_xdist(pytester: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    pytester.makepyfile(USER)
    pytester.runpytest_subprocess(
        "--strict-markers", "-W", "error", "-n2", "-p", "no:hypothesispytest", "-k", "own or release"
    ).assert_outcomes(passed=9)


def test_the_marker_is_listed(pytester: pytest.Pytester) -> None:
    pytester.runpytest_inprocess("--markers").stdout.fnmatch_lines(["*@pytest.mark.fake_es(version=, security=, clock=*"])


def test_a_wrong_marker_is_an_error_of_the_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pytest

        @pytest.mark.fake_es("8.19")
        def test_not_by_name(fake_es): ...

        @pytest.mark.fake_es(version="4.0")
        def test_no_such_release(fake_es): ...

        @pytest.mark.fake_es(versoin="8.19")
        def test_misspelt(fake_es): ...
    """)
    result = pytester.runpytest_inprocess("-p", "no:xdist")
    result.assert_outcomes(errors=3)
    for said in (
        "*the marker fake_es takes named arguments only, as FakeElasticsearch does*",
        "*unknown Elasticsearch version [[]4.0[]]*",
        "*unexpected keyword argument 'versoin'*",
    ):
        result.stdout.fnmatch_lines([said])


@pytest.fixture
def library(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a module outside of the folder of a run. It must be loaded in the end, after ``pytester`` has tidied up."""
    name, folder = "loaded_by_a_run", tmp_path_factory.mktemp("library")
    (folder / f"{name}.py").touch()
    monkeypatch.syspath_prepend(folder)
    yield name
    assert sys.modules.pop(name).__file__ == str(folder / f"{name}.py")


def test_runs_in_this_process_unload_only_their_own_modules(library: str, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_of_a_run=f"import {library}\n\n\ndef test_it():\n    pass")
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)
    assert library in sys.modules
    assert "test_of_a_run" not in sys.modules


def test_unused_it_loads_nothing(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import sys

        def test_nothing_is_loaded():
            loaded = {name.partition(".")[0] for name in sys.modules}
            assert not loaded & {"werkzeug", "jsonschema", "responses", "requests", "elastic_transport", "numpy"}
            assert {name for name in sys.modules if name.startswith("fake_es")} <= {
                "fake_es", "fake_es.doors", "fake_es.doors.pytest_plugin"
            }
    """)
    plain = ("-p", "no:hypothesispytest", "-p", "no:xdist", "-p", "no:cacheprovider")
    pytester.runpytest_subprocess(*plain).assert_outcomes(passed=1)


def test_the_report_of_a_failure_shows_the_last_calls(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        def test_one(fake_es, fake_es_client):
            fake_es_client.indices.exists(index="a")
            assert False

        def test_another(fake_es_client):
            fake_es_client.info()
            assert False
    """)
    result = pytester.runpytest_subprocess("-p", "no:hypothesispytest")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*Last 1 calls of fake_es*", "#1 HEAD /a -> 404 (indices.exists)"])
    result.stdout.fnmatch_lines(["*Last 1 calls of fake_es*", "#1 GET / -> 200 (info)"])


def test_a_strict_fault_rule_that_never_fired_fails_the_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pytest

        RULE = {"operation": "ml.*", "error": "no_master", "strict": True}

        @pytest.mark.fake_es(faults=[{"name": "never", **RULE}])
        def test_never(fake_es):
            fake_es.handle("GET", "/", {})

        @pytest.mark.fake_es(faults=[RULE])
        def test_fired(fake_es):
            assert fake_es.handle("GET", "/_ml/info", {}).status == 503

        @pytest.mark.fake_es(faults=[RULE | {"strict": False}])
        def test_not_strict(fake_es):
            pass

        @pytest.mark.fake_es(faults=[{"eror": "no_master"}])
        def test_bad(fake_es):
            pass
    """)
    result = pytester.runpytest_inprocess("-p", "no:xdist")
    result.assert_outcomes(passed=2, failed=1, errors=1)
    result.stdout.fnmatch_lines(["fault [[]never[]] never fired: 0 of 1 calls fitted it"])
    result.stdout.fnmatch_lines(["*fault [[]fault-1[]]: unknown field [[]eror[]]*"])
