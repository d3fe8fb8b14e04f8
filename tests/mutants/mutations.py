"""The mutants of a file: cosmic-ray's operators, restricted to what decides a boundary."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, NamedTuple

from cosmic_ray import plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

_COMPARISONS = (
    ("Lt", "LtE"), ("LtE", "Lt"), ("Gt", "GtE"), ("GtE", "Gt"), ("Eq", "NotEq"), ("NotEq", "Eq"), ("Is", "IsNot"),
    ("IsNot", "Is"),
)  # fmt: skip
OPERATORS = (
    *(f"core/ReplaceComparisonOperator_{old}_{new}" for old, new in _COMPARISONS),
    "core/NumberReplacer",
    "core/AddNot",
    "core/ReplaceUnaryOperator_Delete_Not",
    "core/ReplaceUnaryOperator_USub_UAdd",
    "core/ReplaceAndWithOr",
    "core/ReplaceOrWithAnd",
    "core/ReplaceTrueWithFalse",
    "core/ReplaceFalseWithTrue",
    "core/ReplaceBinaryOperator_Add_Sub",
    "core/ReplaceBinaryOperator_Sub_Add",
)


class Mutant(NamedTuple):
    """One change of a file: the line it is in (from 1), that line before and after, and the whole text after.

    ``place`` is the function it is in, empty outside of any.
    """

    module: str
    place: str
    line: int
    before: str
    after: str
    code: str

    @property
    def name(self) -> str:
        """What tells it from the others; stays the same when other lines change."""
        return f"{self.module}:{self.place}: {self.before} -> {self.after}"

    @property
    def import_name(self) -> str:
        """The module's name as it is imported."""
        return import_name(self.module)


def import_name(module: str) -> str:
    """The name that a file is imported by."""
    return module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def mutants_of(module: str) -> Iterator[Mutant]:
    """All mutants of a file, in the order of its lines."""
    source = Path(module).read_text()
    places = _places(source)
    found: dict[str, Mutant] = {}
    for name in OPERATORS:
        operator = plugins.get_operator(name)()
        for occurrence in range(sum(1 for node in ast_nodes(get_ast(source)) for _ in operator.mutation_positions(node))):
            code = mutate_code(source, operator, occurrence)
            if code is not None:
                meaning = ast.dump(_Simpler().visit(ast.parse(code)))
                found.setdefault(meaning, _mutant(module, source, code, places))
    return iter(sorted(found.values(), key=lambda mutant: mutant.line))


def _mutant(module: str, source: str, code: str, places: dict[int, str]) -> Mutant:
    lines = zip(source.splitlines(), code.splitlines())
    line, before, after = next((at, old, new) for at, (old, new) in enumerate(lines, 1) if old != new)
    return Mutant(module, places.get(line, ""), line, before.strip(), after.strip(), code)


class _Simpler(ast.NodeTransformer):
    """Writes what is negated in one way: two operators may have made the same mutant."""

    _NEGATED: ClassVar[dict[type[ast.cmpop], type[ast.cmpop]]] = {
        ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    }  # fmt: skip

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:  # noqa: N802
        self.generic_visit(node)
        inner = node.operand
        if not isinstance(node.op, ast.Not):
            return node
        if isinstance(inner, ast.UnaryOp) and isinstance(inner.op, ast.Not):
            return inner.operand
        if isinstance(inner, ast.Compare) and len(inner.ops) == 1 and type(inner.ops[0]) in self._NEGATED:
            return ast.Compare(inner.left, [self._NEGATED[type(inner.ops[0])]()], inner.comparators)
        return node


def _places(source: str) -> dict[int, str]:
    """The name of the innermost function or class that a line is in."""
    found: dict[int, str] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found |= dict.fromkeys(range(node.lineno, (node.end_lineno or node.lineno) + 1), node.name)
    return found
