"""Scripts of updates, as far as they are emulated: setting, incrementing and removing fields of ``ctx._source``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from fake_es.documents import messages
from fake_es.script.circuit_breaker import CircuitBreaker
from fake_es.script.script import Script, read_script
from fake_es.wire.errors import IllegalArgument, NotImplementedHere

Tree = dict[str, Any]
Step = Callable[[Tree], None]

_STATEMENTS = re.compile(r"""(?:[^;'"]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")+""")
_PATH = r"""ctx((?:\.\w+|\[\s*(?:'[^']*'|"[^"]*")\s*\])+)"""
_ASSIGN = re.compile(rf"{_PATH}\s*([-+*/%]?)=(?!=)\s*(.+)", re.DOTALL)
_COUNT = re.compile(rf"{_PATH}\s*(\+\+|--)")
_REMOVE = re.compile(rf"""{_PATH}\.remove\(\s*(?:'([^']*)'|"([^"]*)")\s*\)""")
_NAMES = re.compile(r"""\.(\w+)|\[\s*(?:'([^']*)'|"([^"]*)")\s*\]""")
# A key of the context: an object or list may now occur twice in the document, or within itself.
_SHARED = " shared"
_OPS = frozenset({"index", "none", "noop", "delete", "create"})


class UpdateScript:
    """A parsed script of an update."""

    def __init__(self, tree: Any, release: tuple[int, ...]) -> None:
        """:raises NotImplementedHere: it uses more than is emulated."""
        given = {"source": tree} if isinstance(tree, str) else tree
        # ``read_script`` parses only expressions, so it gets an empty one; it checks language, parameters and the rest.
        checked = read_script({**given, "source": "0"} if _has_source(given) else given, version=release)
        source = str(given.get("source", given.get("inline")))
        self._release = release
        self._steps = [_step(text.strip(), checked, source, release) for text in _STATEMENTS.findall(source) if text.strip()]

    def __call__(self, source: Tree, metadata: Tree) -> str:
        """Run the script, which changes ``source``; returns ``ctx.op``: ``index``, ``create``, ``none`` or ``delete``.

        :raises ElasticsearchError: the script fails.
        """
        context: Tree = {**metadata, "_source": source, "op": metadata.get("op", "index")}
        for step in self._steps:
            step(context)
        if context.pop(_SHARED, False):
            CircuitBreaker("script", self._release).add_value(source)
        op = str(context["op"])
        if op not in _OPS:
            raise IllegalArgument(messages.BAD_OP.format(op=op))
        return "none" if op == "noop" else op


def _has_source(tree: Any) -> bool:
    return isinstance(tree, dict) and isinstance(tree.get("source", tree.get("inline")), str)


def _step(text: str, script: Script, source: str, release: tuple[int, ...]) -> Step:
    counted, removed = _COUNT.fullmatch(text), _REMOVE.fullmatch(text)
    assigned = _ASSIGN.fullmatch(text)
    if removed is not None:
        return _removal(_path(removed[1]), removed[2] or removed[3] or "")
    if counted is not None:
        return _assignment(_path(counted[1]), _value(f"ctx{counted[1]} {counted[2][0]} 1", script, source, release))
    if assigned is None:
        raise NotImplementedHere(messages.UPDATE_SCRIPT.format(source=source))
    expression = f"ctx{assigned[1]} {assigned[2]} ({assigned[3]})" if assigned[2] else assigned[3]
    return _assignment(_path(assigned[1]), _value(expression, script, source, release))


class _Value(NamedTuple):
    run: Script
    params: Tree

    def __call__(self, context: Tree) -> Any:
        return self.run(self.params, ctx=context)


def _value(expression: str, script: Script, source: str, release: tuple[int, ...]) -> _Value:
    try:
        return _Value(read_script(expression, names=("ctx",), version=release), dict(script.params))
    except NotImplementedHere:
        raise NotImplementedHere(messages.UPDATE_SCRIPT.format(source=source)) from None


def _path(text: str) -> list[str]:
    return [found[1] or found[2] or found[3] or "" for found in _NAMES.finditer(text)]


def _holder(context: Tree, path: list[str]) -> Tree:
    node: Any = context
    for name in path:
        node = node.get(name) if isinstance(node, dict) else None
    if not isinstance(node, dict):
        raise IllegalArgument(messages.SCRIPT_NULL.format(path=".".join(["ctx", *path])))
    return node


def _assignment(path: list[str], value: _Value) -> Step:
    def assign(context: Tree) -> None:
        given = value(context)
        _holder(context, path[:-1])[path[-1]] = given
        if isinstance(given, (dict, list)):
            context[_SHARED] = True

    return assign


def _removal(path: list[str], name: str) -> Step:
    def remove(context: Tree) -> None:
        _holder(context, path).pop(name, None)

    return remove
