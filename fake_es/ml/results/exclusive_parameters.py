"""A parameter that names one result excludes parameters that select several. The second one is refused."""

from __future__ import annotations

from collections.abc import Sequence

from fake_es.ml.results import messages
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument


def check_exclusive(call: Call, one: str, selecting: Sequence[str], refusal: str) -> None:
    """Refuse a call that has the parameter ``one`` and one of ``selecting``.

    The server reads a body before the path, in the order of the body. It reads the query after the path, in the order of
    ``selecting``.

    :param refusal: the reason if ``one`` is the second.
    :raises ElasticsearchError: 400.
    """
    given = call.json_body().tree() if call.body else call.query
    names = [name for name in given if name == one or (name in selecting and given[name] is not None)]
    others = [name for name in names if name != one]
    if not others:
        return
    if not call.body:
        raise _incompatible(min(others, key=selecting.index), one)
    if one not in names:
        raise IllegalArgument(refusal)
    if names[0] == one:
        raise call.refused(others[0], _incompatible(others[0], one))
    raise call.refused(one, IllegalArgument(refusal))


def _incompatible(name: str, one: str) -> IllegalArgument:
    name = "from, size" if name in ("from", "size", "page") else name
    return IllegalArgument(messages.INCOMPATIBLE.format(name=name, with_=one))
