"""Kinds of aggregations, each declared beside its class, and what they have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

from fake_es.search.aggregations import messages
from fake_es.search.aggregations.context import AggregationContext, Documents
from fake_es.search.aggregations.errors import AggregationInitialization, TooManyBuckets
from fake_es.search.aggregations.results import Bucket, Buckets, Result, Results, show_results
from fake_es.wire.errors import IllegalArgument, NotImplementedHere
from fake_es.wire.object_parser import Field, ObjectParser


@dataclass(slots=True)
class Definition:
    """One aggregation as a request states it: ``options`` are read, nothing is looked up yet."""

    name: str
    kind: Kind
    options: dict[str, Any]
    subs: list[Definition] = field(default_factory=list)
    meta: dict[str, Any] | None = None
    parent: Definition | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of aggregation: its name, the reader of its options (None: they are read elsewhere), and its class."""

    name: str
    reader: ObjectParser | None
    made: type[Aggregation] | type[Pipeline]
    since: tuple[int, ...]
    until: tuple[int, ...]

    @property
    def is_pipeline(self) -> bool:
        """Whether it works on the results of others."""
        return issubclass(self.made, Pipeline)


_KINDS: dict[str, Kind] = {}
_Made = TypeVar("_Made", bound="type[Aggregation] | type[Pipeline]")


def aggregation(
    name: str, *fields: Field, since: tuple[int, ...] = (0,), until: tuple[int, ...] = (99,), free: bool = False
) -> Callable[[_Made], _Made]:
    """Declare a class as the aggregation ``name`` with these options; ``free`` leaves the body unread."""

    def declare(made: _Made) -> _Made:
        reader = None if free else ObjectParser(name, fields)
        _KINDS[name] = Kind(name, reader, made, since, until)
        return made

    return declare


def kind_of(name: str, release: tuple[int, ...]) -> Kind | None:
    """The kind of that name, if the release has it."""
    kind = _KINDS.get(name)
    return kind if kind is not None and kind.since <= release < kind.until else None


def kinds() -> Iterable[str]:
    """Names of all kinds."""
    return _KINDS


class Aggregation:
    """One aggregation over documents. ``leaf`` ones take no sub-aggregations, ``multi`` ones have many buckets."""

    leaf: ClassVar[bool] = False
    multi: ClassVar[bool] = False

    def __init__(self, definition: Definition, subs: Aggregations, context: AggregationContext) -> None:
        """:raises ElasticsearchError: the options do not go together, or not with the mapping."""
        if self.leaf and definition.subs:
            reason = messages.NO_SUBS.format(name=definition.name, kind=definition.kind.name)
            raise (IllegalArgument if context.release >= (8, 14) else AggregationInitialization)(reason)
        self.name = definition.name
        self.meta = definition.meta
        self.options = definition.options
        self.subs = subs
        self.context = context
        self.prepare(definition)

    def prepare(self, definition: Definition) -> None:
        """Read the options.

        :raises ElasticsearchError: see ``__init__``.
        """

    def collect(self, documents: Documents) -> Result:
        """The result for these documents."""
        raise NotImplementedError

    def bucket(self, key: Any, text: str, documents: Documents, shown: dict[str, Any] | None = None) -> Bucket:
        """A bucket of these documents, with what the sub-aggregations find in it."""
        return Bucket(key, text, len(documents), self.subs.results(documents), {} if shown is None else shown)

    def finished(self, result: Buckets) -> Buckets:
        """``result`` with what the pipelines below this aggregation make of it.

        :raises TooManyBuckets: there are more than the cluster allows.
        """
        self.check_number(len(result.buckets))
        self.context.buckets += len(result.buckets)
        for pipeline in self.subs.pipelines:
            pipeline.apply(result)
        return result

    def check_number(self, count: int) -> None:
        """Refuse more buckets than the cluster allows.

        :raises TooManyBuckets: 503 up to 7.x, then 400.
        """
        most, count = self.context.most_buckets, self.context.buckets + count
        if count > most:
            reason = messages.TOO_MANY.at(self.context.release, most=most, count=count)
            raise TooManyBuckets(reason, status=400 if self.context.release >= (8, 0) else 503, max_buckets=most)

    def unsupported(self, option: str, kind: str) -> None:
        """Refuse an option that Elasticsearch has and this double has not.

        :raises NotImplementedHere: the option is given.
        """
        if self.options.get(option) is not None:
            raise NotImplementedHere(messages.OPTION_NOT_HERE.format(option=option, kind=kind))


Siblings = Sequence[Definition]


class Pipeline:
    """One aggregation over the results of others."""

    def __init__(self, definition: Definition, context: AggregationContext) -> None:
        """:raises ElasticsearchError: the options do not go together."""
        self.name = definition.name
        self.meta = definition.meta
        self.options = definition.options
        self.context = context
        self.prepare(definition)

    def prepare(self, definition: Definition) -> None:
        """Read the options.

        :raises ElasticsearchError: see ``__init__``.
        """

    @staticmethod
    def paths(options: dict[str, Any]) -> dict[str, str]:
        """The ``buckets_path`` by names; a single path bears the name ``_value``."""
        paths = options.get("buckets_path")
        return paths if isinstance(paths, dict) else {}

    @classmethod
    def refusals(cls, definition: Definition, siblings: Siblings, release: tuple[int, ...]) -> Iterable[str]:
        """What is wrong with its place among ``siblings``."""
        return ()

    def apply(self, parent: Buckets) -> None:
        """Add its result to the buckets of the aggregation it stands in, or choose among them."""
        raise NotImplementedError

    def reduce(self, results: Results) -> Result:
        """Its result from those of its siblings."""
        raise NotImplementedError


class Aggregations:
    """Aggregations side by side; ``pipelines`` in the order they are worked out."""

    def __init__(self, members: list[Aggregation], pipelines: list[Pipeline]) -> None:
        self._members = members
        self.pipelines = pipelines

    def results(self, documents: Documents) -> Results:
        """What each finds in these documents, pipelines left out."""
        found: Results = {}
        for member in self._members:
            found[member.name] = result = member.collect(documents)
            result.meta = member.meta
        return found

    def collect(self, documents: Documents, *, typed_keys: bool = False) -> dict[str, Any]:
        """The body of ``aggregations`` for these documents.

        :raises ElasticsearchError: too many buckets, a failing script, a path that leads nowhere.
        """
        found = self.results(documents)
        self.pipe(found)
        return show_results(found, typed=typed_keys)

    def pipe(self, results: Results) -> None:
        """Add the results of the pipelines to those of their siblings."""
        for pipeline in self.pipelines:
            results[pipeline.name] = result = pipeline.reduce(results)
            result.meta = pipeline.meta
