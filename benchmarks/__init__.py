"""What fake_es costs, as ratios within one run: ``python -m benchmarks [NAME...]``.

A row is one function in a module that ``benchmarks.rows`` lists; its declaration says all there is to know of it::

    @row("records", "a million records by post data, over json.loads of the same lines", goal=2, stretch=0.7)
    def records(effort: Effort) -> Measured:
        lines = scene.records(effort.count(1_000_000))
        ours, base = (lambda: cpu(partial(post, lines))), (lambda: cpu(partial(loads, lines)))
        return compare(effort, ours, base, ours_per=len(lines), unit="us")

``compare`` runs both sides in turn and answers the median of the paired ratios; a row that measures something absolute
answers ``Measured(value, figures)`` itself. The numbers a row takes go through ``effort.count`` and ``effort.seconds``,
so that a test can run it once in no time. ``docs/performance.md`` tells how the goals came about.

``benchmarks.labelled`` is a command of its own: how well the engine does, on series that others have labelled.
"""
