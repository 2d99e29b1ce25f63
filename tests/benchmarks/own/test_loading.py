"""A user's own cases: read as written, or turned away in one line that names file and line."""

import json
import time
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from tests.benchmarks.own.things import FOUR_LINES, Write, cases, grade
from visavis.benchmarks.own.loading import load_own, read_own
from visavis.benchmarks.own.reading import LARGEST_BYTES
from visavis.benchmarks.own.schema import ALL_CHECKS, SCHEMA_FILE, published
from visavis.benchmarks.own.trying import tried
from visavis.core.errors import CaseFileError
from visavis.core.fence import Fence
from visavis.core.outcome import Score, Unscored
from visavis.measure.plan import Asked
from visavis.measure.spec import describe

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


def test_four_lines_are_a_whole_file(write: Write) -> None:
    own = load_own(write(FOUR_LINES))
    (case,) = cases(own)
    prompt = own.ask(case)
    assert (own.name, case.id, case.group, case.question) == (
        "cases",
        "sum",
        "sum",
        "What is 17 + 25?",
    )
    assert (len(prompt.messages), prompt.settings.max_tokens) == (1, 512)
    assert (grade(own, "It is 42."), grade(own, "41")) == (1.0, 0.0)
    assert not own.runs_programs


def test_the_protocol_names_the_very_bytes(write: Write) -> None:
    one, other = load_own(write(FOUR_LINES)), load_own(write(FOUR_LINES + "# mine\n"))
    assert one.protocol.startswith("own@")
    assert one.protocol != other.protocol


def test_a_case_goes_before_what_the_file_says_for_all(write: Write) -> None:
    own = load_own(
        write(
            "system: Be brief.\nmax_tokens: 9\ncases:\n"
            "- {id: a, prompt: A?, equals: a}\n"
            "- {id: b, prompt: B?, equals: b, system: Be long., max_tokens: 99, group: letters}\n"
        )
    )
    a, b = cases(own)
    asked = [own.ask(case) for case in (a, b)]
    assert [p.messages[0].content for p in asked] == ["Be brief.", "Be long."]
    assert [p.settings.max_tokens for p in asked] == [9, 99]
    assert (a.group, b.group) == ("a", "letters")


def test_json_lines_mean_the_same_as_yaml(write: Write) -> None:
    row = {"id": "sum", "prompt": "What is 17 + 25?", "number": 42}
    lines = load_own(write("\ufeff" + json.dumps(row) + "\r\n\n", "cases.jsonl"))
    assert cases(lines) == cases(load_own(write(FOUR_LINES)))


def test_a_pattern_without_end_is_stopped_by_the_fence(write: Write, fence: Fence) -> None:
    own = load_own(write("cases:\n- {id: a, prompt: A?, matches: (a+)+$}\n"))
    (case,) = cases(own)
    assert own.runs_programs
    assert isinstance(own.grade(case, "a" * 40 + "!", fence), Unscored)
    assert isinstance(own.grade(case, "a", fence), Score)


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.yaml")), ids=lambda p: p.stem)
def test_the_examples_are_valid_for_us_and_for_an_editor(example: Path) -> None:
    assert cases(load_own(example))
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    written = YAML(typ="safe", pure=True).load(example)
    assert list(Draft202012Validator(schema).iter_errors(written)) == []


def test_each_check_has_an_example() -> None:
    checked = {
        check
        for example in EXAMPLES.glob("*.yaml")
        for one in read_own(example).cases
        for part in (one.own, *(one.own.checks or ()))
        for check in part.kinds
    }
    assert checked == set(ALL_CHECKS)


def test_no_check_of_the_examples_tells_nothing(fence: Fence) -> None:
    for example in EXAMPLES.glob("*.yaml"):
        assert tried(read_own(example), fence).findings == ()


def test_the_published_schema_is_made_from_the_classes() -> None:
    # When it is stale: `SCHEMA_FILE.write_text(published(), encoding="utf-8")`.
    assert SCHEMA_FILE.read_text(encoding="utf-8") == published()


