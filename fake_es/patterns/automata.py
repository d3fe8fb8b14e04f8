"""Finite automata over characters: built from instructions, made deterministic, and run on texts.

The instructions are those of a stack machine. So nothing here is recursive, however deeply an expression is nested. Characters
that no set of the expression distinguishes form one class. Classes are numbered; a set of classes is an integer with a bit for
each.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

LAST = 0x10FFFF
# First and last code point of each range of characters.
Ranges = tuple[tuple[int, int], ...]

# Limits of fake_es, which are lower than the server's. Work is counted in steps of about a microsecond.
_MOST_WORK = 250_000
_MOST_CLASSES = 4096
# ``Operations.determinize`` visits at most this many states for each state that it may create.
_EFFORT = 10


class TooComplex(Exception):
    """The automaton would be larger than ``limit`` allows."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class Instruction(NamedTuple):
    """One instruction of the stack machine that builds an automaton.

    ``set`` pushes an automaton that accepts one character of ``ranges``. ``empty`` pushes one for the empty text, ``nothing``
    one that accepts no text. ``join``, ``either`` and ``both`` replace the last ``parts`` automata by their concatenation,
    union or intersection. ``not`` and ``repeat`` (``least`` to ``most`` times, None: without limit) change the last one.
    """

    name: str
    ranges: Ranges = ()
    parts: int = 0
    least: int = 0
    most: int | None = None


class Automaton:
    """A deterministic automaton: for each state its arcs (set of classes, next state), and whether it accepts.

    ``work`` is the work of building it, in steps of about a microsecond.
    """

    def __init__(self, cuts: list[int], arcs: list[list[tuple[int, int]]], ends: list[bool], work: int = 0) -> None:
        self.arcs = arcs
        self.ends = ends
        self.work = work
        self._cuts = cuts
        self._ascii = [bisect_right(cuts, code) - 1 for code in range(128)]
        self._steps: list[dict[int, int]] = [{} for _ in arcs]

    def fits(self, text: str) -> bool:
        """Whether the automaton accepts the whole of ``text``."""
        state = 0
        for character in text:
            code = ord(character)
            kind = self._ascii[code] if code < 128 else bisect_right(self._cuts, code) - 1
            following = self._steps[state].get(kind)
            if following is None:
                arcs = self.arcs[state]
                following = next((target for classes, target in arcs if classes >> kind & 1), -1)
                self._steps[state][kind] = following
            if following < 0:
                return False
            state = following
        return self.ends[state]


def build(program: Sequence[Instruction], limit: int) -> Automaton:
    """Build the automaton that ``program`` describes.

    :param limit: ``max_determinized_states``, the most states of the deterministic automaton. As in ``Operations.determinize``,
        at most ten times as many states of the nondeterministic automaton are visited.
    :raises TooComplex: the automaton would be larger.
    """
    return _Builder(program, limit).run(program)


class _Table(NamedTuple):
    """The states of a deterministic automaton: arcs of each, and whether it accepts. State 0 is the start."""

    arcs: list[list[tuple[int, int]]]
    ends: list[bool]


class _Part(NamedTuple):
    """An automaton on the stack. Its states are numbered from ``first`` up to the first state of the next part.

    No arc leads to its ``start``, and none from its ``end``.
    """

    first: int
    start: int
    end: int


