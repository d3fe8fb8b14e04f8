"""Ends a server that does not react to a signal: while a call into C keeps the interpreter, Python runs no signal handlers."""

from __future__ import annotations

import os
import select
import signal
import time
from typing import NoReturn


def end_within(seconds: float) -> None:
    """Make sure that this process ends within ``seconds`` after a signal, if necessary by SIGKILL.

    A small child process waits for the byte that the C handler of signals writes, even if the interpreter is busy
    (``signal.set_wakeup_fd``). The child ends with this process. Call it in the main thread, before other threads start.
    Without ``os.fork`` it does nothing.
    """
    if not hasattr(os, "fork"):
        return
    signals, sender = os.pipe()
    server = os.getpid()
    if os.fork() == 0:
        os.close(sender)
        _wait(signals, server, seconds)
    os.close(signals)
    os.set_blocking(sender, False)
    signal.set_wakeup_fd(sender, warn_on_full_buffer=False)


def _wait(signals: int, server: int, seconds: float) -> NoReturn:
    """The child process: it ends when the other end of the pipe is closed, that is, when the server has ended."""
    try:
        # Ctrl-C goes to all processes of a terminal, also to this one.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        # A reader of the server's output waits until all its writers are closed, so this process closes its own.
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        deadline = None
        while True:
            left = None if deadline is None else max(deadline - time.monotonic(), 0)
            if not select.select([signals], [], [], left)[0]:
                os.kill(server, signal.SIGKILL)
                break
            if not os.read(signals, 100):
                break
            deadline = deadline or time.monotonic() + seconds
    finally:
        os._exit(0)