HEAD = "cases:\n  - id: sum\n    prompt: What?\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "cases.yaml:1: holds no cases"),
        ("# nothing\n", "cases.yaml:1: holds no cases"),
        ("cases: []\n", "cases.yaml:1: 'cases' needs at least 1"),
        ("- id: sum\n", "cases.yaml:1: begin with a line 'cases:'"),
        ("hello\n", "cases.yaml:1: 'the file' must be a mapping"),
        ("\ncases:\n  - hello\n", "cases.yaml:3: this case must be a mapping"),
        (HEAD, "cases.yaml:2: this case needs a check: one of equals, contains"),
        (HEAD + "    contain: x\n", "cases.yaml:4: no key is called 'contain'; did you mean"),
        (
            HEAD + "    zzz: x\n    equals: x\n",
            "cases.yaml:4: no key is called 'zzz'; known are id",
        ),
        (HEAD + "    equals: 42\n", "cases.yaml:4: 'equals' needs text; put it in quotes: '42'"),
        (HEAD + "    equals: []\n", "cases.yaml:4: 'equals' needs at least one text"),
        (HEAD + "    equals: [a, '']\n", "cases.yaml:4: 'equals' needs text that is not empty"),
        (HEAD + "    matches: '('\n", "cases.yaml:4: 'matches' is no regular expression: missing"),
        (HEAD + "    matches: 3\n", "cases.yaml:4: 'matches' needs text; put it in quotes: '3'"),
        (HEAD + "    number: yes\n", "cases.yaml:4: 'number' must be a number, or a mapping"),
        (HEAD + "    number: true\n", "cases.yaml:4: 'number' must be a number, or a mapping"),
        (HEAD + "    number: .nan\n", "cases.yaml:4: 'value' must be a number that is finite"),
        (HEAD + "    number: {within: 1}\n", "cases.yaml:4: needs 'value'"),
        (
            HEAD + "    number:\n      value: 1\n      exactly: 1\n",
            "cases.yaml:6: no key is called",
        ),
        (
            HEAD + "    json_schema: {type: word}\n",
            "cases.yaml:4: 'json_schema' is no JSON schema",
        ),
        (
            HEAD + "    json_schema: {pattern: '('}\n",
            "cases.yaml:4: 'json_schema' is no JSON schema: $.pattern",
        ),
        (HEAD + "    json_schema: {$ref: http://a/b}\n", "cases.yaml:4: 'json_schema' refers to"),
        (HEAD + "    json_schema: {$ref: '#/none'}\n", "cases.yaml:4: 'json_schema' refers to"),
        (HEAD + "    json_schema: {patternProperties: {}}\n", "cases.yaml:4: 'json_schema' uses"),
        (
            HEAD + "    json_schema: 3\n",
            "cases.yaml:4: 'json_schema' must be a mapping of keys",
        ),
        (HEAD + "    python: def\n", "cases.yaml:4: 'python' is no Python: invalid syntax"),
        (HEAD + "    python: x = 1\n", "cases.yaml:4: 'python' must define 'check(reply)'"),
        (HEAD + "    python: 3\n", "cases.yaml:4: 'python' needs text; put it in quotes: '3'"),
        (
            HEAD + "    max_tokens: 0\n    equals: x\n",
            "cases.yaml:4: 'max_tokens' must be at least 1",
        ),
        ("cases:\n  - prompt: What?\n    equals: x\n", "cases.yaml:2: needs 'id'"),
        ("cases:\n  - id: a\n    equals: x\n", "cases.yaml:2: needs 'prompt'"),
        ("cases:\n  - id: a\n", "cases.yaml:2: needs 'prompt'"),
        (
            "a: 1\ncases:\n  - id: a\n",
            "cases.yaml:1: no key is called 'a'; known are cases, system, max_tokens, repeats, "
            "vars (and 2 more)",
        ),
        ("cases:\n- id: a\n  prompt: Say: a\n", "cases.yaml:3: a ': ' stands within a plain text"),
        ("cases:\n\t- id: a\n", "cases.yaml:2: a tab stands where YAML wants spaces"),
        (
            "cases:\n  - id: a\n    id: b\n",
            "cases.yaml:3: the key 'id' is there twice; first on line 2",
        ),
        ("cases: &x []\nb: *x\n", "cases.yaml:1: the anchor '&x' is not read here"),
        ("cases: !!set {}\n", "cases.yaml:1: the tag '!!set' is not read here"),
        ("cases: !mine 3\n", "cases.yaml:1: the tag '!mine' is not read here"),
        ("cases: !!int x\n", "cases.yaml:1: 'x' is no int"),
        ("? [a]\n: 3\n", "cases.yaml:1: a key must be plain text"),
        ("cases: [\n", "cases.yaml:2: the file ends within a '[' or a '{'"),
        ("a: 1\n---\nb: 1\n", "cases.yaml:2: a second document begins"),
        ("cases:\n- \x07\n", "cases.yaml:2: holds a character that YAML forbids: U+0007"),
        ("- " * 2000, "cases.yaml:1: is nested too deeply"),
        (b"cases:\n- id: a\xe9\n", "cases.yaml:2: is not UTF-8"),
        (
            FOUR_LINES + FOUR_LINES.replace("cases:\n", ""),
            "cases.yaml:5: the id 'sum' was used before, on line 2",
        ),
    ],
)
def test_a_wrong_yaml_file_is_told_what_and_where(
    content: str | bytes, said: str, write: Write
) -> None:
    assert write.wrong(content).startswith(said)


