"""Tests against mutants, each in a process of its own.

There are two ways. The quick one forks where the tests are collected already, gives the functions and constants of the mutant's
module their mutated code, and runs the tests that run its line. What this cannot change (classes, defaults), or does not kill
although the line is run by an import too, goes the sure way: the tests are collected anew by a process in which nothing of the
project is loaded, and which imports the mutant.
"""

from __future__ import annotations
import __future__

import ast
import gc
import importlib
import inspect
import json
import os
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple

import coverage
import pytest

from tests.mutants.mutations import Mutant, import_name
from tests.mutants.rooms import Room

# What the tests need and no mutant can change: loaded once.
_SHARED = (
    "aiohttp", "cbor2", "elasticsearch9", "httpx", "hypothesis.strategies", "jsonschema", "requests", "responses", "werkzeug",
    "yaml",
)  # fmt: skip
# Without rewritten assertions: pytest's own importer would come before the one that imports mutants.
_PYTEST = (
    "-x", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:terminal", "-o", "addopts=-m 'not nightly'", "--timeout=30",
    "-W", "ignore::pytest.PytestAssertRewriteWarning",
)  # fmt: skip
# How a child ends; a negative status is that of one that took too long. ``_UNSURE``: it has to go the sure way. ``_BROKEN``:
# something went wrong that is no test.
_SURVIVED, _KILLED, _UNSURE, _BROKEN = 0, 1, 69, 70


class Selection(NamedTuple):
    """How long each test of a room takes, in seconds, which tests run which line of which file, and what they import.

    Where a line is run outside of tests, their names have an empty one among them.
    """

    durations: dict[str, float]
    lines: dict[str, dict[int, list[str]]]
    modules: list[str]

    def near(self, mutant: Mutant) -> list[str]:
        """Tests that run the mutant's line, the quick ones first; if there are none, all of its file."""
        return sorted(filter(None, self._run_by(mutant)), key=self._duration) or self._of_file(mutant)

    def is_imported(self, mutant: Mutant) -> bool:
        """Whether the mutant's line is run outside of tests, or outside of functions: then more tests may depend on it."""
        functions = (node for node in ast.walk(ast.parse(mutant.code)) if isinstance(node, ast.FunctionDef))
        inside = any(node.body[0].lineno <= mutant.line <= (node.end_lineno or 0) for node in functions)
        return not inside or "" in self._run_by(mutant)

    def _run_by(self, mutant: Mutant) -> list[str]:
        by_line = self.lines[mutant.module]
        before = [line for line in by_line if line <= mutant.line]
        return by_line[max(before)] if before else []

    def order(self, mutant: Mutant) -> list[str]:
        """The same, and then the others of its file, that may show it all the same: an answer was kept, or a constant read."""
        near = self.near(mutant)
        return list(dict.fromkeys([*near, *self._of_file(mutant)]))

    def _of_file(self, mutant: Mutant) -> list[str]:
        found = {test for tests in self.lines[mutant.module].values() for test in tests if test}
        return sorted(found, key=self._duration)

    def _duration(self, test: str) -> float:
        return self.durations.get(test, 0.0)

    def bound(self, items: Iterable[pytest.Item]) -> None:
        """Let each test fail that takes far longer than it did: the mutant makes it hang."""
        for item in items:
            item.add_marker(pytest.mark.timeout(5 * self._duration(item.nodeid) + 5))

    @property
    def limit(self) -> float:
        """Seconds after which a mutant has made the tests hang."""
        return 3 * sum(self.durations.values()) + 30


def load_shared() -> None:
    """Import what all runs have in common."""
    for name in _SHARED:
        with suppress(ImportError):
            importlib.import_module(name)
    assert not any(name.startswith("fake_es") for name in sys.modules), "each run imports the project itself"


# --- which tests run what


