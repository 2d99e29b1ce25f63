"""Writes generated cases as a user's own case file, to be kept, read, changed and asked again."""

import json
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from visavis.benchmarks.generated.family import Family, Level
from visavis.core.case import Case

IGNORANT = {"en": "I do not know.", "fr": "Je ne sais pas."}


def rows(family: Family, level: Level, cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Each case with its check, and with a reply that passes it and one that does not."""
    return [_row(family, level, case) for case in cases]


def json_lines(rows: Sequence[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def yaml(rows: Sequence[Mapping[str, Any]]) -> str:
    """Texts of several lines stand as they are read."""
    from ruamel.yaml import YAML  # slow to import
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

    def shown(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return LiteralScalarString(value) if "\n" in value else DoubleQuotedScalarString(value)

    writer, text = YAML(), StringIO()
    writer.width = 10_000
    writer.allow_unicode = True
    writer.dump(
        {"cases": [{key: shown(value) for key, value in row.items()} for row in rows]}, text
    )
    return text.getvalue()


def _row(family: Family, level: Level, case: Case) -> dict[str, Any]:
    language = case.fields["language"]
    answer = family.answer.check(case)
    label = "Réponse : " if language == "fr" else "Answer: "
    return {
        "id": case.id,
        "group": case.group,
        "tags": [family.name, level, language],
        "prompt": case.question,
        "max_tokens": family.answer.max_tokens,
        "answer": answer,
        "good": f"{label}{answer}",
        "bad": IGNORANT[language],
    }
