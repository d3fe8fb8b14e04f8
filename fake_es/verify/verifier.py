"""Running tests against an emulated release or a real cluster."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from fake_es.verify.cleanup import Cleanup, leave, wipe
from fake_es.verify.connection import Connection, HttpConnection
from fake_es.verify.docs.running import DocRunner, Skipping
from fake_es.verify.docs.setups import Setups
from fake_es.verify.outcome import Result
from fake_es.verify.runner import Runner
from fake_es.verify.session import Pause
from fake_es.verify.sources import Item, Source
from fake_es.verify.varying import Varying, read_varying
from fake_es.version import Version, parse_version


@dataclass(frozen=True, slots=True)
class Options:
    """Options for running tests.

    :param version: release to emulate (default: the newest), or release of the real cluster (default: it is asked).
    :param url: URL of a real cluster; None for an emulated one.
    :param user: ``name:password``.
    :param api_key: value for the header.
    :param ca_certs: file of trusted certificates.
    :param allow_wipe: whether all data of the real cluster may be deleted after each test.
    :param skipping: what to do with snippets that a page skips.
    :param setups: folders of set-ups in addition to those of the package.
    :param varying: a table of fields that vary, which replaces that of the package.
    """

    version: str | None = None
    url: str | None = None
    user: str | None = None
    api_key: str | None = None
    ca_certs: str | None = None
    allow_wipe: bool = False
    skipping: Skipping = Skipping.KEEP
    setups: tuple[Path, ...] = ()
    varying: Path | None = None


class Verifier:
    """Runs tests independently of each other. It is a context manager that closes the connection at its end.

    :raises Failed: the cluster does not answer.
    :raises UnknownVersionError: the release is unknown.
    :raises ValueError: the URL or a table is invalid.
    :raises OSError: a file cannot be read.
    """

    def __init__(self, options: Options) -> None:
        self._open = ExitStack()
        self.docs = DocRunner(Setups(options.setups), options.skipping)
        varying = read_varying(options.varying) if options.varying else None
        if options.url is None:
            self.runner = self._emulated(options.version, varying)
        else:
            self.runner = self._real(options, varying)

    def __enter__(self) -> Verifier:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._open.close()

    def run(self, item: Item) -> Result:
        """Run one test."""
        started = time.perf_counter()
        result = item.run(self.docs, self.runner)
        return result._replace(seconds=time.perf_counter() - started)

    def run_all(self, sources: Iterable[Source]) -> Iterator[tuple[Source, Item, Result]]:
        """Run the tests of files one after another."""
        return ((source, item, self.run(item)) for source in sources for item in source.items)

    def _emulated(self, version: str | None, varying: Varying | None) -> Runner:
        # This imports the emulator, which is not needed for a real cluster.
        from fake_es.verify.local import LocalConnection

        connection = LocalConnection(version)
        return self._runner(connection, parse_version(version), connection.renew, varying, connection.pause)

    def _real(self, options: Options, varying: Varying | None) -> Runner:
        connection = HttpConnection(options.url or "", _credentials(options), ca_certs=options.ca_certs)
        version = parse_version(options.version) if options.version else None
        with ExitStack() as opened:
            opened.callback(connection.close)
            runner = self._runner(connection, version, leave, varying)
            self._open = opened.pop_all()
        return self._runner(connection, runner.version, wipe(runner.version), varying) if options.allow_wipe else runner

    def _runner(
        self,
        connection: Connection,
        version: Version | None,
        cleanup: Cleanup,
        varying: Varying | None,
        pause: Pause = time.sleep,
    ) -> Runner:
        return Runner(
            connection, version=version, cleanup=cleanup, varying=varying, example_observer=self.docs.note, pause=pause
        )


def _credentials(options: Options) -> dict[str, str]:
    if options.api_key:
        return {"authorization": f"ApiKey {options.api_key}"}
    return {"authorization": f"Basic {b64encode(options.user.encode()).decode()}"} if options.user else {}
