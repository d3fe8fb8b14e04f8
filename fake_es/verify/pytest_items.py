"""Pages and suites as tests of pytest. The plugin imports this with ``--fake-es-docs`` or ``--fake-es-yaml``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fake_es.verify.docs.running import Skipping
from fake_es.verify.outcome import Failed, Outcome, Result
from fake_es.verify.sources import Item, find_files, kind_of, read_source
from fake_es.verify.verifier import Options, Verifier
from fake_es.version import UnknownVersionError

_FOLDERS = pytest.StashKey[dict[Path, bool]]()
_VERIFIER = pytest.StashKey[Verifier]()
_YAML = frozenset({".yml", ".yaml"})


def pytest_configure(config: pytest.Config) -> None:
    """Add the folders to the collected paths, unless a collected path contains them or is inside them."""
    pages, suites = (config.getoption(f"fake_es_{kind}") or [] for kind in ("docs", "yaml"))
    folders = {Path(folder).resolve(): False for folder in pages} | {Path(folder).resolve(): True for folder in suites}
    missing = [str(folder) for folder in folders if not folder.exists()]
    if missing:
        raise pytest.UsageError(f"--fake-es-docs, --fake-es-yaml: no such file or folder: {', '.join(missing)}")
    config.stash[_FOLDERS] = folders
    given = [Path(str(argument).partition("::")[0]).resolve() for argument in config.args]
    config.args += [str(folder) for folder in folders if not any(_touch(folder, each) for each in given)]


def _touch(one: Path, other: Path) -> bool:
    return one in (other, *other.parents) or other in one.parents


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close the connection to the cluster."""
    verifier = config.stash.get(_VERIFIER, None)
    if verifier is not None:
        verifier.close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A collector for a file in one of the folders."""
    folders = parent.config.stash[_FOLDERS]
    wanted = {is_yaml for folder, is_yaml in folders.items() if folder in (file_path, *file_path.parents)}
    is_yaml = file_path.suffix in _YAML
    if is_yaml not in wanted and not (is_yaml and wanted and kind_of(file_path.read_text(), file_path.suffix) == "example"):
        return None
    if file_path not in find_files([file_path.parent]):
        return None
    collected: pytest.Collector = VerifiedFile.from_parent(parent, path=file_path)
    return collected


class VerifiedFile(pytest.File):
    """A page or a suite."""

    def collect(self) -> Iterator[pytest.Item]:
        """One item per snippet or section. Items with the same name get their line in the name."""
        seen: set[str] = set()
        for item in read_source(self.path).items:
            name = item.name if item.name not in seen else f"{item.name}:{item.place.line}"
            seen.add(name)
            yield VerifiedItem.from_parent(self, name=name, item=item)


class VerifiedItem(pytest.Item):
    """A snippet of a page, or a section of a suite."""

    def __init__(self, *, item: Item, **rest: Any) -> None:
        super().__init__(**rest)
        self._item = item

    def runtest(self) -> None:
        """Run the test. Possible changes of its page are a section of the report."""
        result = _verifier_of(self.config).run(self._item)
        for advice in result.advice:
            self.add_report_section("call", "page", str(advice))
        if result.outcome is Outcome.SKIPPED:
            pytest.skip(result.reason)
        if result.outcome is Outcome.FAILED:
            raise NotVerified(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *rest: Any) -> Any:
        """The failure and its place in the page, without a traceback."""
        return str(excinfo.value) if isinstance(excinfo.value, NotVerified) else super().repr_failure(excinfo, *rest)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The line of the page."""
        return self.path, self._item.place.line - 1, self.name


class NotVerified(AssertionError):
    """A test of a page or suite has failed."""

    def __init__(self, result: Result) -> None:
        super().__init__(f"{result.place}: {result.reason}")


def _verifier_of(config: pytest.Config) -> Verifier:
    """The verifier of all tests, created for the first one."""
    if _VERIFIER not in config.stash:
        options = Options(
            version=config.getoption("fake_es_version"),
            url=config.getoption("fake_es_url"),
            allow_wipe=config.getoption("fake_es_allow_wipe"),
            skipping=Skipping(config.getoption("fake_es_skipped")),
            setups=tuple(map(Path, config.getoption("fake_es_setups") or ())),
        )
        try:
            config.stash[_VERIFIER] = Verifier(options)
        except (Failed, UnknownVersionError, ValueError, OSError) as error:
            pytest.exit(f"fake_es: {error}", returncode=4)
    return config.stash[_VERIFIER]
