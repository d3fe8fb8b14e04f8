"""Files told apart by what is in them."""

from __future__ import annotations

import pytest

from fake_es.verify.sources import kind_of


@pytest.mark.parametrize(
    ("text", "suffix", "kind"),
    [
        ("[source,js]\n----\n----\n// CONSOLE\n", ".asciidoc", "asciidoc"),
        ("----\nGET /\n----\n// TEST\n", ".txt", "asciidoc"),
        ("```console\nGET /\n```\n// TEST\n", ".txt", "markdown"),
        ("[source,js]\n```console\nGET /\n```\n", ".md", "markdown"),
        ("[source,console]\n----\nGET /\n----\n```\nquoted\n```\n", "", "asciidoc"),
        ("a: b\n----\n", ".mdx", ""),
        ("a:\n  - do: {info: {}}\n", ".yml", "suite"),
        ("---\nsetup:\n  -  do:\n      info: {}\n", "", "suite"),
        ("a:\n  - {do: {info: {}}}\n", ".yaml", "suite"),
        ("method_request: GET /\n", ".yaml", "example"),
        ("description: |-\n  ```\n  words\n  ```\nvalue: {}\n", ".yaml", "example"),
        ("toc:\n  - file: a.md\n", ".yml", ""),
        ("Only words.\n", ".asciidoc", ""),
    ],
)
def test_kinds(text: str, suffix: str, kind: str) -> None:
    assert kind_of(text, suffix) == kind
