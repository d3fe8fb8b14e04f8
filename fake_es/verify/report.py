"""What is told of a run: each failure, why tests were not run, and how many came out how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from fake_es.verify.outcome import Outcome, Result


def summary(results: Iterable[Result]) -> Iterator[str]:
    """Lines for a reader: failures one by one, skips counted by reason, the count of each outcome."""
    results = list(results)
    yield from (str(result) for result in results if result.outcome is Outcome.FAILED)
    reasons = Counter(result.reason for result in results if result.outcome is Outcome.SKIPPED)
    yield from (f"skipped {count}: {reason}" for reason, count in sorted(reasons.items()))
    outcomes = Counter(result.outcome for result in results)
    shown = [outcome for outcome in Outcome if outcome is not Outcome.PROMOTED or outcomes[outcome]]
    yield ", ".join(f"{outcomes[outcome]} {outcome.value}" for outcome in shown)
