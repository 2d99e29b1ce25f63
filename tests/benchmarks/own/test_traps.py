"""Files that are wrong in the ways in which files go wrong: what is told, and on which line."""

import pytest

from tests.benchmarks.own.things import FOUR_LINES, Write, cases
from visavis.benchmarks.own.loading import load_own

CASE = "cases:\n  - id: a\n    prompt: x\n"
"""To be gone on with on line 4."""
ONE = "cases:\n  - id: a\n    number: 4\n"

YAML = {
    # Types that YAML reads into what looks like text.
    "    equals: 01234\n": "4: 'equals' needs text; put it in quotes: '01234'",
    "    equals: 1e3\n": "4: 'equals' needs text; put it in quotes: '1e3'",
    "    equals: true\n": "4: 'equals' needs text; put it in quotes: 'true'",
    "    contains: [a, ~]\n": "4: 'contains' needs text; put it in quotes: '~'",
    "    contains:\n      - a\n      - 3\n": "6: 'contains' needs text; put it in quotes: '3'",
    "    equals: {a: 1}\n": "4: 'equals' needs a text, or a list of texts",
    "    equals:\n": "4: 'equals' is empty; write what it is to hold, or leave it out",
    "    judge:\n": "4: 'judge' is empty; write what it is to hold, or leave it out",
    "    number: 1:30\n": "4: 'number' must be a number, or a mapping of keys and values",
    "    number: .inf\n": "4: 'value' must be a number that is finite",
    "    answer: 2026-02-31\n": "4: 'date' needs a day such as 2026-11-22, not '2026-02-31'",
    f"    number: {'9' * 5000}\n": f"4: '{'9' * 40}…' is a number of absurd length",
    "    number: 4\n    max_tokens: 2.5\n": "5: 'max_tokens' must be a whole number",
    "    number: 4\n    threshold: 50%\n": "5: 'threshold' must be a number",
    "    number: 4\n    tags: {a: b}\n": "5: 'tags' needs a text, or a list of texts",
    # Keys that are not ours.
    "    equal: y\n": "4: no key is called 'equal'; did you mean 'equals'?",
    "    judge: {txt: good}\n": "4: no key is called 'txt'; did you mean 'text'?",
    "    number: 4\n    turns:\n      - usr: x\n": "6: no key is called 'usr'; did you mean 'user'",
    # Python and its lines.
    "    python: |\n      x = 1\n      def check(reply)\n": (
        "6: 'python' is no Python: expected ':', on its line 2"
    ),
    "    python: def check(reply)\n": "4: 'python' is no Python: expected ':', on its line 1",
    '    python: "a\\0b"\n': "4: 'python' is no Python: source code",
    # Characters and indents.
    "     number: 4\n": "4: is indented deeper than the line above, which has a value already",
    "   number: 4\n": "4: is not indented as the lines that belong together",
    "\tnumber: 4\n": "4: a tab stands where YAML wants spaces",
    "    number: 4\n\u00a0\u00a0equals: x\n": "5: is indented by U+00A0, which only looks",
    "    number: 4\n\u2013 id: b\n": "5: begins with '\u2013', which only looks like a hyphen",
    "    equals: Say: it\n": "4: a ': ' stands within a plain text; put the text in quotes",
    "    equals: 'It's fine'\n": "4: a text goes on after its closing quote; within ' … ' a quote",
    '    equals: "a" b\n': '4: a text goes on after its closing quote; within " … " a quote',
    '    matches: "\\d"\n': r"4: in double quotes a '\' begins an escape, and this is none",
    '    equals: "never\n    number: 4\n': "4: a quote is opened here and never closed",
    "    equals: [a, b\n    number: 4\n": "4: a '[' is opened here and never closed",
    "    length: {words: 4\n    number: 4\n": "4: a '{' is opened here and never closed",
    "    equals: @home\n": "4: a text that begins with '@' needs quotes",
    "    equals: `x`\n": "4: a text that begins with '`' needs quotes",
    "    equals: *x\n": "4: a text that begins with '*' needs quotes; an alias is not read here",
    "    equals: &x y\n": "4: the anchor '&x' is not read here; write the value out",
    "    number: 4\n---\n": "5: a second document begins",
    "    equals: [\n": "5: the file ends within a '[' or a '{'",
    # Variables.
    "    number: 4\n    matrix: {x: [1, 1]}\n": "2: the matrix makes the id 'a/1' twice",
    "    number: 4\n    vars: {x: '{{y}}', y: 1}\n": "5: 'y' is not filled in here, in a variable",
    "    number: 4\n    matrix: {x: 3}\n": "5: 'x' must be a list: each of it begins with '- '",
    "    number: 4\n    matrix: [1]\n": "5: 'matrix' must be a mapping of keys and values",
    # Judges.
    "    judge: {text: good, lowest: 9, highest: 1}\n": "4: 'judge' needs 'lowest' below 'highest'",
    "    judge:\n      - good\n      - {text: b, highest: 1}\n": (
        "6: number 2 of 'judge' needs 'lowest' below 'highest'"
    ),
}  # fmt: skip

