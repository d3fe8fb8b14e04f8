"""Scripts in requests: ``"source"``, or an object with source, language and parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fake_es.script.grammar import Library, Node, Returned, read
from fake_es.script.instants import Instant
from fake_es.script.tokens import Unsupported
from fake_es.script.values import DocValues, Failure, ScriptError
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, NotImplementedHere, ParsingError
from fake_es.wire.numbers import double_of
from fake_es.wire.object_parser import token

NO_SOURCE = "must specify either [source] for an inline script or [id] for a stored script"
BAD_PARAMS = "[script] params doesn't support values of type: {token}"
NOT_HERE = "script [{source}] is not implemented here"


class _Doc(Mapping[str, DocValues]):
    """``doc`` in scripts: the fields of one document, each read when the script uses it."""

    def __init__(self, values: Callable[[str], Any], is_date: Callable[[str], bool]) -> None:
        self._values = values
        self._is_date = is_date

    def __getitem__(self, field: str) -> DocValues:
        values = self._values(field)
        return DocValues([Instant(value) for value in values] if self._is_date(field) else values)

    def __contains__(self, field: object) -> bool:
        return bool(self._values(str(field)))

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0


class Script:
    """A parsed script; ``params`` are those of the request."""

    def __init__(self, source: str, params: Mapping[str, Any], run: Node) -> None:
        self.source = source
        self.params = params
        self._run = run

    def __call__(self, params: Mapping[str, Any] | None = None, **variables: Any) -> Any:
        """Run the script; returns its value.

        :param params: further parameters.
        :param variables: the variables of the script's context.
        :raises ScriptError: the script fails.
        """
        try:
            return self._run({"params": {**self.params, **(params or {})}, **variables})
        except Returned as returned:
            return returned.value
        except Failure as failure:
            raise self._error(failure) from None
        except (TypeError, ValueError, OverflowError, ZeroDivisionError) as error:
            # Java fails with these values too: a text in a sum, a number too large for ``long``.
            raise self._error(Failure("class_cast_exception", str(error))) from None

    def on(self, values: Callable[[str], Any], is_date: Callable[[str], bool] = lambda field: False, **variables: Any) -> Any:
        """Run the script on a document; returns its value.

        :param values: returns the doc values of a field.
        :param is_date: whether the values of a field are dates (epoch milliseconds).
        :raises ScriptError: the script fails.
        """
        return self(doc=_Doc(values, is_date), **variables)

    def number(self, params: Mapping[str, Any] | None = None, **variables: Any) -> float:
        """Run a script that must return a number.

        :raises ScriptError: the script fails, or its value is not a number.
        """
        return self.as_number(self(params, **variables))

    def as_number(self, value: Any) -> float:
        """Convert a value of this script to a number; booleans are 1 and 0.

        :raises ScriptError: the value is not a number.
        """
        if isinstance(value, (int, float)):
            return double_of(int(value) if isinstance(value, bool) else value)
        kind = "null" if value is None else type(value).__name__
        raise self._error(Failure("class_cast_exception", f"Cannot cast from [{kind}] to [double]."))

    def _error(self, failure: Failure) -> ScriptError:
        cause = ElasticsearchError(failure.reason)
        cause.type = failure.type  # type: ignore[misc]
        stack = [self.source, "^---- HERE"]
        return ScriptError("runtime error", cause=cause, script_stack=stack, script=self.source, lang="painless")


def read_script(
    tree: Any, *, names: tuple[str, ...] = (), library: Library | None = None, version: tuple[int, ...] = (99,)
) -> Script:
    """Parse ``"source"`` or ``{"source", "lang", "params"}`` (up to 6.x also ``inline``).

    :param names: variables of the script's context.
    :param library: see ``grammar.read``.
    :raises IllegalArgument: the source is missing.
    :raises NotImplementedHere: another language, a stored script, or a source outside the supported subset.
    """
    if not isinstance(tree, (str, dict)):
        raise IllegalArgument(NO_SOURCE)
    given: dict[str, Any] = {"source": tree} if isinstance(tree, str) else tree
    source = given.get("source", given.get("inline") if version < (7, 0) else None)
    if "id" in given:
        raise NotImplementedHere(f"stored script [{given['id']}] is not implemented here")
    if not isinstance(source, str):
        raise IllegalArgument(NO_SOURCE)
    if given.get("lang", "painless") != "painless":
        raise NotImplementedHere(f"script language [{given['lang']}] is not implemented here")
    try:
        run = read(source, frozenset({"params", *names}), library or {})
    except Unsupported:
        raise NotImplementedHere(NOT_HERE.format(source=source)) from None
    params = given.get("params")
    if params is not None and not isinstance(params, dict):
        raise ParsingError(BAD_PARAMS.format(token=token(params)))
    return Script(source, params or {}, run)
