"""The kinds of aggregations, each registered beside its class, and the base classes of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

from fake_es.search.aggregations import messages
from fake_es.search.aggregations.context import AggregationContext, Documents
from fake_es.search.aggregations.errors import AggregationInitialization, TooManyBuckets
from fake_es.search.aggregations.results import Bucket, Buckets, Result, Results, results_to_json
from fake_es.wire.errors import IllegalArgument, NotImplementedHere
from fake_es.wire.object_parser import Field, ObjectParser


@dataclass(slots=True)
class Definition:
    """One aggregation of a request: its ``options`` are parsed, but not yet checked against the mapping."""

    name: str
    kind: Kind
    options: dict[str, Any]
    subs: list[Definition] = field(default_factory=list)
    meta: dict[str, Any] | None = None
    parent: Definition | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of aggregation: its name, the parser of its options (None: its class reads them), and its class."""

    name: str
    reader: ObjectParser | None
    implementation: type[Aggregation] | type[Pipeline]
    since: tuple[int, ...]
    until: tuple[int, ...]

    @property
    def is_pipeline(self) -> bool:
        """Whether it is a pipeline, which works on the results of others."""
        return issubclass(self.implementation, Pipeline)


_KINDS: dict[str, Kind] = {}
_Class = TypeVar("_Class", bound="type[Aggregation] | type[Pipeline]")


def aggregation(
    name: str, *fields: Field, since: tuple[int, ...] = (0,), until: tuple[int, ...] = (99,), free: bool = False
) -> Callable[[_Class], _Class]:
    """Register a class as the aggregation ``name`` with these options; with ``free`` the class parses its body itself."""

    def register(class_: _Class) -> _Class:
        reader = None if free else ObjectParser(name, fields)
        _KINDS[name] = Kind(name, reader, class_, since, until)
        return class_

    return register


def kind_of(name: str, release: tuple[int, ...]) -> Kind | None:
    """The kind with this name; None if the release does not have it."""
    kind = _KINDS.get(name)
    return kind if kind is not None and kind.since <= release < kind.until else None


def kinds() -> Iterable[str]:
    """The names of all kinds."""
    return _KINDS


class Aggregation:
    """An aggregation over documents. ``leaf``: it takes no sub-aggregations. ``multi``: it makes several buckets."""

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

    def bucket(self, key: Any, text: str, documents: Documents, fields: dict[str, Any] | None = None) -> Bucket:
        """A bucket of these documents, with the results of the sub-aggregations; see ``Bucket`` for the arguments."""
        return Bucket(key, text, len(documents), self.subs.results(documents), {} if fields is None else fields)

    def with_pipelines(self, result: Buckets) -> Buckets:
        """Count the buckets of ``result``, and apply the pipelines below this aggregation to it.

        :raises TooManyBuckets: more buckets than ``search.max_buckets``.
        """
        self.check_bucket_limit(len(result.buckets))
        self.context.buckets += len(result.buckets)
        for pipeline in self.subs.pipelines:
            pipeline.apply(result)
        return result

    def check_bucket_limit(self, count: int) -> None:
        """Check that ``count`` more buckets are allowed.

        :raises TooManyBuckets: 503 up to 7.x, then 400.
        """
        most, count = self.context.max_buckets, self.context.buckets + count
        if count > most:
            reason = messages.TOO_MANY.at(self.context.release, most=most, count=count)
            raise TooManyBuckets(reason, status=400 if self.context.release >= (8, 0) else 503, max_buckets=most)

    def unsupported(self, option: str, kind: str) -> None:
        """Refuse an option that the server has and fake_es has not.

        :raises NotImplementedHere: the option is given.
        """
        if self.options.get(option) is not None:
            raise NotImplementedHere(messages.OPTION_NOT_EMULATED.format(option=option, kind=kind))


Siblings = Sequence[Definition]


class Pipeline:
    """A pipeline aggregation, which works on the results of others."""

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
        """The paths in ``buckets_path`` by their names; a single path has the name ``_value``."""
        paths = options.get("buckets_path")
        return paths if isinstance(paths, dict) else {}

    @classmethod
    def refusals(cls, definition: Definition, siblings: Siblings, release: tuple[int, ...]) -> Iterable[str]:
        """What is wrong with its position among ``siblings``: texts of the validation error."""
        return ()

    def apply(self, parent: Buckets) -> None:
        """Change the buckets of the aggregation around it: add a result to each, or filter or sort them."""
        raise NotImplementedError

    def reduce(self, results: Results) -> Result:
        """Compute its result from those of its siblings."""
        raise NotImplementedError


class Aggregations:
    """The aggregations of one level; ``pipelines`` are in the order in which they are computed."""

    def __init__(self, members: list[Aggregation], pipelines: list[Pipeline], context: AggregationContext) -> None:
        self._members = members
        self._step = context.step
        self.pipelines = pipelines

    def results(self, documents: Documents) -> Results:
        """The results for these documents, without pipelines."""
        found: Results = {}
        for member in self._members:
            self._step()
            found[member.name] = result = member.collect(documents)
            result.meta = member.meta
        return found

    def collect(self, documents: Documents, *, typed_keys: bool = False) -> dict[str, Any]:
        """The JSON of all results for these documents.

        :raises ElasticsearchError: too many buckets, a script that fails, a path that leads nowhere.
        """
        found = self.results(documents)
        self.pipe(found)
        return results_to_json(found, typed=typed_keys)

    def pipe(self, results: Results) -> None:
        """Add the results of the pipelines to those of their siblings."""
        for pipeline in self.pipelines:
            results[pipeline.name] = result = pipeline.reduce(results)
            result.meta = pipeline.meta