class _Recorder:
    """A plugin of pytest: measures each test, and says whose lines are run."""

    def __init__(self, measured: coverage.Coverage, modules: Sequence[str]) -> None:
        self._measured = measured
        self._modules = modules
        self.durations: defaultdict[str, float] = defaultdict(float)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        # A test that finds an answer kept would not run the lines that it depends on.
        for name in self._modules:
            if name in sys.modules:
                _forget(sys.modules[name])
        self._measured.switch_context(nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.durations[report.nodeid] += report.duration


def select(room: Room) -> Selection:
    """Run the tests of a room once, unchanged, to see what they take and run.

    :raises RuntimeError: they fail.
    """
    found = _in_child(lambda: _record(room))
    if found is None:
        raise RuntimeError(f"the tests fail without a mutant: pytest {' '.join(room.tests)}")
    lines = {module: {int(line): tests for line, tests in by_line.items()} for module, by_line in found["lines"].items()}
    return Selection(found["durations"], lines, found["modules"])


def _record(room: Room) -> Any:
    measured = coverage.Coverage(data_file=None, config_file=False, include=list(room.modules))
    recorder = _Recorder(measured, [import_name(module) for module in room.modules])
    measured.start()
    failed = pytest.main([*_PYTEST, *room.tests], plugins=[recorder])
    measured.stop()
    lines = {}
    for module in room.modules:
        contexts = measured.get_data().contexts_by_lineno(str(Path(module).resolve()))
        lines[module] = contexts
    modules = [name for name in sys.modules if name.startswith("fake_es")]
    return None if failed else {"durations": recorder.durations, "lines": lines, "modules": modules}


# --- whether mutants survive


def surviving(room: Room, mutants: Sequence[Mutant], selection: Selection, processes: int) -> Iterator[Mutant]:
    """Those mutants that all tests pass in spite of, as they are found; so many are tried at a time."""
    statuses: list[int] | None = _in_child(lambda: _quick(room, mutants, selection, processes))
    ended = dict(enumerate(statuses or [_UNSURE] * len(mutants)))
    yield from (mutants[at] for at, status in ended.items() if status == _SURVIVED)
    unsure = [at for at, status in ended.items() if status in (_UNSURE, _BROKEN)]
    tasks = ((at, lambda at=at: _sure(mutants[at], selection)) for at in unsure)
    yield from (mutants[at] for at, status in _side_by_side(tasks, selection.limit, processes) if status == _SURVIVED)


def _quick(room: Room, mutants: Sequence[Mutant], selection: Selection, processes: int) -> list[int] | None:
    loop = _Loop(mutants, selection, processes)
    pytest.main([*_PYTEST, *room.tests], plugins=[loop])
    return loop.statuses


class _Loop:
    """A plugin of pytest: in place of running the tests once, runs those near to each mutant in a child."""

    def __init__(self, mutants: Sequence[Mutant], selection: Selection, processes: int) -> None:
        self._mutants = mutants
        self._selection = selection
        self._processes = processes
        self.statuses: list[int] | None = None

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        self._selection.bound(session.items)
        for name in self._selection.modules:
            importlib.import_module(name)
        functions = _functions_by_file({Path(mutant.module).resolve() for mutant in self._mutants})
        gc.freeze()

        with tempfile.TemporaryDirectory() as place:
            killers = _Killers(Path(place))

            def run(at: int) -> int:
                mutant = self._mutants[at]
                if not _change(mutant, functions):
                    return _UNSURE
                order = killers.first(mutant, self._selection.near(mutant))
                if _run_items(session, [items[test] for test in order], lambda test: killers.tell(at, test)):
                    return _KILLED
                return _UNSURE if self._selection.is_imported(mutant) else _SURVIVED

            tasks = ((at, lambda at=at: run(at)) for at in range(len(self._mutants)))
            ended: dict[int, int] = {}
            for at, status in _side_by_side(tasks, self._selection.limit, self._processes):
                killers.hear(at, self._mutants[at])
                ended[at] = status
            self.statuses = [ended[at] for at in range(len(self._mutants))]
        return True


class _Killers:
    """Which tests have killed mutants of a file so far: those of the next line are likely to die of the same."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._latest: defaultdict[str, list[str]] = defaultdict(list)

    def first(self, mutant: Mutant, tests: Sequence[str]) -> list[str]:
        """The same tests, those that have killed lately in front."""
        known = [test for test in reversed(self._latest[mutant.module]) if test in tests]
        return list(dict.fromkeys([*known, *tests]))

    def tell(self, number: int, test: str) -> None:
        """In the child: which test has killed it."""
        (self._place / str(number)).write_text(test)

    def hear(self, number: int, mutant: Mutant) -> None:
        """In the parent, once the child has ended."""
        told = self._place / str(number)
        if told.exists():
            self._latest[mutant.module].append(told.read_text())


def _run_items(session: pytest.Session, items: Sequence[pytest.Item], tell: Callable[[str], None]) -> int:
    for item, following in zip(items, [*items[1:], None]):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            tell(item.nodeid)
            return _KILLED
    return _SURVIVED


def _functions_by_file(paths: set[Path]) -> dict[str, list[FunctionType]]:
    found: dict[str, list[FunctionType]] = {str(path): [] for path in paths}
    # What is frozen is not among the objects.
    gc.unfreeze()
    for thing in gc.get_objects():
        if type(thing) is FunctionType and thing.__code__.co_filename in found:
            found[thing.__code__.co_filename].append(thing)
    return found


def _change(mutant: Mutant, functions: dict[str, list[FunctionType]]) -> bool:
    """Give what differs its mutated code; False if that is not all of the mutant."""
    module = sys.modules.get(mutant.import_name)
    if module is None:
        # The first test that imports it gets the mutant.
        sys.meta_path.insert(0, _MutantFinder(mutant))
        return True
    _forget(module)
    path = str(Path(mutant.module).resolve())
    text = Path(path).read_text()
    if _assign_again(module, ast.parse(text), ast.parse(mutant.code)):
        return True
    old, new = (compile(code, path, "exec", dont_inherit=True) for code in (text, mutant.code))
    pairs = list(_differing(old, new))
    for before, after in pairs:
        found = [function for function in functions[path] if before is not None and function.__code__ == before]
        if not found or after is None:
            return False
        for function in found:
            function.__code__ = after
    return bool(pairs)


def _forget(module: ModuleType) -> None:
    """Empty the caches of a module's functions."""
    for cached in [each for each in vars(module).values() if hasattr(each, "cache_clear")]:
        cached.cache_clear()


def _assign_again(module: ModuleType, old: ast.Module, new: ast.Module) -> bool:
    """Carry out the assignment that differs, and those that read what it assigns; False if it is no assignment."""
    changed: set[str] = set()
    for before, after in zip(old.body, new.body):
        differs = ast.dump(before) != ast.dump(after)
        if differs and not isinstance(after, (ast.Assign, ast.AnnAssign)):
            return False
        if isinstance(after, (ast.Assign, ast.AnnAssign)):
            names = [node for node in ast.walk(after) if isinstance(node, ast.Name)]
            if differs or any(node.id in changed for node in names):
                code = compile(
                    ast.Module([after], []), module.__name__, "exec", __future__.annotations.compiler_flag, dont_inherit=True
                )
                exec(code, vars(module))
                changed |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return bool(changed)


def _differing(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType | None, CodeType | None]]:
    """Code of functions before and after, as far as it differs; None where something else does."""
    if len(old.co_consts) != len(new.co_consts) or old.co_code != new.co_code or old.co_names != new.co_names:
        yield None, None
        return
    for before, after in zip(old.co_consts, new.co_consts):
        if not isinstance(before, CodeType):
            if before != after:
                yield None, None
        elif before != after:
            if before.co_flags & inspect.CO_OPTIMIZED:
                yield before, after
            else:
                # The body of a class.
                yield from _differing(before, after)


