"""What the text fields of a submission to the DeepRead API ask for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.schema import MAX_BYTES
from ocrwell.errors import InvalidField, InvalidSchema, NotFound
from ocrwell.jobs.models import Job

FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False, "": None}
MAX_VERSION = 100


@dataclass(frozen=True, slots=True)
class Asked:
    schema: object
    pipeline: str
    include_images: bool
    include_pages: bool
    searchable_pdf: bool
    webhook_url: str

    def columns(self) -> dict[str, Any]:
        """Those of the job that the core only keeps."""
        names = ("pipeline", "include_images", "include_pages", "searchable_pdf", "webhook_url")
        return {name: getattr(self, name) for name in names}


def parse(fields: Mapping[str, str]) -> Asked:
    """Empty fields count as left out, and unknown ones are for other versions of the API.

    Raises InvalidField, InvalidSchema, or NotFound for a blueprint that is not there.
    """
    schema, blueprint = fields.get("schema", "").strip(), fields.get("blueprint_id", "").strip()
    if schema and blueprint:
        raise InvalidField("Provide 'schema' or 'blueprint_id', not both.")
    if blueprint:
        raise NotFound("There is no such blueprint.")
    if len(fields.get("version", "")) > MAX_VERSION:
        raise InvalidField(f"'version' takes at most {MAX_VERSION} characters.")
    pipeline = _pipeline(fields.get("pipeline", "").strip())
    return Asked(
        schema=_schema(schema) if schema else None,
        pipeline=pipeline,
        include_images=_flag(fields, "include_images", default=True),
        include_pages=_flag(fields, "include_pages", default=False),
        searchable_pdf=pipeline == Job.Pipeline.SEARCHABLE
        or _flag(fields, "searchable_pdf", default=False),
        webhook_url=fields.get("webhook_url", "").strip(),
    )


def _pipeline(name: str) -> str:
    if name and name not in Job.Pipeline.values:
        known = ", ".join(f"'{each}'" for each in Job.Pipeline.values)
        raise InvalidField(f"There is no pipeline {name[:50]!r}. Use one of {known}.")
    return name or Job.Pipeline.STANDARD


def _flag(fields: Mapping[str, str], name: str, *, default: bool) -> bool:
    said = fields.get(name, "").strip().lower()
    if said not in FLAGS:
        raise InvalidField(f"'{name}' takes 'true' or 'false'.")
    found = FLAGS[said]
    return default if found is None else found


def _schema(text: str) -> object:
    if len(text.encode(errors="surrogatepass")) > MAX_BYTES:
        raise InvalidSchema(f"The schema exceeds {MAX_BYTES // 1024} KB.")
    try:
        found = json.loads(text)
    except RecursionError as error:
        raise InvalidSchema("The schema is nested too deeply.") from error
    except ValueError as error:
        raise InvalidSchema(f"The schema is not valid JSON: {error}.") from error
    if found is None:
        raise InvalidSchema("The schema is null. Leave it out, or send a JSON Schema.")
    return found
