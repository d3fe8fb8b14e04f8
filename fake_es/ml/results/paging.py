"""Pages of results: ``from`` and ``size``, as parameters or as the ``page`` of a body (``PageParams``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, StatusException
from fake_es.wire.object_parser import INT, Field, ObjectParser, nested
from fake_es.wire.parameters import Parameter, ParameterKind

_MOST = 10_000
_PAGE = ObjectParser("page", (Field("from", INT), Field("size", INT)))

PAGE = (
    Parameter("from", parameters.INT, only="query"),
    Parameter("size", parameters.INT, only="query"),
    Parameter("page", ParameterKind(parameters.TEXT.from_text, nested(_PAGE)), only="body"),
)
T = TypeVar("T")


def page_of(call: Call) -> tuple[int, int]:
    """``from`` (default 0) and ``size`` (default 100).

    :raises IllegalArgument: negative; or up to 6.2 a sum above 10,000.
    """
    given: dict[str, Any] = call.params["page"] or call.params
    start, size = given.get("from"), given.get("size")
    start, size = 0 if start is None else start, 100 if size is None else size
    for name, value in (("from", start), ("size", size)):
        if value < 0:
            raise IllegalArgument(f"Parameter [{name}] cannot be < 0")
    if start + size > _MOST and call.version < (6, 3):
        raise IllegalArgument(f"The sum of parameters [from] and [size] cannot be higher than {_MOST}.")
    return start, size


def cut(found: Sequence[T], call: Call) -> Sequence[T]:
    """The page of ``found`` that a call asks for.

    :raises ElasticsearchError: 400, the page lies beyond what an index gives out.
    """
    start, size = page_of(call)
    if start + size > _MOST:
        raise _window_too_large(start + size)
    return found[start : start + size]


def _window_too_large(asked: int) -> ElasticsearchError:
    cause = IllegalArgument(
        f"Result window is too large, from + size must be less than or equal to: [{_MOST}] but was [{asked}]."
        " See the scroll api for a more efficient way to request large data sets."
        " This limit can be set by changing the [index.max_result_window] index level setting."
    )
    return SearchPhaseFailure("all shards failed", cause)


class SearchPhaseFailure(StatusException):
    """A search that failed on every shard; the root cause shown is what the shards said."""

    type = "search_phase_execution_exception"

    def __init__(self, reason: str, cause: ElasticsearchError) -> None:
        super().__init__(reason, status=cause.status, cause=cause, phase="query", grouped=True, failed_shards=[])

    def root_cause(self) -> ElasticsearchError:
        return self.cause or self
