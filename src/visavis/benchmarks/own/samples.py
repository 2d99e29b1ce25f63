"""Samples for OpenAI's evals (github.com/openai/evals), `{"input": [...], "ideal": ...}` a line.

Which of its graders was meant, a samples file does not say; the eval's own entry does, as `class`:
`Match` (the reply begins with an ideal answer), `Includes`, `FuzzyMatch`, `JsonMatch`.
"""

import json
from typing import Any

from visavis.benchmarks.base import short_hash
from visavis.benchmarks.located import Located
from visavis.benchmarks.own.foreign import Brought, any_of, named_apart
from visavis.options.cases import EvalsGrader


def brought(found: Located, grader: EvalsGrader) -> Brought:
    """A case for each sample. Cases are not told apart by capitals where the grader does."""
    made = Brought(file=found.file)
    made.lost += found.wrong
    for number, row in enumerate(found.value):
        if not isinstance(row, dict):
            made.lose("is no sample: no mapping", found, (number,))
            continue
        turns, ideal = turns_of(row.get("input")), _ideal(row.get("ideal"))
        if turns is None:
            made.lose("'input' is neither a text nor a list of messages", found, (number,))
        elif ideal is None:
            made.lose("'ideal' is neither a text nor a list of texts", found, (number,))
        else:
            checks = _checks(ideal, grader)
            if checks is None:
                made.lose("'ideal' is no JSON, which JsonMatch needs", found, (number,))
                continue
            name = short_hash(json.dumps(row, sort_keys=True, ensure_ascii=False))
            made.cases.append({"id": name, **turns, **checks, "good": list(ideal)})
    named_apart(made.cases)
    return made


def _ideal(value: Any) -> list[str] | None:
    texts = value if isinstance(value, list) else [value]
    fit = texts and all(isinstance(text, str) and text.strip() for text in texts)
    return texts if fit else None


def turns_of(value: Any) -> dict[str, Any] | None:
    """The conversation as `system`, `turns` and `prompt`."""
    if isinstance(value, str) and value.strip():
        return {"prompt": value}
    if not isinstance(value, list) or not value or not all(map(_is_message, value)):
        return None
    said = _merged([(one["role"], one["content"], one.get("name")) for one in value])
    made: dict[str, Any] = {}
    if said[0][0] == "system":
        made["system"] = said.pop(0)[1]
    if not said:  # evals asks with a system message alone; every server wants a user's
        return {"prompt": made["system"]}
    if said[-1][0] != "user":
        return None
    if said[:-1]:
        made["turns"] = [{role: content} for role, content in said[:-1]]
    return {**made, "prompt": said[-1][1]}


def _is_message(one: Any) -> bool:
    known = ("system", "user", "assistant")
    return (
        isinstance(one, dict)
        and one.get("role") in known
        and isinstance(one.get("content"), str)
        and bool(one["content"].strip())
    )


def _merged(said: list[tuple[str, str, Any]]) -> list[tuple[str, str]]:
    """Examples are system messages by name in evals: they become the turns that they stand for.
    What one role says several times in a row becomes one message."""
    named = {"example_user": "user", "example_assistant": "assistant"}
    made: list[tuple[str, str]] = []
    for role, content, name in said:
        speaker = named.get(str(name), role)
        if speaker == "system" and made and made[-1][0] != "system":
            speaker = "user"
        if made and made[-1][0] == speaker:
            made[-1] = (speaker, f"{made[-1][1]}\n\n{content}")
        else:
            made.append((speaker, content))
    return made


def _checks(ideal: list[str], grader: EvalsGrader) -> dict[str, Any] | None:
    match grader:
        case "match":
            return {"matches": any_of(ideal, starts=True)}
        case "includes" | "fuzzy-match":
            one = len(ideal) == 1
            return {"contains": ideal[0]} if one else {"matches": f"(?i){any_of(ideal)}"}
    try:
        values = [json.loads(text) for text in ideal]
    except (ValueError, RecursionError):
        return None
    return {"json_schema": {"enum": values}}
