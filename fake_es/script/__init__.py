"""A documented subset of Painless: expressions, ``if``, ``return`` and local variables, without loops or classes.

Operators: ``+ - * / %``, comparisons, ``&& || !``, ``?:`` in both forms, casts to numbers. Names: ``params``, ``doc``,
``Math``, and the variables of the script's context. ``members`` lists the members of values, ``instants`` those of dates. A
script that uses anything else gets 501.
"""

from __future__ import annotations

from fake_es.script.script import Script, read_script
from fake_es.script.values import DocValues, ScriptError

__all__ = ["DocValues", "Script", "ScriptError", "read_script"]
