"""Refusals, by the names the server gives them."""

from __future__ import annotations

from fake_es.mapping import messages
from fake_es.wire.errors import ElasticsearchError, IllegalArgument


class MapperParsing(ElasticsearchError):
    """A mapping, or a document up to 8.7, that cannot be read: 400. ``path`` leads to the value in the document."""

    type = "mapper_parsing_exception"
    default_status = 400
    path: tuple[str | int, ...] = ()


class DocumentParsing(MapperParsing):
    """A document that does not fit its mapping, from 8.8: 400."""

    type = "document_parsing_exception"


class StrictDynamicMapping(MapperParsing):
    """A field that a strict mapping does not have: 400."""

    type = "strict_dynamic_mapping_exception"


class DateTimeParse(ElasticsearchError):
    """What Java says of a date that it cannot read."""

    type = "date_time_parse_exception"
    default_status = 400
    elastic = False


def unreadable_document(release: tuple[int, ...]) -> type[MapperParsing]:
    """The class of a document's refusal in that release."""
    return DocumentParsing if release >= (8, 8) else MapperParsing


def not_a_number(text: str) -> IllegalArgument:
    """Java's refusal of a text that is no number."""
    return IllegalArgument(messages.FOR_INPUT_STRING.format(text=text))
