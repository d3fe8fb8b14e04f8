"""What the code under test has asked of the cluster: ``fake.calls``, ``fake.assert_called(...)`` and ``/_fake/calls``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, overload

from fake_es.control.exports import export
from fake_es.control.recorded import RecordedCall, recorded
from fake_es.journal import Journal
from fake_es.patterns.wildcards import simple_match

# So many calls are shown where an assertion fails.
_NEAREST = 3


class Calls(Sequence[RecordedCall]):
    """The last calls, the oldest first. Only the last thousand are kept; calls of ``/_fake`` are not."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def __len__(self) -> int:
        return len(self._journal)

    @overload
    def __getitem__(self, place: int) -> RecordedCall: ...
    @overload
    def __getitem__(self, place: slice) -> list[RecordedCall]: ...
    def __getitem__(self, place: int | slice) -> RecordedCall | list[RecordedCall]:
        entries = list(self._journal)
        return [recorded(entry) for entry in entries[place]] if isinstance(place, slice) else recorded(entries[place])

    def __iter__(self) -> Iterator[RecordedCall]:
        return map(recorded, self._journal)

    def of(self, operation: str | None = None, /, **wanted: Any) -> list[RecordedCall]:
        """The calls of an operation with these values.

        :param operation: name of the API, such as ``ml.close_job``; ``*`` stands for any text; None for all.
        :param wanted: parts of the path, query parameters or fields of a JSON body by name; also ``method``, ``path``,
            ``user``, ``status`` and ``door``.
        """
        return [call for call in self if not call.differences(operation, wanted)]

    def clear(self) -> None:
        """Forget all calls so far."""
        self._journal.clear()

    def export(self, form: str, url: str = "http://localhost:9200") -> str:
        """The calls as text: a script of ``curl`` commands, ``console`` snippets, or a ``pytest`` test.

        :param url: address of the cluster in the script.
        :raises ValueError: there is no such form.
        """
        return export(self, form, url)

    def check(self, operation: str, times: int | None, wanted: Mapping[str, Any]) -> str | None:
        """What is wrong if the operation was not called with these values (so many times); None if it was.

        The text shows the calls that come nearest, and in what each differs.
        """
        found = self.of(operation, **wanted)
        if len(found) == times or (times is None and found):
            return None
        asked = operation + (f" with {', '.join(f'{name}={value!r}' for name, value in wanted.items())}" if wanted else "")
        if found:
            shown = "".join(f"\n  {call}" for call in found)
            return f"{asked} was called {len(found)} times, not {times}:{shown}"
        return f"{asked} was not called.{self._nearest(operation, wanted)}"

    def check_order(self, operations: Sequence[str]) -> str | None:
        """What is wrong if the operations were not called one after another; None if they were. Others may be between."""
        left = list(operations)
        for call in self:
            if left and simple_match(call.operation or "", left[0]):
                del left[0]
        if not left:
            return None
        shown = "".join(f"\n  {call}" for call in self) or " none"
        done = operations[: len(operations) - len(left)]
        after = f" after {done[-1]}" if done else ""
        return f"{left[0]} was not called{after}. The calls were:{shown}"

    def _nearest(self, operation: str, wanted: Mapping[str, Any]) -> str:
        found = [(call.differences(operation, wanted), call) for call in self]
        if not found:
            return " There were no calls at all."
        # A call of the same operation is nearer than any other.
        found.sort(key=lambda pair: (pair[0][0].startswith("operation:"), len(pair[0]), -pair[1].number))
        shown = "".join(f"\n  {call}{''.join(f'{chr(10)}     {line}' for line in lines)}" for lines, call in found[:_NEAREST])
        return f" The nearest calls:{shown}"
