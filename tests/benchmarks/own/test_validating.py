"""Every mistake in a file is found at once, each with its line, in bounded time."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.benchmarks.own.things import FOUR_LINES, Write
from visavis.benchmarks.located import Located, csv_of, json_lines_of, yaml_of
from visavis.benchmarks.own.schema import OwnCase
from visavis.benchmarks.own.validating import validated

WRONG = """\
system: Be brief.
repeat: 3
cases:
  - id: a
    prompt: What?
    equal: x
  - id: a
    prompt: What else?
    contains: 42
  - prompt: No id
    equals: x
  - id: c
    equals: x
  - id: d
    prompt: D?
  - id: e
    prompt: "E {{nam}}"
    vars: {name: x, bad: [1], 1x: y}
    matches: "("
    matches: "x"
  - id: f
    prompt: F?
    length: {words: {min: 3}, lines: {at_least: 3, at_most: 2}, sentences: {}}
    images: ../secret.png
  - id: g
    turns:
      - user: Hello
      - user: again
    number: {value: .nan, within: -1}
    language: xx
    price: cheap
  - id: h
    prompt: H?
    checks:
      - {contains: a, lacks: b}
      - {contains: a, weight: 0}
      - {latency: {}}
    threshold: 2
    python: |
      def chek(reply):
          return True
  - id: i
    prompt: I?
    judge: [{text: nice, scale: 5}, {text: kind, lowest: 5, highest: 5}]
    pairwise: {text: ""}
    program: pacman
    answer: {number: 3, date: 2026-02-30}
    tags: [a b]
    group: &g x
    max_tokens: none
    json_schema: {type: nonsense}
    good: 3
    matrix: {x: []}
  - id: j
    prompt: J?
    judge: {text: nice, pass_mark: 11}
    length: {}
    answer: {}
    system: Twice.
    turns:
      - system: Twice.
      - user: Hi
      - shout: Hello
