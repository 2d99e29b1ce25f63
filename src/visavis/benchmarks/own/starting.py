"""A first case file for a user to change: small, valid, and with a word on every line."""

import json
from pathlib import Path

from visavis.benchmarks.own.schema import SCHEMA_FILE
from visavis.core.errors import OptionError

_YAML = """\
# yaml-language-server: $schema={schema}
# The line above gives completion and checks in editors that know YAML schemas.
#
#   visavis cases check {name}              finds mistakes, and checks that tell nothing
#   visavis cases run {name} CANDIDATE      asks one candidate, or puts several face to face
#
# All that can be written: docs/how-to/own-cases.md, or completion in your editor.
max_tokens: 200                  # a longer reply is cut
cases:
  - id: sum                      # names the case; one id, one question
    prompt: A shirt costs 17 EUR and a hat 25 EUR. What do both cost together?
    number: 42                   # the last number in the reply
    good: [42 EUR, "17 + 25 = 42"]   # replies that must pass
    bad: [43 EUR, I cannot say.]     # and that must not

  - id: capital
    prompt: What is the capital of {{{{country.name}}}}? Answer with the name alone.
    matrix:                      # one case for each value
      country:
        - {{name: France, capital: Paris}}
        - {{name: Japan, capital: Tokyo}}
    equals: "{{{{country.capital}}}}"
    tags: geography              # --on {name}#geography asks these alone

  - id: polite-refusal
    system: You are the assistant of a bookshop. You sell books, nothing else.
    prompt: Do you sell umbrellas? Answer in one sentence.
    lacks: ["yes", of course]
    length: {{sentences: 1, words: {{at_least: 3, at_most: 40}}}}
    good: "I am sorry, we only have books."
    bad: ["Yes, of course! Which colour?", "No. We do not. We sell books."]
"""

_ROWS = (
    {"id": "sum", "prompt": "What is 17 + 25?", "number": 42, "good": "It is 42."},
    {
        "id": "capital",
        "prompt": "What is the capital of Japan? Answer with the name alone.",
        "equals": "Tokyo",
        "tags": "geography",
        "bad": "Kyoto",
    },
)

_CSV = """\
id,prompt,equals,number,tags,good,bad
sum,What is 17 + 25?,,42,,It is 42.,
capital,What is the capital of Japan? Answer with the name alone.,Tokyo,,geography,,Kyoto
"""


def starter(path: Path) -> str:
    """What a new case file of this name holds."""
    match path.suffix.lower():
        case ".yaml" | ".yml":
            return _YAML.format(schema=SCHEMA_FILE.as_uri(), name=path)
        case ".jsonl":
            return "".join(json.dumps(row) + "\n" for row in _ROWS)
        case ".csv":
            return _CSV
    raise OptionError(f"{str(path)!r} is to hold cases; let its name end in .yaml, .jsonl or .csv")
