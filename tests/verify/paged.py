"""Pages written in the tests, run as ``fake-es verify`` runs them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from fake_es.verify.docs.running import Skipping
from fake_es.verify.outcome import Outcome, Result
from fake_es.verify.sources import Item, read_source
from fake_es.verify.verifier import Options, Verifier

PAGES = Path(__file__).parent / "pages"

JOB = """\
[source,console]
----
PUT _ml/anomaly_detectors/a
{"analysis_config": {"detectors": [{"function": "count"}]}, "data_description": {}}
----
"""


class Pages:
    """Writes pages into a folder and runs them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, text: str, name: str = "page.asciidoc") -> Path:
        """Write a file."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text))
        return file

    def items(self, text: str, name: str = "page.asciidoc") -> list[Item]:
        """The tests of a page."""
        return read_source(self.write(text, name)).items

    def run(self, text: str, *, version: str = "9.5", skipped: str = "keep", name: str = "page.asciidoc") -> list[Result]:
        """How the tests of a page come out."""
        return self.run_file(self.write(text, name), version=version, skipped=skipped)

    def run_file(self, file: Path, *, version: str = "9.5", skipped: str = "keep") -> list[Result]:
        """The same for a page that is there, with the folder's own set-ups."""
        verifier = Verifier(Options(version=version, skipping=Skipping(skipped), setups=(self.folder,)))
        return [verifier.run(item) for item in read_source(file).items]

    def only(self, text: str, **settings: str) -> Result:
        """The same for a page with one test."""
        [result] = self.run(text, **settings)
        return result

    def passes(self, text: str, **settings: str) -> None:
        """All tests of a page must pass, and there must be some."""
        results = self.run(text, **settings)
        assert results
        assert [str(result) for result in results if result.outcome is not Outcome.PASSED] == []

    def refuses(self, text: str, **settings: str) -> str:
        """Why the first test that fails does, with its line."""
        failed = [result for result in self.run(text, **settings) if result.outcome is Outcome.FAILED]
        assert failed, "nothing failed"
        return f"{failed[0].place.line}: {failed[0].reason}"


def snippet(*lines: str, language: str = "console", after: str = "") -> str:
    """A block of AsciiDoc with what follows it."""
    return "\n".join([f"[source,{language}]", "----", *lines, "----", *([after] if after else []), "", ""])


def answer(text: str, after: str = "") -> str:
    """A block that shows an answer."""
    return snippet(text, language="console-result", after=after)
