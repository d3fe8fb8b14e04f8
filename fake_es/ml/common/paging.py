"""The parameters ``from``, ``size``, ``start`` and ``end`` of lists, in the query or in a body (``PageParams``)."""

from __future__ import annotations

from typing import Any, NamedTuple

from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.object_parser import INT, Field, ObjectParser, nested
from fake_es.wire.parameters import Parameter, ParameterKind

# Up to 6.2 ML checks this limit; later the search does (``index.max_result_window``).
_MOST = 10_000
_NEGATIVE = "Parameter [{name}] cannot be < 0"
_TOO_FAR = "The sum of parameters [from] and [size] cannot be higher than {most}."
_PAGE = ObjectParser("page", (Field("from", INT), Field("size", INT)))

PAGE = (
    Parameter("from", parameters.INT, only="query"),
    Parameter("size", parameters.INT, only="query"),
    Parameter("page", ParameterKind(parameters.TEXT.from_text, nested(_PAGE)), only="body"),
)
DATES = (Parameter("start", parameters.TEXT), Parameter("end", parameters.TEXT))


class Page(NamedTuple):
    """A page of results: its first result (from 0) and its maximal size."""

    start: int
    size: int


def page_of(call: Call) -> Page:
    """The page of a call: ``from`` (default 0) and ``size`` (default 100).

    :raises IllegalArgument: one is negative; up to 6.2 also if the sum is above 10,000.
    """
    given: dict[str, Any] = call.params["page"] or call.params
    start, size = given.get("from"), given.get("size")
    page = Page(0 if start is None else start, 100 if size is None else size)
    for name, value in (("from", page.start), ("size", page.size)):
        if value < 0:
            raise IllegalArgument(_NEGATIVE.format(name=name))
    if sum(page) > _MOST and call.version < (6, 3):
        raise IllegalArgument(_TOO_FAR.format(most=_MOST))
    return page


def page_given(call: Call) -> bool:
    """Whether a call has any parameter of a page."""
    return bool(call.params["page"]) or any(call.params.get(name) is not None for name in ("from", "size"))
