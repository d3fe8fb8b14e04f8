"""A test process in small: a client, ``fake`` or ``constant``, and one answer. Nothing is imported but for that."""

from __future__ import annotations

import sys


def main(kind: str) -> None:
    """Ask once."""
    from fake_es.doors.clients import installed_client

    if kind == "fake":
        from fake_es import FakeElasticsearch

        client = FakeElasticsearch().client(installed_client(9))
        client.info()
    else:
        from benchmarks.constant import constant_client

        constant_client().info()


if __name__ == "__main__":
    main(sys.argv[1])
