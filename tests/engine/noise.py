"""Series to judge: steady noise of several kinds, and a service's day."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

Make = Callable[[random.Random], float]


def poisson(source: random.Random, mean: float) -> int:
    """A Poisson number, by its definition."""
    limit, product, number = math.exp(-mean), source.random(), 0
    while product > limit:
        product, number = product * source.random(), number + 1
    return number


def _student(source: random.Random, freedom: float) -> float:
    return source.gauss(0, 1) / math.sqrt(source.gammavariate(freedom / 2, 2) / freedom)


# Kinds of noise about a level of some 100, of which a value of 1000 is a tenfold spike.
NOISE: dict[str, Make] = {
    "normal": lambda source: source.gauss(100, 10),
    "wide normal": lambda source: max(0.0, source.gauss(100, 20)),
    "poisson": lambda source: float(poisson(source, 100)),
    "uniform": lambda source: source.uniform(50, 150),
    "laplace": lambda source: 100 + 10 * source.choice((-1, 1)) * source.expovariate(1),
    "lognormal": lambda source: source.lognormvariate(math.log(100), 0.25),
    "wide lognormal": lambda source: source.lognormvariate(math.log(100), 0.5),
    "gamma": lambda source: source.gammavariate(4, 25),
    "pareto": lambda source: 75 * source.paretovariate(4),
    "student 5": lambda source: 100 + 10 * _student(source, 5),
    "student 4": lambda source: 100 + 10 * _student(source, 4),
    "student 3": lambda source: 100 + 10 * _student(source, 3),
}
# Of these a series of 500 values has some that are further off than all before by so much that one may be surprised.
WILD = ("pareto", "student 5", "student 4", "student 3")


def day(hour: int, weekend: float = 1.0) -> float:
    """Ordinary traffic at an hour counted from a Monday's midnight; weekends are ``weekend`` times as busy."""
    busy = 100 - 80 * math.cos(2 * math.pi * (hour % 24) / 24)
    return busy * (weekend if hour // 24 % 7 >= 5 else 1.0)