WHOLE = {
    "cases:\n": "1: 'cases' must be a list: each of it begins with '- '",
    "cases:\n  a:\n    prompt: x\n": "1: 'cases' must be a list",
    "case:\n  - id: a\n": "1: no key is called 'case'; did you mean 'cases'?",
    "cases:\n  - id: a\n    prompt: 17\n    number: 4\n": (
        "3: 'prompt' needs text; put it in quotes: '17'"
    ),
    "cases:\n  - id: ''\n    prompt: x\n    number: 4\n": "2: 'id' must be one line of 1 to 200",
    "cases:\n  - id: a\n    prompt: [x]\n    number: 4\n": "3: 'prompt' must be a text",
    "cases:\n  - id: ~\n    prompt: x\n    number: 4\n": (
        "2: 'id' needs text; put it in quotes: '~'"
    ),
    "cases:\n  - id:\n    prompt: x\n    number: 4\n": "2: 'id' is empty",
    "repeats: 0\n" + FOUR_LINES: "1: 'repeats' must be at least 1",
    "repeats: 2000\n" + FOUR_LINES: "1: 'repeats' must be at most 1000",
    "vars: {a: '{{b}}', b: 3}\n" + FOUR_LINES: "1: 'b' is not filled in here",
}

TABLES = {
    "prompt,number,number\nx,3,4\ny,3,4\n": "1: the column 'number' is there twice",
    "\ufeffprompt;equal\nx;y\nz;y\n": "1: no key is called 'equal'; did you mean 'equals'?",
    'prompt,equals\nx,y\n"z,y\nw,y\n': "3: is no CSV: a quote is opened in this row",
    'prompt,equals\nx,y\n"z"z,y\n': "3: is no CSV: text goes on after a closing quote",
    f"prompt,equals\nx,{'a' * 200_000}\n": "2: has a cell of more than 131,072 characters",
}

LINES = {
    '{"prompt": "\\ud800", "equals": "a"}\n': "1: holds half a character, \\ud800",
    '{"prompt": "\\u00e9", "equals": "a"}\n{"prompt": "x", "number": }\n': "2: is no JSON at",
    '{"prompt": "x", "number": 1, "number": 2}\n': "1: the key 'number' is there twice",
    '{"prompt": "x", "equals": 3}\n': "1: 'equals' needs text; put it in quotes: '3'",
    "null\n": "1: this case must be a mapping of keys and values",
}


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        *((CASE + rest, "t.yaml", said) for rest, said in YAML.items()),
        *((content, "t.yaml", said) for content, said in WHOLE.items()),
        *((content, "t.csv", said) for content, said in TABLES.items()),
        *((content, "t.jsonl", said) for content, said in LINES.items()),
    ],
)
def test_each_trap_is_told_of_once_with_its_line(
    content: str, name: str, said: str, write: Write
) -> None:
    (found,) = write.every_mistake(content, name)
    assert found.startswith(said)


def test_a_table_without_a_row_of_names_is_told_so_once(write: Write) -> None:
    said = write.wrong("What is it,42\nWhat else,43\n", "t.csv")
    assert said.startswith(
        "t.csv:1: the first row must name the keys, such as 'prompt,equals'; it "
    )


def test_words_that_yaml_1_1_took_for_truth_are_text(write: Write) -> None:
    content = CASE + "    equals: [no, on, off, yes, y, n, 12:30:00, 2026-11-22]\n"
    (case,) = cases(load_own(write(content)))
    assert "'no'" in repr(case.target).replace('"', "'")


@pytest.mark.parametrize("key", ["prompt", "equals", "contains", "good"])
def test_a_number_that_is_filled_in_where_a_text_stands_is_text(key: str, write: Write) -> None:
    rest = '    prompt: "x"\n    equals: a\n'.replace(f"    {key}:", f"    was_{key}:")
    kept = "".join(line for line in rest.splitlines(True) if "was_" not in line)
    content = f"cases:\n  - id: a\n{kept}    {key}: '{{{{n}}}}'\n    vars: {{n: 42}}\n"
    (case,) = cases(load_own(write(content)))
    assert "42" in case.question + case.target or key == "good"


def test_a_number_that_is_filled_in_where_a_number_stands_stays_one(write: Write) -> None:
    content = CASE + "    number: '{{n}}'\n    vars: {n: 42}\n"
    (case,) = cases(load_own(write(content)))
    assert '"value": 42' in case.target
