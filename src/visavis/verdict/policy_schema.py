"""The JSON schema of a policy file, for editors; made from what `policy_file` reads by."""

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from visavis.verdict.hardware import BOUNDS, Hardware
from visavis.verdict.must import FACTS, LOCAL, MEASURED, MONTHLY, PERCENTILES
from visavis.verdict.policy import MEASURES
from visavis.verdict.policy_file import DECIDING, HEAVIEST, LARGEST_RATIO
from visavis.verdict.workload import Workload

SCHEMA_FILE = Path(__file__).with_name("policies.schema.json")

_BENCHMARK = r"(\.(?!p\d)[\w@-]+)?"
_PERCENT = r"(\.p(?!0+(\.0+)?\s)\d{1,2}(\.\d+)?)?"
_LIMIT = r"\s*(<=|>=)\s*\d+(\.\d+)?(e[+-]?\d+)?"


def published() -> str:
    """As `SCHEMA_FILE` must hold it."""
    parts = {
        "name": _text("How tables and pages call it; the file's name when not given."),
        "about": _text("The use, in a few words."),
        "must": {
            "description": "What a candidate has to meet before anything is weighed.",
            "type": "array",
            "items": {
                "type": "string",
                "pattern": _must(),
                "examples": ["first_token_s.p95 <= 1.0", "score.humaneval >= 0.6", LOCAL],
            },
        },
        "matters": {
            "description": "Smallest gap that would change a choice. Score: a difference on 0 to "
            "1. All else: a ratio minus one. What is left out keeps the default policy's figure.",
            "properties": {
                name: _gap(1.0 if measure.scale == "difference" else LARGEST_RATIO)
                for name, measure in MEASURES.items()
            },
            **_OBJECT,
        },
        "weights": {
            "description": "What one gap that matters counts, beside the others; left out "
            "altogether, any weights are possible.",
            "propertyNames": {"pattern": rf"^({'|'.join(DECIDING)})(\..+)?$"},
            "properties": {name: {"$ref": "#/$defs/weight"} for name in DECIDING},
            "additionalProperties": {"$ref": "#/$defs/weight"},
            "type": "object",
        },
        "workload": {
            "description": "What is asked day by day; of this speaks `usd_per_month`.",
            **_stated(Workload),
        },
        "hardware": {
            "description": "Machines of one's own, for candidates that have no price list.",
            **_stated(Hardware),
            "required": ["usd"],
        },
    }
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A policy: what a use asks of a candidate",
        "$defs": {
            "weight": {
                "description": "A weight, or a range where nobody knows better: `[1, 3]`.",
                "oneOf": [
                    _WEIGHT,
                    {"type": "array", "items": _WEIGHT, "minItems": 2, "maxItems": 2},
                ],
            }
        },
        "properties": parts,
        "anyOf": [{"required": [name]} for name in parts if name not in ("name", "about")],
        **_OBJECT,
    }
    return json.dumps(schema, indent=2) + "\n"


_OBJECT: Mapping[str, Any] = {"type": "object", "additionalProperties": False}
_WEIGHT: Mapping[str, Any] = {"type": "number", "minimum": 0, "maximum": HEAVIEST}


def _must() -> str:
    percentiles = "|".join(PERCENTILES)
    measured = "|".join(name for name in MEASURED if name not in PERCENTILES)
    known = "|".join((*FACTS, MONTHLY))
    subject = f"(({percentiles}){_BENCHMARK}{_PERCENT}|({measured}){_BENCHMARK}|({known}))"
    return rf"^\s*({LOCAL}|{subject}{_LIMIT})\s*$"


def _text(description: str) -> dict[str, Any]:
    return {"description": description, "type": "string", "minLength": 1}


def _gap(largest: float) -> dict[str, Any]:
    return {"type": "number", "exclusiveMinimum": 0, "maximum": largest}


def _stated(kind: type[Workload] | type[Hardware]) -> dict[str, Any]:
    figures = {
        field.name: dict(zip(("minimum", "maximum"), BOUNDS[field.name], strict=True))
        for field in fields(kind)
    }
    return {
        "properties": {name: {"type": "number", **ends} for name, ends in figures.items()},
        **_OBJECT,
    }