ROW = '{"id": "a", "prompt": "A?", "equals": "a"}\n'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "cases.jsonl:1: holds no cases"),
        ("\n\n", "cases.jsonl:1: holds no cases"),
        (ROW + "{'id'}\n", "cases.jsonl:2: is no JSON at column 2: expecting property name"),
        (ROW + "\n" + ROW, "cases.jsonl:3: the id 'a' was used before, on line 1"),
        (ROW + "3\n", "cases.jsonl:2: this case must be a mapping"),
        (ROW + '{"id": "b", "id": "c"}\n', "cases.jsonl:2: the key 'id' is there twice"),
        (ROW + '{"id": "b", "prompt": "B?", "equal": "b"}\n', "cases.jsonl:2: no key is called"),
        (ROW + "[" * 100_000 + "\n", "cases.jsonl:2: is nested too deeply"),
        (ROW + "1" * 5000 + "\n", "cases.jsonl:2: holds a number of absurd length"),
    ],
)
def test_a_wrong_jsonl_file_is_told_what_and_where(content: str, said: str, write: Write) -> None:
    assert write.wrong(content, "cases.jsonl").startswith(said)


@pytest.mark.parametrize("name", ["cases.json", "cases", "cases.txt"])
def test_another_suffix_is_turned_away(name: str, write: Write) -> None:
    assert write.wrong(FOUR_LINES, name) == (
        f"'{name}' is read as cases; its name must end in .yaml or .yml or .jsonl or .csv"
    )


def test_a_missing_file_and_an_empty_folder_are_turned_away(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(CaseFileError, match="no file '"):
        load_own(tmp_path / "none.yaml")
    with pytest.raises(CaseFileError, match="holds no case file"):
        load_own(tmp_path / "folder")


def test_a_file_that_cannot_be_read_is_turned_away(tmp_path: Path) -> None:
    with pytest.raises(CaseFileError, match="cannot be read: "):
        load_own(tmp_path / ("x" * 300 + ".yaml"))


@pytest.mark.parametrize(
    ("name", "hint"), [("big.yaml", "write it as .jsonl"), ("big.jsonl", "split it")]
)
def test_a_file_of_absurd_size_is_turned_away_unread(name: str, hint: str, tmp_path: Path) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(LARGEST_BYTES[path.suffix] + 1)
    start = time.process_time()
    with pytest.raises(CaseFileError, match=hint):
        load_own(path)
    assert time.process_time() - start < 1


OLD = """\
system: You are brief and exact.
max_tokens: 200
cases:
  - id: equals
    prompt: Which planet is nearest to the sun? One word.
    equals: [Mercury, the planet Mercury]
  - id: contains
    prompt: Name the three {{primary}} colours of light.
    contains: [red, green, blue]
  - id: matches
    prompt: Write today's date as an example of the ISO 8601 format.
    matches: \\b\\d{4}-\\d{2}-\\d{2}\\b
  - id: number
    prompt: How much is 2 / 3, to three decimals?
    number: {value: 0.667, within: 0.001}
  - id: json-schema
    prompt: Describe the city of Lyon as JSON with the keys "name" and "country".
    group: json
    json_schema:
      type: object
      properties:
        name: {const: Lyon}
        country: {type: string, minLength: 2}
      required: [name, country]
  - id: python
    prompt: Écrivez une phrase de cinq mots.
    max_tokens: 30
    system: Brève.
    python: |
      def check(reply):
          return len(reply.split()) == 5
    contains: [a]
    equals: x y
    number: 4
"""


def test_a_file_of_the_first_version_is_still_the_same_benchmark(write: Write) -> None:
    own = load_own(write(OLD, "every-old.yaml"))
    told = describe(Asked(benchmark=own, cases=tuple(cases(own))))
    assert (told.name, told.protocol, told.version) == ("every-old", "own@7dd79ad39711", 1)
    assert told.sha256 == "555e43bf360c33e96e2bfd7e78d77997778538b34343085cd4b136049b5d6949"
