"""``fake-es verify``: it runs files, prints the result of each test, and a summary."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from fake_es.verify.docs.promotion import apply_advice
from fake_es.verify.docs.running import Skipping
from fake_es.verify.docs.setups import Setups
from fake_es.verify.outcome import Advice, Failed, Outcome, Result
from fake_es.verify.report import FileResult, table, write_json, write_junit
from fake_es.verify.sources import Source, read_sources
from fake_es.verify.verifier import Options, Verifier
from fake_es.version import UnknownVersionError

_PROGRESS_AFTER = 2.0


def run(chosen: argparse.Namespace) -> int:
    """Run the command. Return its exit code: 1 if a test failed, 2 if it could not start."""
    if chosen.list_setups:
        return _list_setups(chosen.setups)
    missing = [str(path) for path in chosen.paths if not path.exists()]
    if missing or not chosen.paths:
        return _refused(f"no such file or folder: {', '.join(missing)}" if missing else "name files or folders to verify")
    try:
        verifier = Verifier(options_of(chosen))
    except (Failed, UnknownVersionError, ValueError, OSError) as error:
        return _refused(str(error))
    if chosen.url and not chosen.allow_wipe:
        print("nothing is wiped after a test: --allow-wipe has everything that the cluster holds deleted")
    with verifier:
        try:
            results = list(_run_all(verifier, read_sources(chosen.paths)))
        except ImportError as error:
            # PyYAML is not installed; it is an extra.
            return _refused(str(error))
    return _sum_up(chosen, verifier, results)


def options_of(chosen: argparse.Namespace) -> Options:
    """The options from the arguments."""
    return Options(
        version=chosen.version,
        url=chosen.url,
        user=chosen.user,
        api_key=chosen.api_key,
        ca_certs=chosen.ca_certs,
        allow_wipe=chosen.allow_wipe,
        skipping=Skipping(chosen.skipped),
        setups=tuple(chosen.setups),
        varying=chosen.varying,
    )


def _refused(reason: str) -> int:
    print(f"fake-es verify: {reason}", file=sys.stderr)
    return 2


def _list_setups(folders: list[Path]) -> int:
    try:
        setups = Setups(folders)
    except ValueError as error:
        return _refused(str(error))
    for name, setup in sorted(setups.all.items()):
        print(f"{':'.join([name, *(value.upper() for value in setup.takes)]):<36} {setup.description}")
    return 0


def _run_all(verifier: Verifier, sources: Iterator[Source]) -> Iterator[FileResult]:
    """Run all tests, and print a line for each below the name of its file."""
    progress = _Progress()
    for source, runs in groupby(verifier.run_all(sources), key=lambda each: each[0]):
        print(source.path)
        for _, item, result in runs:
            progress.clear()
            for line in _lines(item.name, result):
                print(line)
            yield FileResult(source.path, item.name, result)
            progress.show(result)
    progress.clear()


def _lines(name: str, result: Result) -> Iterator[str]:
    yield f"  {name} {result.outcome.value.upper()}"
    if result.reason:
        yield from (f"    {line}" for line in f"{result.place}: {result.reason}".splitlines())
    yield from (f"    {line}" for each in result.advice for line in str(each).splitlines())


class _Progress:
    """A line with the progress of a long run, only on a terminal."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._run = self._failed = 0
        self._shown = False

    def show(self, result: Result) -> None:
        """Count a test, and show the line if the run takes long."""
        self._run += 1
        self._failed += result.outcome is Outcome.FAILED
        seconds = time.perf_counter() - self._started
        if seconds > _PROGRESS_AFTER and sys.stderr.isatty():
            print(f"{self._run} run, {self._failed} failed, {seconds:.0f} s", end="", file=sys.stderr, flush=True)
            self._shown = True

    def clear(self) -> None:
        """Remove the line."""
        if self._shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
            self._shown = False


def _sum_up(chosen: argparse.Namespace, verifier: Verifier, results: list[FileResult]) -> int:
    print()
    for line in table(results):
        print(line)
    advices = [advice for each in results for advice in each.result.advice]
    try:
        if chosen.junit:
            write_junit(chosen.junit, results)
        if chosen.json:
            write_json(chosen.json, str(verifier.runner.version), results)
        if chosen.write:
            _write(advices)
    except OSError as error:
        return _refused(str(error))
    if advices and not chosen.write:
        print("pages could be changed as said above: --write does it")
    if not results:
        return _refused("nothing to verify in there")
    return 1 if any(each.result.outcome is Outcome.FAILED for each in results) else 0


def _write(advices: list[Advice]) -> None:
    for path, of_page in groupby(sorted(advices, key=lambda each: each.place), key=lambda each: each.place.path):
        file = Path(path)
        with file.open(encoding="utf-8", newline="") as opened:
            text = opened.read()
        with file.open("w", encoding="utf-8", newline="") as opened:
            opened.write(apply_advice(text, list(of_page)))
        print(f"changed {path}")
