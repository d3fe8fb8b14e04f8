"""Requests of the suite, spliced and changed, make no fault; ``make fuzz`` sends many more, from traces of the whole suite."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz import splice
from tests.fuzz.splice import Splicer, read_traces, run

# What some tests of the API send, recorded with ``pytest -p tests.recording --record FILE tests/api``.
SAMPLE = Path(__file__).with_name("sample.jsonl")
SEQUENCES = 60


@pytest.mark.parametrize("part", range(3))
def test_spliced_requests_make_no_fault(part: int) -> None:
    splicer = Splicer(read_traces([SAMPLE]), seed=1)
    for number in range(part, SEQUENCES, 3):
        found = run(splicer, number)[2]
        assert found is None, str(found)


def test_a_sequence_is_drawn_again_by_seed_and_number() -> None:
    traces = read_traces([SAMPLE])
    drawn = [Splicer(traces, seed=5).sequence(7) for _ in range(2)]
    assert drawn[0] == drawn[1] != Splicer(traces, seed=6).sequence(7)


def test_a_fault_is_told_with_what_leads_to_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In this process: what is broken here would not be in another."""

    class Here:
        def __init__(self, processes: int, initializer: object, initargs: tuple[object, ...]) -> None:
            assert callable(initializer)
            initializer(*initargs)

        def __enter__(self) -> Here:
            return self

        def __exit__(self, *_: object) -> None: ...

        def map(self, function: object, numbers: list[int], chunksize: int) -> object:
            assert callable(function)
            return map(function, numbers)

    def broken(*_: object) -> str:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(splice, "ProcessPoolExecutor", Here)
    monkeypatch.setattr("fake_es.app.authorize", broken)
    assert splice.main([str(SAMPLE), "--requests", "100", "--seed", "3"]) == 1
    told = capsys.readouterr().out
    assert told.startswith("seed 3\n--- RuntimeError at ")
    assert "broken on purpose" in told
    assert "sequence 0, release " in told