class _Builder:
    """The stack machine; the automata on its stack are nondeterministic."""

    def __init__(self, program: Iterable[Instruction], limit: int) -> None:
        self._limit = limit
        self._work = 0
        edges = {0, LAST + 1}
        for instruction in program:
            for low, high in instruction.ranges:
                edges |= {low, high + 1}
        if len(edges) > _MOST_CLASSES:
            raise TooComplex(limit)
        self._cuts = sorted(edges)
        self._number = {cut: number for number, cut in enumerate(self._cuts)}
        self._all = (1 << len(edges) - 1) - 1
        self._classes: dict[Ranges, int] = {}
        # For each state: arcs, and the states that follow without a character.
        self._arcs: list[list[tuple[int, int]]] = []
        self._free: list[list[int]] = []
        self._parts: list[_Part] = []

    def run(self, program: Iterable[Instruction]) -> Automaton:
        for instruction in program:
            getattr(self, f"_do_{instruction.name}")(instruction)
        table = self._determinized(self._parts.pop())
        return Automaton(self._cuts, table.arcs, table.ends, self._work)

    def _spend(self, steps: int) -> None:
        self._work += steps
        if self._work > _MOST_WORK:
            raise TooComplex(self._limit)

    def _state(self) -> int:
        self._spend(1)
        self._arcs.append([])
        self._free.append([])
        return len(self._arcs) - 1

    def _pair(self) -> _Part:
        start = self._state()
        return _Part(start, start, self._state())

    def _mask(self, ranges: Ranges) -> int:
        known = self._classes.get(ranges)
        if known is None:
            known = 0
            for low, high in ranges:
                first, after = self._number[low], self._number[high + 1]
                known |= (1 << after) - (1 << first)
            self._classes[ranges] = known
        return known

    def _do_set(self, instruction: Instruction) -> None:
        part = self._pair()
        self._arcs[part.start].append((self._mask(instruction.ranges), part.end))
        self._parts.append(part)

    def _do_empty(self, _: Instruction) -> None:
        part = self._pair()
        self._free[part.start].append(part.end)
        self._parts.append(part)

    def _do_nothing(self, _: Instruction) -> None:
        self._parts.append(self._pair())

    def _taken(self, count: int) -> list[_Part]:
        taken = self._parts[-count:]
        del self._parts[-count:]
        return taken

    def _do_join(self, instruction: Instruction) -> None:
        parts = self._taken(instruction.parts)
        for left, right in pairwise(parts):
            self._free[left.end].append(right.start)
        self._parts.append(_Part(parts[0].first, parts[0].start, parts[-1].end))

    def _do_either(self, instruction: Instruction) -> None:
        parts = self._taken(instruction.parts)
        whole = self._pair()
        for part in parts:
            self._free[whole.start].append(part.start)
            self._free[part.end].append(whole.end)
        self._parts.append(whole._replace(first=parts[0].first))

    def _do_repeat(self, instruction: Instruction) -> None:
        least, most = instruction.least, instruction.most
        part = self._parts.pop()
        if most is not None and (most == 0 or most < least):
            self._cut(part.first)
            return self._do_empty(instruction) if most == least else self._do_nothing(instruction)
        times = max(least, 1) if most is None else most
        # There are two states here for each state of Lucene (``RegExp.toAutomatonInternal``).
        if (len(self._arcs) - part.first) // 2 * times > self._limit:
            raise TooComplex(self._limit)
        copies = self._copies(part, times)
        whole = self._pair()
        self._free[whole.start].append(part.start)
        for left, right in pairwise(copies):
            self._free[left.end].append(right.start)
        self._free[copies[-1].end].append(whole.end)
        if most is None:
            self._free[copies[-1].end].append(copies[-1].start)
        for copy in copies[least:]:
            self._free[copy.start if copy is not part else whole.start].append(whole.end)
        return self._parts.append(whole._replace(first=part.first))

    def _copies(self, part: _Part, times: int) -> list[_Part]:
        """``part``, which must be the last one, and copies of it: ``times`` in all."""
        copies = [part]
        if times == 1:
            return copies
        arcs, free = self._arcs[part.first :], self._free[part.first :]
        for number in range(1, times):
            by = number * len(arcs)
            self._spend(len(arcs))
            self._arcs += [[(classes, target + by) for classes, target in state] for state in arcs]
            self._free += [[target + by for target in state] for state in free]
            copies.append(_Part(part.first + by, part.start + by, part.end + by))
        return copies

    def _do_not(self, _: Instruction) -> None:
        part = self._parts.pop()
        automaton = self._determinized(part)
        self._cut(part.first)
        self._push(_complement(automaton, self._all))

    def _do_both(self, instruction: Instruction) -> None:
        first, *others = self._taken(instruction.parts)
        product = self._determinized(first)
        for other in others:
            product = self._product(product, self._determinized(other))
        self._cut(first.first)
        self._push(product)

    def _cut(self, first: int) -> None:
        del self._arcs[first:], self._free[first:]

    def _push(self, automaton: _Table) -> None:
        """Push a deterministic automaton."""
        whole = self._pair()
        by = len(self._arcs)
        self._spend(len(automaton.arcs))
        self._arcs += [[(classes, target + by) for classes, target in state] for state in automaton.arcs]
        self._free += [[whole.end] if ends else [] for ends in automaton.ends]
        self._free[whole.start].append(by)
        self._parts.append(whole)

    def _reached(self, states: Iterable[int]) -> frozenset[int]:
        """The states reached from ``states`` without a character; only those with arcs, and ends."""
        seen = set(states)
        queue = list(seen)
        for state in queue:
            for target in self._free[state]:
                if target not in seen:
                    seen.add(target)
                    queue.append(target)
        self._spend(len(queue))
        return frozenset(state for state in queue if self._arcs[state] or not self._free[state])

    def _determinized(self, part: _Part) -> _Table:
        """Make a part deterministic, by the subset construction (``Operations.determinize``)."""
        first = self._reached([part.start])
        numbers, queue = {first: 0}, [first]
        table = _Table([], [])
        effort = 0
        for states in queue:
            effort += len(states)
            if effort >= self._limit * _EFFORT:
                raise TooComplex(self._limit)
            arcs = []
            for classes, targets in self._split([arc for state in states for arc in self._arcs[state]]):
                following = self._reached(targets)
                if following not in numbers:
                    numbers[following] = len(queue)
                    queue.append(following)
                arcs.append((classes, numbers[following]))
            table.arcs.append(arcs)
            table.ends.append(part.end in states)
        return table

    def _split(self, arcs: list[tuple[int, int]]) -> list[tuple[int, list[int]]]:
        """Split arcs into disjoint sets of classes, each with all its targets."""
        by_classes: dict[int, list[int]] = {}
        for classes, target in arcs:
            by_classes.setdefault(classes, []).append(target)
        parts: list[tuple[int, list[int]]] = []
        singles = [pair for pair in by_classes.items() if not pair[0] & (pair[0] - 1)]
        for classes, targets in by_classes.items():
            if not classes & (classes - 1):
                continue
            self._spend(1 + len(parts))
            for place in range(len(parts)):
                known, before = parts[place]
                shared = known & classes
                if shared:
                    parts[place] = (shared, before + targets)
                    if known != shared:
                        parts.append((known ^ shared, before))
                    classes ^= shared
                    if not classes:
                        break
            if classes:
                parts.append((classes, targets))
        # Sets of a single class are many, and disjoint.
        self._spend(1 + len(singles) * (1 + len(parts)))
        alone = 0
        for place, (classes, targets) in enumerate(singles):
            alone |= classes
            around = next((before for known, before in parts if known & classes), ())
            singles[place] = (classes, [*targets, *around])
        return singles + [(known & ~alone, before) for known, before in parts if known & ~alone]

    def _product(self, left: _Table, right: _Table) -> _Table:
        """The intersection of two deterministic automata: it accepts the texts that both accept."""
        numbers, queue = {(0, 0): 0}, [(0, 0)]
        table = _Table([], [])
        for one, other in queue:
            arcs = []
            self._spend(1 + len(left.arcs[one]) * len(right.arcs[other]))
            for classes, target in left.arcs[one]:
                for others, opposite in right.arcs[other]:
                    if classes & others:
                        pair = (target, opposite)
                        if pair not in numbers:
                            numbers[pair] = len(queue)
                            queue.append(pair)
                        arcs.append((classes & others, numbers[pair]))
            table.arcs.append(arcs)
            table.ends.append(left.ends[one] and right.ends[other])
        return table


def _complement(table: _Table, every: int) -> _Table:
    """The complement of a deterministic automaton. A character without an arc leads to a new state that always accepts."""
    rest = len(table.arcs)
    arcs = []
    for state in table.arcs:
        left = every
        for classes, _ in state:
            left &= ~classes
        arcs.append([*state, (left, rest)] if left else state)
    return _Table([*arcs, [(every, rest)]], [not ends for ends in table.ends] + [True])
