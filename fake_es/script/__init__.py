"""A small stated set of Painless: expressions, ``if``, ``return`` and local variables, without loops or classes.

Operators: ``+ - * / %``, comparisons, ``&& || !``, ``?:`` in both forms, casts to numbers. Names: ``params``, ``doc``,
what the place of the script gives, ``Math``. Members of values: see ``members``, of dates: see ``instants``. Whatever lies
beyond answers 501.
"""

from __future__ import annotations

from fake_es.script.script import Script, read_script
from fake_es.script.values import DocValues, ScriptError

__all__ = ["DocValues", "Script", "ScriptError", "read_script"]