"""

FOUND = [
    (2, "no key is called 'repeat'; did you mean 'repeats'?"),
    (6, "no key is called 'equal'; did you mean 'equals'?"),
    (7, "the id 'a' was used before, on line 4"),
    (9, "'contains' needs text; put it in quotes: '42'"),
    (10, "needs 'id'"),
    (12, "needs 'prompt'"),
    (14, "this case needs a check: one of equals, contains, "),
    (17, "no variable is called 'nam'; known are name, bad"),
    (18, "'bad' needs a text, a number, or a mapping of such"),
    (18, "'1x' is no name of a variable: write letters, digits and '_', no digit first"),
    (19, "'matches' is no regular expression: missing )"),
    (20, "the key 'matches' is there twice; first on line 19"),
    (23, "no key is called 'min'; did you mean 'at_least'?"),
    (23, "'lines' has 'at_least' above 'at_most'"),
    (23, "'sentences' needs 'at_least' or 'at_most'"),
    (24, "'../secret.png' leads out of the folder of the cases; copy it there"),
    (26, "'turns' go user, assistant, user …; a system message may come first"),
    (29, "'value' must be a number that is finite"),
    (29, "'within' must be at least 0"),
    (30, "'language' needs the two letters of a language; known are af, "),
    (31, "'price' must be a number, or a mapping of keys and values"),
    (35, "number 1 of 'checks' needs one check, not 2: write each as its own '- '"),
    (36, "'weight' must be more than 0"),
    (37, "'latency' needs 'first_token_s' or 'total_s'"),
    (38, "'threshold' must be at most 1"),
    (39, "'python' must define 'check(reply)', which returns True or False"),
    (44, "no key is called 'scale'; known are text, "),
    (44, "number 2 of 'judge' needs 'lowest' below 'highest'"),
    (45, "'text' must not be empty"),
    (46, "'program' names no task: no program task is called 'pacman'"),
    (47, "'date' needs a day such as 2026-11-22, not '2026-02-30'"),
    (48, "'tags' needs words without space or any of ,;:#/ where it says 'a b'"),
    (49, "the anchor '&g' is not read here; write the value out"),
    (50, "'max_tokens' must be a whole number"),
    (51, "'json_schema' is no JSON schema: $.type: 'nonsense'"),
    (52, "'good' needs text; put it in quotes: '3'"),
    (53, "'x' needs at least 1"),
    (56, "'judge' has a 'pass_mark' that is not on its scale"),
    (57, "'length' needs 'words', 'characters', 'sentences' or 'lines'"),
    (58, "'answer' needs one of 'texts', 'number' and 'date'"),
    (59, "the system message is there twice: as 'system', and as the first turn"),
    (63, "no key is called 'shout'; known are user, assistant, system, role, content, images"),
]


def test_every_mistake_is_found_with_its_line(write: Write) -> None:
    found = write.every_mistake(WRONG)
    for line, said in FOUND:
        assert any(one.startswith(f"{line}: {said}") for one in found), (line, said, found)
    assert len(found) == len(FOUND)


def test_the_first_mistake_is_told_in_one_line(write: Write) -> None:
    said = write.wrong(WRONG)
    assert said.startswith("cases.yaml:2: no key is called 'repeat'; did you mean 'repeats'? (and ")
    assert said.endswith(f"(and {len(FOUND) - 1} more)")


@pytest.mark.parametrize(
    ("key", "meant"), [("question", "prompt"), ("messages", "turns"), ("expected", "equals")]
)
def test_the_word_of_another_program_is_answered_with_ours(
    key: str, meant: str, write: Write
) -> None:
    said = write.wrong(FOUR_LINES + f"    {key}: x\n")
    assert said == f"cases.yaml:5: no key is called {key!r}; did you mean {meant!r}?"


@pytest.mark.parametrize(
    ("turns", "said"),
    [
        ("[]", "'turns' needs at least one"),
        ("[{system: S}]", "'turns' must end with the user's, or be followed by 'prompt'"),
        (
            "[{user: U}, {assistant: A}]",
            "'turns' must end with the user's, or be followed by 'prompt'",
        ),
        ("[{assistant: A}]", "'turns' go user, assistant, user …"),
        ("[{user: U}, {system: S}]", "'turns' go user, assistant, user …"),
        ("[{user: ' '}]", "'content' must not be empty"),
        ("[{role: tool, content: x}]", "'role' must be 'system', 'user' or 'assistant'"),
        ("[hello]", "number 1 of 'turns' must be a mapping"),
        ("hello", "'turns' must be a list: each of it begins with '- '"),
    ],
)
def test_turns_in_no_order_are_turned_away(turns: str, said: str, write: Write) -> None:
    (wrong,) = write.every_mistake(f"cases:\n- {{id: a, equals: x, turns: {turns}}}\n")
    assert wrong.startswith(f"1: {said}") or wrong.startswith(f"2: {said}")


def test_a_prompt_follows_the_assistant(write: Write) -> None:
    said = "'turns' must end with the assistant's where 'prompt' follows"
    case = "{id: a, equals: x, turns: [{user: U}], prompt: P}"
    assert write.every_mistake(f"cases:\n- {case}\n") == [f"2: {said}"]


def test_lines_that_are_no_json_are_all_told(write: Write) -> None:
    row = json.dumps({"prompt": "A?", "equals": "a"})
    lines = f"{row}\n{{\n{row.replace('A', 'B')}\n[1,]\n{{'equals': 1}}\n"
    found = write.every_mistake(lines, "cases.jsonl")
    assert [one.partition(":")[0] for one in found] == ["2", "4", "5"]


def test_one_mistake_in_a_matrix_is_told_once(write: Write) -> None:
    case = "{id: a, prompt: '{{x}} {{y}}', matrix: {x: [1, 2, 3]}, equal: a}"
    assert write.every_mistake(f"cases:\n- {case}\n") == [
        "2: no key is called 'equal'; did you mean 'equals'?",
        "2: no variable is called 'y'; known are x",
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb", "a: &a [x, x]\n" + "".join(f"b{i}: &b{i} [*a, *a]\n" for i in range(9))),
        ("deep", "[" * 2_000),
        ("wide", "cases:\n" + "- {id: a, prompt: A?, equals: a}\n" * 500),
        ("matrix", "cases:\n- {id: a, prompt: A, equals: a, matrix: {" + ", ".join(
            f"v{i}: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]" for i in range(12)) + "}}\n"),
    ],
)  # fmt: skip
def test_a_file_made_to_stall_is_turned_away_in_time(name: str, content: str, write: Write) -> None:
    start = time.process_time()
    assert write.every_mistake(content, f"{name}.yaml")
    assert time.process_time() - start < 10


PIECES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["{{x}}", "{{x.y}}", "fr", "2026-11-22", "user", "a.png"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from([*OwnCase.model_fields, "user", "words", "value", "x"]),
                      inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from([*OwnCase.model_fields, "zz"]), PIECES, max_size=6))
@settings(max_examples=60, deadline=None)
def test_whatever_a_case_holds_it_is_right_or_told_what_is_wrong(raw: dict[str, object]) -> None:
    found = Located("x", value={"cases": [raw], "vars": {"x": 1}})
    file, made = validated(found)
    assert (file is None) == bool(found.wrong)
    assert all(wrong.said and "\n" not in wrong.said for wrong in found.wrong)
    assert len(made.cases) == len(made.origins)


@given(st.text(max_size=60) | st.text(alphabet="cases:-id \n{}[]&*!|>'\"#?,;\t\r", max_size=60))
@settings(max_examples=100, deadline=None)
def test_whatever_a_file_holds_it_is_read_or_told_what_is_wrong(text: str) -> None:
    for read in (yaml_of, json_lines_of, csv_of):
        found = read("odd", text)
        assert found.wrong or found.value is None or found.lines is not None
