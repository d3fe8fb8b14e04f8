"""Parameters that name one result exclude those that choose several: the second of the two is refused."""

from __future__ import annotations

from collections.abc import Sequence

from fake_es.ml.results import messages
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument


def check_exclusive(call: Call, one: str, choosing: Sequence[str], refusal: str) -> None:
    """Refuse the parameters ``choosing`` in a call that has ``one``; ``refusal`` is the reason where that comes second.

    A body comes before the path, in its own order; a query comes after it, in the order of ``choosing``.

    :raises ElasticsearchError: 400.
    """
    given = call.json_body().tree() if call.body else call.query
    names = [name for name in given if name == one or (name in choosing and given[name] is not None)]
    others = [name for name in names if name != one]
    if not others:
        return
    if not call.body:
        raise _beside(min(others, key=choosing.index), one)
    if one not in names:
        raise IllegalArgument(refusal)
    if names[0] == one:
        raise call.refused(others[0], _beside(others[0], one))
    raise call.refused(one, IllegalArgument(refusal))


def _beside(name: str, one: str) -> IllegalArgument:
    shown = "from, size" if name in ("from", "size", "page") else name
    return IllegalArgument(messages.INCOMPATIBLE.format(name=shown, with_=one))
