"""Ends a server that was told to end and cannot: while one call into C keeps the interpreter, no handler of signals written in
Python is run.
"""

from __future__ import annotations

import os
import select
import signal
import time
from typing import NoReturn


def end_within(seconds: float) -> None:
    """See to it that this process ends so many seconds after a signal it handles, by SIGKILL if need be.

    A small process is forked off that waits for a byte from the handler of signals, which is written without the interpreter
    (``signal.set_wakeup_fd``). It ends with this process, however that ends. To be called in the main thread, before there are
    others. Where processes cannot be forked nothing is done.
    """
    if not hasattr(os, "fork"):
        return
    told, telling = os.pipe()
    server = os.getpid()
    if os.fork() == 0:
        os.close(telling)
        _wait(told, server, seconds)
    os.close(told)
    os.set_blocking(telling, False)
    signal.set_wakeup_fd(telling, warn_on_full_buffer=False)


def _wait(told: int, server: int, seconds: float) -> NoReturn:
    """The life of the small process: it ends when nobody holds the other end of the pipe any more."""
    try:
        # Ctrl-C reaches all processes of a terminal.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        # Whoever reads what the server prints waits until nobody can print any more.
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        deadline = None
        while True:
            left = None if deadline is None else max(deadline - time.monotonic(), 0)
            if not select.select([told], [], [], left)[0]:
                os.kill(server, signal.SIGKILL)
                break
            if not os.read(told, 100):
                break
            deadline = deadline or time.monotonic() + seconds
    finally:
        os._exit(0)
