"""Pages of documentation as tests: what verifying them costs, over the bare requests of their snippets."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import Effort, Measured, compare, cpu, row
from benchmarks.scene import Refused
from fake_es.verify.docs.running import Skipping
from fake_es.verify.docs.setups import Setups
from fake_es.verify.local import LocalConnection
from fake_es.verify.outcome import Outcome
from fake_es.verify.sources import read_source
from fake_es.verify.suite import Send
from fake_es.verify.verifier import Options, Verifier
from fake_es.version import parse_version

_SNIPPETS = 1000
_JSON = {"content-type": "application/json"}


def _page(amount: int, directive: str) -> str:
    """Snippets that each close a job of their own; ``{}`` in the directive is its number."""
    return "".join(
        f"[source,console]\n----\nPOST /_ml/anomaly_detectors/job-{number}/_close\n----\n"
        f"// TEST[{directive.format(number)}]\n\n"
        '[source,console-result]\n----\n{"closed": true}\n----\n\n'
        for number in range(amount)
    )


def _requests(amount: int) -> list[tuple[str, str, bytes]]:
    """The same requests, each behind those of the set-up that its job takes."""
    setups, newest = Setups(), parse_version(None)
    found: list[tuple[str, str, bytes]] = []
    for number in range(amount):
        steps = setups.steps(f"open_job:job-{number}", newest)
        found += ((step.method, step.target, step.body.encode()) for step in steps if isinstance(step, Send))
        found.append(("POST", f"/_ml/anomaly_detectors/job-{number}/_close", b""))
    return found


def _ask(requests: Iterable[tuple[str, str, bytes]]) -> None:
    connection = LocalConnection()
    for method, target, body in requests:
        if connection.send(method, target, _JSON if body else {}, body).status != 200:
            raise Refused(target)


def _verify(file: Path, skipping: Skipping, outcome: Outcome) -> None:
    with Verifier(Options(skipping=skipping)) as verifier:
        for item in read_source(file).items:
            if verifier.run(item).outcome is not outcome:
                raise Refused(item.name)


def _measure(effort: Effort, directive: str, skipping: Skipping, outcome: Outcome) -> Measured:
    """Set-ups count on both sides; a new cluster for each snippet on one alone."""
    amount = effort.count(_SNIPPETS)
    with TemporaryDirectory() as folder:
        file = Path(folder, "page.asciidoc")
        file.write_text(_page(amount, directive))
        ours, base = partial(_verify, file, skipping, outcome), partial(_ask, _requests(amount))
        return compare(effort, lambda: cpu(ours), lambda: cpu(base), ours_per=amount, unit="us")


@row("verify", "a snippet and its answer, over its requests and those of its set-up", goal=10, stretch=5)
def verify(effort: Effort) -> Measured:
    """A page that names its set-ups."""
    return _measure(effort, "setup:open_job:job-{}", Skipping.KEEP, Outcome.PASSED)


@row("promote", "a snippet that is left out, tried until it passes, over the same", goal=10, stretch=5)
def promote(effort: Effort) -> Measured:
    """The same page without them."""
    return _measure(effort, "skip:todo", Skipping.TRY, Outcome.PROMOTED)
