"""Errors of mappings and of documents that do not fit them, by their names in the server."""

from __future__ import annotations

from typing import Any

from fake_es.mapping import messages
from fake_es.wire.errors import ElasticsearchError, IllegalArgument
from fake_es.wire.java import FOR_INPUT_STRING


class MapperParsing(ElasticsearchError):
    """A mapping that cannot be parsed, or up to 8.7 a document that does not fit: 400.

    ``path`` leads to the wrong value in the document.
    """

    type = "mapper_parsing_exception"
    default_status = 400
    path: tuple[str | int, ...] = ()


class DocumentParsing(MapperParsing):
    """A document that does not fit its mapping, from 8.8: 400."""

    type = "document_parsing_exception"


class StrictDynamicMapping(MapperParsing):
    """A new field of a document, while the mapping is strict: 400."""

    type = "strict_dynamic_mapping_exception"


class DateTimeParse(ElasticsearchError):
    """Java's error for a date that it cannot parse."""

    type = "date_time_parse_exception"
    default_status = 400
    elastic = False


def document_error(release: tuple[int, ...], text: str, cause: ElasticsearchError | None = None) -> MapperParsing:
    """The error for a document that does not fit its mapping."""
    return (DocumentParsing if release >= (8, 8) else MapperParsing)(text, cause=cause)


def unparsable_document(release: tuple[int, ...], why: str, prefix: str, cause: ElasticsearchError | None) -> MapperParsing:
    """The error for a document that is not JSON, or has an empty field name; ``prefix`` is its line and column, from 8.8."""
    return document_error(release, prefix + messages.FAILED_DOCUMENT.at(release, why=why), cause)


def missing_type(field: str) -> MapperParsing:
    """The error for the definition of a field without a type."""
    return MapperParsing(messages.NO_TYPE.format(field=field))


def unknown_parameter(field: str, kind: str, parameter: str, value: Any, release: tuple[int, ...]) -> MapperParsing:
    """The error for an unknown parameter in the definition of a field of type ``kind``."""
    arguments = {"field": field, "kind": kind, "parameter": parameter, "value": value}
    return MapperParsing(messages.UNKNOWN_PARAMETER.at(release, **arguments))


def expected_map(name: str, field: str) -> MapperParsing:
    """The error for a property ``name`` of a definition that must be an object."""
    return MapperParsing(messages.EXPECTED_MAP.format(property=name, field=field))


def not_an_ip(text: str) -> IllegalArgument:
    """The error for a text that is not an IP address or network."""
    return IllegalArgument(messages.NOT_AN_IP.format(value=text))


def not_a_number(text: str) -> IllegalArgument:
    """Java's error for a text that is not a number."""
    return IllegalArgument(FOR_INPUT_STRING.format(text=text))