def _sure(mutant: Mutant, selection: Selection) -> int:
    order = selection.order(mutant)
    sys.meta_path.insert(0, _MutantFinder(mutant))
    files = dict.fromkeys(test.partition("::")[0] for test in order)
    return int(bool(pytest.main([*_PYTEST, *files], plugins=[_Order(order, selection)]))) if order else _SURVIVED


class _Order:
    """A plugin of pytest: runs only these tests, in this order."""

    def __init__(self, order: Sequence[str], selection: Selection) -> None:
        self._places = {test: at for at, test in enumerate(order)}
        self._selection = selection

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((item for item in items if item.nodeid in self._places), key=lambda item: self._places[item.nodeid])
        self._selection.bound(items)


class _MutantFinder(MetaPathFinder):
    """Gives the mutated text of one module to whoever imports it; nothing is written."""

    def __init__(self, mutant: Mutant) -> None:
        self._path = Path(mutant.module).resolve()
        self._code = mutant.code
        self._name = mutant.import_name

    def find_spec(self, fullname: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname != self._name:
            return None
        return spec_from_file_location(fullname, self._path, loader=_MutantLoader(self._code, fullname, self._path))


class _MutantLoader(SourceFileLoader):
    def __init__(self, code: str, fullname: str, path: Path) -> None:
        super().__init__(fullname, str(path))
        self._code = code

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._code, self.path, "exec", dont_inherit=True)


# --- processes


def _side_by_side(tasks: Iterable[tuple[int, Callable[[], int]]], limit: float, processes: int) -> Iterator[tuple[int, int]]:
    """The number of each task and the status it ended with, as they end; one that takes longer than ``limit`` is killed."""
    running: dict[int, tuple[int, float]] = {}
    waiting = iter(tasks)
    while True:
        while len(running) < processes and (task := next(waiting, None)) is not None:
            number, work = task
            running[_fork(work)] = number, time.monotonic() + limit
        if not running:
            return
        child, status = os.waitpid(-1, os.WNOHANG)
        if child:
            yield running.pop(child)[0], os.waitstatus_to_exitcode(status)
            continue
        for late in [child for child, (_, until) in running.items() if time.monotonic() > until]:
            with suppress(ProcessLookupError):
                os.kill(late, signal.SIGKILL)
        time.sleep(0.005)


def _in_child(work: Callable[[], Any]) -> Any:
    """What ``work`` answers in a child of its own, as JSON; None if it did not come to an end."""
    with tempfile.TemporaryDirectory() as place:
        written = Path(place) / "answer.json"
        os.waitpid(_fork(lambda: written.write_text(json.dumps(work())) * 0), 0)
        return json.loads(written.read_text()) if written.exists() else None


def _fork(work: Callable[[], int]) -> int:
    """Run ``work`` in a child that is silent; its answer is the exit status."""
    child = os.fork()
    if child:
        return child
    code = _BROKEN
    try:
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silence, stream)
        code = work()
    finally:
        os._exit(code)
