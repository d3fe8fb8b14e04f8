"""Faults of the emulator itself: told to the client as an error of their own, with the traceback in the log ``fake_es``."""

from __future__ import annotations

from fake_es.wire.errors import ElasticsearchError, as_refusal


def refusal_of(error: Exception, what: str) -> ElasticsearchError:
    """What a client hears of ``error``: itself if it is a refusal, else that the emulator has a fault.

    To be called while the error is handled; ``what`` names in the log what was being done.
    """
    if isinstance(error, ElasticsearchError):
        return error
    # Loaded only now: nothing is logged while all is well.
    import logging

    logging.getLogger("fake_es").exception("fault while %s", what)
    return as_refusal(error)
