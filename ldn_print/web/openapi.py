"""Describes the addresses for machines as OpenAPI 3.1: what may be asked, and every answer there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from ldn_print import __version__
from ldn_print.models import Format
from ldn_print.web.choice import EDITIONS, PAPERS

_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {"type": "string", "description": "What a person should read."},
        "findings": {"type": "array", "items": {"type": "object"}},
        "places": {"type": "array", "items": {"type": "string"}},
    },
}
_REPORT = {
    "type": "object",
    "required": ["ldn_print", "report", "schema"],
    "properties": {
        "ldn_print": {"type": "string"},
        "report": {"type": "string"},
        "schema": {"type": "integer"},
        "leaflets": {"type": "array", "items": {"type": "object"}},
        "sheets": {"type": "array", "items": {"type": "object"}},
    },
}
_BYTES = {"type": "string", "format": "binary"}
_DAY = {"type": "string", "format": "date"}
_AMOUNT = {"type": "number", "exclusiveMinimum": 0}
_PLAN = {
    "type": "object",
    "required": ["form", "strength", "time", "step"],
    "additionalProperties": False,
    "properties": {
        "form": {"enum": ["capsule", "liquid"]},
        "strength": {**_AMOUNT, "description": "mg in one capsule or 1 mL"},
        "time": {"enum": ["morning", "noon", "evening", "bedtime"]},
        "start": _DAY,
        "step": {
            "type": "array",
            "minItems": 1,
            "maxItems": 12,
            "items": {
                "type": "object",
                "required": ["dose", "count", "weeks"],
                "additionalProperties": False,
                "properties": {"dose": _AMOUNT, "count": _AMOUNT, "weeks": {"type": "integer", "minimum": 1}},
            },
        },
    },
}
_ANSWERS = {
    "401": "A key is missing or wrong.",
    "404": "There is no such thing.",
    "408": "The request did not arrive in time.",
    "409": "The sheet is refused, or the library cannot be read; `findings` says why.",
    "413": "More than the desk takes.",
    "415": "Another type of body is needed.",
    "422": "A value is not usable.",
    "429": "Too many requests.",
    "503": "Too much is waiting. Ask again after `Retry-After`.",
}


def description(handouts: Sequence[str], tools: Sequence[str], languages: Sequence[str]) -> dict[str, Any]:
    """Return the description.

    Args:
        handouts: their ids.
        tools: their ids.
        languages: the tags that are known.
    """
    name = {**_parameter("name", "path", {"enum": [*handouts, *tools]}), "required": True}
    choice = [
        name,
        _parameter("language", "query", {"enum": list(languages)}),
        _parameter("edition", "query", {"enum": list(EDITIONS)}),
        _parameter("paper", "query", {"enum": list(PAPERS)}),
        _parameter("format", "query", {"enum": list(get_args(Format))}),
        {**_parameter("with", "query", {"type": "array", "items": {"enum": list(tools)}}), "explode": True},
    ]
    personal = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "name": {"type": "string", "maxLength": 60},
            "date": _DAY,
            "prescriber": {"type": "string", "maxLength": 60},
            "note": {"type": "string", "maxLength": 400},
            "note_language": {"enum": list(languages)},
            "plan": _PLAN,
        },
    }
    code = {**_parameter("code", "path", {"type": "string"}), "required": True}
    found = [
        _parameter("code", "query", {"type": "string"}, "An ICD-10-CM code, as in M79.7."),
        _parameter("q", "query", {"type": "string"}, "Words of a name in any language."),
    ]
    pdf = {"application/pdf": {"schema": _BYTES}}
    files = {**pdf, "text/html": {"schema": {"type": "string"}}, "text/plain": {"schema": {"type": "string"}}}
    report = {"application/json": {"schema": _REPORT}}
    paths = {
        "/api/v1/leaflets": {"get": _operation("Handouts and tools, and their state", found, report, "422")},
        "/api/v1/sheets/{name}": {
            "get": _operation("A sheet as a file", choice, files, "404", "409", "422", "503"),
            "post": {
                **_operation("A copy filled in for one patient", choice, pdf, "404", "409", "415", "422", "503"),
                "requestBody": {"required": True, "content": {"application/json": {"schema": personal}}},
            },
        },
        "/api/v1/verify/{code}": {"get": _operation("What a sheet is, by its code", [code], report, "404")},
        "/api/v1/verify": {
            "post": {
                **_operation("What a sheet is, by its file", [], report, "404"),
                "requestBody": {"required": True, "content": {"application/octet-stream": {"schema": _BYTES}}},
            }
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "ldn_print", "version": __version__, "description": "Patient handouts about LDN."},
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
        "security": [{"key": []}, {}],
        "paths": paths,
    }


def _parameter(name: str, place: str, schema: Mapping[str, Any], words: str = "") -> dict[str, Any]:
    row: dict[str, Any] = {"name": name, "in": place, "schema": dict(schema)}
    return {**row, "description": words} if words else row


def _operation(
    summary: str, parameters: Sequence[Any], content: Mapping[str, Any], *others: str
) -> dict[str, Any]:
    error = {"application/json": {"schema": _ERROR}}
    plain = {"text/plain": {"schema": {"type": "string"}}}
    always = ("401", "408", "409", "413", "429")
    answers = {
        status: {"description": _ANSWERS[status], "content": {**error, **plain}}
        for status in sorted({*others, *always})
    }
    good = {"200": {"description": "Good.", "content": dict(content)}}
    return {"summary": summary, "parameters": list(parameters), "responses": {**good, **answers}}
