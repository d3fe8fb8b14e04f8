"""The command that measures the engine on labelled series: what it counts, on small series made here."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.labelled import main

START = datetime(2024, 1, 1)
Hours = Sequence[int]


def at(hour: float) -> str:
    """A time as labels have it."""
    return (START + timedelta(hours=hour)).strftime("%Y-%m-%d %H:%M:%S.%f")


def write(directory: Path, spikes: Mapping[str, Hours], windows: Mapping[str, Sequence[tuple[float, float]]]) -> Path:
    """Lay out series of three hundred hours, rows in disorder, with a tenfold value at the hours of ``spikes``."""
    source = random.Random(7)
    for name, hours in spikes.items():
        rows = [f"{at(hour + 0.0001)},{source.gauss(100, 5) * (10 if hour in hours else 1)}" for hour in range(300)]
        source.shuffle(rows)
        path = directory / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(["timestamp,value", *rows, ""]))
    labels = directory / "labels" / "combined_windows.json"
    labels.parent.mkdir()
    labels.write_text(json.dumps({name: [(at(a), at(b)) for a, b in windows.get(name, ())] for name in spikes}))
    return directory


def run(capsys: pytest.CaptureFixture[str], directory: Path, *options: str) -> list[list[str]]:
    """The words of each line that is printed."""
    assert main([str(directory), *options]) == 0
    return [line.split() for line in capsys.readouterr().out.splitlines()]


def engine_at(lines: list[list[str]], threshold: str) -> list[str]:
    """Found, missed, false, false a week and F1 of the engine."""
    [row] = [line[2:] for line in lines if line[:2] == ["engine", threshold]]
    return row


def test_what_is_found_missed_and_false(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spikes = {"a/found.csv": [150], "a/missed.csv": [], "b/false.csv": [150, 156, 163]}
    write(tmp_path, spikes, {"a/found.csv": [(148.5, 152)], "a/missed.csv": [(148.5, 152)]})
    lines = run(capsys, tmp_path, "--each", "--threshold", "60")
    assert [line[:1] + line[1:3] + line[4:] for line in lines[1:4]] == [
        ["a/found.csv", "3600s", "300", "1", "0", "0"],
        ["a/missed.csv", "3600s", "300", "0", "1", "0"],
        ["b/false.csv", "3600s", "300", "0", "0", "2"],
    ]
    for threshold in ("25", "50", "60", "75"):
        assert engine_at(lines, threshold) == ["1", "1", "2", "0.37", "0.400"]
    assert [line[:2] + line[3:6] for line in lines if line[:1] in (["rolling"], ["seasonal"])] == [
        ["rolling", "z-score", "1", "1", "1"],
        ["seasonal", "difference", "1", "1", "5"],
    ]
    assert lines[-1][:6] == ["3", "series,", "900", "records,", "5", "weeks;"]


@pytest.mark.parametrize(
    ("window", "found"),
    [
        pytest.param((150.5, 155), "1", id="the bucket in which it begins"),
        pytest.param((151, 155), "1", id="a bucket before"),
        pytest.param((151.5, 155), "0", id="more than a bucket before"),
        pytest.param((145, 150), "1", id="at its end"),
        pytest.param((145, 149.5), "0", id="after its end"),
    ],
)
def test_from_when_to_when_a_window_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], window: tuple[float, float], found: str
) -> None:
    write(tmp_path, {"a/x.csv": [150]}, {"a/x.csv": [window]})
    assert engine_at(run(capsys, tmp_path), "50")[:3] == [found, str(1 - int(found)), str(1 - int(found))]


def test_a_span_that_is_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, {"a/x.csv": [150]}, {"a/x.csv": [(150, 151)]})
    lines = run(capsys, tmp_path, "--span", "7200", "--each")
    assert lines[1][1] == "7200s"
    assert engine_at(lines, "50")[0] == "1"


@pytest.mark.parametrize(
    ("labels", "options", "reason"),
    [
        (None, [], "combined_windows.json"),
        ("{}", [], "combined_windows.json: no series"),
        ('{"a/x.csv": [["yesterday", "today"]]}', [], "combined_windows.json: Invalid isoformat string: 'yesterday'"),
        ("{}", ["--span", "0"], "a bucket spans at least a second"),
    ],
)
def test_what_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], labels: str | None, options: list[str], reason: str
) -> None:
    (tmp_path / "labels").mkdir()
    if labels is not None:
        (tmp_path / "labels" / "combined_windows.json").write_text(labels)
    with pytest.raises(SystemExit) as ended:
        main([str(tmp_path), *options])
    assert ended.value.code == 2
    assert reason in capsys.readouterr().err


def test_what_cannot_be_read_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, {"a/x.csv": []}, {})
    broken = tmp_path / "data" / "a" / "x.csv"
    for damage in (lambda: broken.write_text("timestamp,value\n2024-01-01 00:00:00,much\n"), broken.unlink):
        damage()
        with pytest.raises(SystemExit) as ended:
            main([str(tmp_path)])
        assert ended.value.code == 2
        assert str(broken) in capsys.readouterr().err
