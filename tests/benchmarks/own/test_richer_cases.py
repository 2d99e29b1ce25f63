"""What a case may hold beyond a prompt: conversations, pictures, variables, weights, rubrics."""

import json
from pathlib import Path

import pytest

from tests.benchmarks.own.things import FOUR_LINES, Write, cases, grade
from tests.scoring.plain_fence import PlainFence
from visavis.benchmarks.base import Graded
from visavis.benchmarks.choose import chosen
from visavis.benchmarks.own.loading import load_own
from visavis.core.errors import CaseFileError, OptionError
from visavis.core.outcome import Reply, Score, Unscored
from visavis.core.prompt import Message
from visavis.core.rubric import CHECKS_WEIGHT, PASS_SHARE, TO_BE_JUDGED, rubrics_of
from visavis.core.stamps import Stamps

PNG = b"\x89PNG\r\n\x1a\n" + b"rest"
WEBP = b"RIFF\x00\x00\x00\x00WEBP"


def one(write: Write, case: str, head: str = "") -> Path:
    return write(f"{head}cases:\n- {{id: a, {case}}}\n")


def test_a_conversation_comes_before_the_prompt(write: Write) -> None:
    path = one(
        write,
        "turns: [{user: I am Ana.}, {role: assistant, content: Hi}], prompt: Who?, equals: Ana",
        "system: Be brief.\n",
    )
    own = load_own(path)
    (case,) = cases(own)
    assert [(m.role, m.content) for m in own.ask(case).messages] == [
        ("system", "Be brief."),
        ("user", "I am Ana."),
        ("assistant", "Hi"),
        ("user", "Who?"),
    ]
    assert case.question == "Who?"


def test_the_last_turn_may_be_the_question_and_the_first_a_system_message(write: Write) -> None:
    path = one(write, "turns: [{system: S.}, {user: Who?}], equals: Ana", "system: Not asked.\n")
    own = load_own(path)
    (case,) = cases(own)
    assert own.ask(case).messages == (
        Message(role="system", content="S."),
        Message(role="user", content="Who?"),
    )


def test_pictures_go_with_the_turn_that_names_them(write: Write) -> None:
    write(PNG, "seen/a.png")
    write(WEBP, "b.webp")
    path = one(
        write,
        "turns: [{user: Look., images: seen/a.png}, {assistant: A cat.}], "
        "prompt: And here?, images: [b.webp, seen/a.png], contains: dog",
    )
    own = load_own(path)
    (case,) = cases(own)
    shown = [[image.media_type for image in m.images] for m in own.ask(case).messages]
    assert shown == [["image/png"], [], ["image/webp", "image/png"]]
    assert own.needs_sight
    before = own.protocol
    write(PNG + b"other", "seen/a.png")
    assert load_own(path).protocol != before


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none.png", "there is no picture 'none.png' beside the cases"),
        ("../out.png", "'../out.png' leads out of the folder"),
        ("link.png", "'link.png' leads out of the folder"),
        ("text.png", "'text.png' is no PNG, JPEG, WebP or GIF file"),
        ("big.png", "'big.png' is larger than 20 MiB"),
        ("x\\0y", "'x\\x00y' is no path"),
    ],
)
def test_a_picture_that_cannot_be_taken_is_turned_away(
    name: str, said: str, write: Write, tmp_path: Path
) -> None:
    inner = Write(tmp_path / "inner")
    write(PNG, "out.png")
    inner("text", "text.png")
    (inner.folder / "link.png").symlink_to(tmp_path / "out.png")
    with (inner.folder / "big.png").open("wb") as file:
        file.truncate((20 << 20) + 1)
    (wrong,) = inner.every_mistake(f'cases:\n- {{id: a, prompt: Q, equals: a, images: "{name}"}}\n')
    assert wrong.startswith(f"2: {said}")


MATRIX = """\
vars: {politeness: please}
cases:
  - id: capital
    prompt: "{{politeness}}: the capital of {{country.name}} in {{language}}?"
    matrix:
      country:
        - {name: France, capital: Paris}
        - {name: Japan, capital: Tokyo}
      language: [en, fr]
    equals: "{{country.capital}}"
    tags: "{{language}} geography"
  - id: sum-{{a}}
    prompt: "{{a}} + 1?"
    matrix: {a: [1, 2]}
    number: "{{a}}"
  - id: plain
    prompt: "Say {{politeness}}"
    equals: please
"""


def test_a_matrix_makes_a_case_of_each_combination(write: Write) -> None:
    own = load_own(write(MATRIX))
    made = {case.id: case for case in cases(own)}
    assert list(made) == [
        "capital/France/en",
        "capital/France/fr",
        "capital/Japan/en",
        "capital/Japan/fr",
        "sum-1",
        "sum-2",
        "plain",
    ]
    assert made["capital/Japan/fr"].question == "please: the capital of Japan in fr?"
    assert {made[name].group for name in made} == {"capital", "sum-{{a}}", "plain"}
    assert json.loads(made["sum-2"].target) == {"number": {"value": 2.0, "within": 0.0}}
    assert made["plain"].question == "Say please"
    assert grade(own, "Tokyo", 2) == 1.0


def test_a_new_value_leaves_the_other_ids_as_they_were(write: Write) -> None:
    before = {case.id for case in cases(load_own(write(MATRIX)))}
    wider = MATRIX.replace("[en, fr]", "[de, en, fr]")
    assert before < {case.id for case in cases(load_own(write(wider)))}


def test_a_long_value_becomes_a_short_part_of_an_id(write: Write) -> None:
    texts = ["word " * 30 + end for end in "ab"]
    case = f"prompt: '{{{{t}}}}', equals: a, matrix: {{t: {json.dumps(texts)}}}"
    first, second = cases(load_own(one(write, case)))
    assert first.id != second.id
    assert len(first.id) < 60


def test_without_variables_braces_are_only_text(write: Write) -> None:
    (case,) = cases(load_own(one(write, "prompt: 'Explain {{ x }}', equals: a")))
    assert case.question == "Explain {{ x }}"


def test_weights_make_the_score_a_share(write: Write) -> None:
    path = one(write, "prompt: P, checks: [{contains: a, weight: 3}, {contains: b}], lacks: c")
    own = load_own(path)
    assert [grade(own, reply) for reply in ("a b", "a", "b", "a b c")] == [1.0, 0.8, 0.4, 0.8]


def test_a_threshold_makes_it_right_or_wrong(write: Write) -> None:
    path = one(write, "prompt: P, checks: [{contains: a}, {contains: b}], threshold: 0.5")
    own = load_own(path)
    assert [grade(own, reply) for reply in ("a", "c")] == [1.0, 0.0]


def test_checks_without_weights_must_all_hold(write: Write) -> None:
    own = load_own(one(write, "prompt: P, checks: [{matches: a}, {matches: b}]"))
    assert [grade(own, reply) for reply in ("ab", "a")] == [1.0, 0.0]


def test_rubrics_are_kept_with_the_case(write: Write) -> None:
    path = one(
        write,
        "prompt: P, judge: [Is it kind?, {text: Short?, name: brief, weight: 2, pass_mark: 7}], "
        "checks: [{contains: a, weight: 3}, {judge: True?, weight: 4}], pairwise: Which is best?, "
        "threshold: 0.6",
    )
    own = load_own(path)
    (case,) = cases(own)
    told = [(r.name, r.kind, r.weight, r.pass_mark) for r in rubrics_of(case)]
    assert told == [
        ("judge", "rubric", 1.0, None),
        ("brief", "rubric", 2.0, 7.0),
        ("pairwise", "pairwise", 1.0, None),
        ("judge 2", "rubric", 4.0, None),
    ]
    assert (case.fields[CHECKS_WEIGHT], case.fields[PASS_SHARE]) == ("3.0", "0.6")
    assert grade(own, "b") == 0.0


def test_a_case_with_rubrics_alone_waits_for_a_judge(write: Write) -> None:
    own = load_own(one(write, "prompt: P, judge: Is it kind?"))
    (case,) = cases(own)
    assert own.grade(case, "yes", PlainFence()) == TO_BE_JUDGED
    assert CHECKS_WEIGHT not in case.fields


def test_time_and_price_are_graded_with_the_reply(write: Write) -> None:
    own = load_own(one(write, "prompt: P, latency: {total_s: 2}, price: 0.01, contains: a"))
    assert own.asks_anew
    assert own.grade_reply is not None
    (case,) = cases(own)
    stamps = Stamps(due=0, sent=0, first=0.5, last=0.9, done=1.0)
    timed = Reply(text="a", stamps=stamps)
    fence = PlainFence()
    assert own.grade_reply(case, timed, 0.002, fence) == own.grade_reply(case, timed, 0.01, fence)
    dear = own.grade_reply(case, timed, 0.02, fence)
    assert isinstance(dear, Score)
    assert dear.because == "0.02 USD, at most 0.01"
    assert isinstance(own.grade_reply(case, Reply(text="a"), None, fence), Unscored)
    assert load_own(write(FOUR_LINES)).grade_reply is None


def test_tags_choose_cases_and_break_the_score_down(write: Write) -> None:
    path = write(MATRIX)
    (part,) = chosen([f"{path}#geography:2"], "quick")
    assert (part.benchmark.name, part.count) == ("cases#geography", 2)
    assert part.benchmark.protocol.endswith("#geography")
    assert len(cases(part.benchmark)) == 4
    with pytest.raises(OptionError, match="has the tag 'none'; there is en, fr, geography"):
        load_own(path, "none")
    graded = [
        Graded(case=case, score=Score(value=1.0, because="")) for case in cases(load_own(path))
    ]
    told = [(figure.by, figure.name) for figure in load_own(path).figures(graded)]
    assert told == [("tag", "en"), ("tag", "fr"), ("tag", "geography")]


def test_a_folder_is_one_benchmark(write: Write) -> None:
    write(FOUR_LINES + "repeats: 3\n", "all/a.yaml")
    write(FOUR_LINES, "all/deep/b.yaml")
    write("prompt,equals\nA?,a\n", "all/c.csv")
    write("not cases", "all/notes.txt")
    write(FOUR_LINES, "all/.hidden/d.yaml")
    own = load_own(write.folder / "all")
    made = cases(own)
    assert [case.id.partition("/")[0] for case in made] == ["a", "c", "deep"]
    assert (own.name, own.repeats) == ("all", 3)
    (by_name,) = chosen([str(write.folder / "all")], "quick")
    assert by_name.benchmark.protocol == own.protocol


def test_what_is_wrong_in_a_folder_names_the_file(write: Write) -> None:
    write(FOUR_LINES + "repeats: 3\n", "all/a.yaml")
    write(FOUR_LINES + "repeats: 2\n", "all/b.yaml")
    with pytest.raises(CaseFileError, match=r"'repeats' is 3 in .*a.yaml' and 2 in .*b.yaml"):
        load_own(write.folder / "all")
    write(b"\xff", "all/b.yaml")
    write(FOUR_LINES.replace("number", "numbers"), "all/c.yaml")
    with pytest.raises(CaseFileError, match=r"b.yaml:1: is not UTF-8.* \(and 1 more\)"):
        load_own(write.folder / "all")


def test_a_table_is_read_by_its_first_row(write: Write) -> None:
    table = (
        "\ufeffprompt;contains;contains;number;tags;max_tokens\r\n"
        '"2+2?";;;"4,5";maths easy;9\r\n\r\n"R\nGB?";red;blue;;;\r\n'
    )
    own = load_own(write(table, "t.csv"))
    first, second = cases(own)
    assert json.loads(first.target) == {"number": {"value": 4.5, "within": 0.0}}
    assert json.loads(second.target) == {"contains": ["red", "blue"]}
    assert (second.question, first.fields["tags"], first.fields["max_tokens"]) == (
        "R\nGB?",
        "maths easy",
        "9",
    )


def test_a_row_is_known_by_what_it_holds(write: Write) -> None:
    rows = ["A?,a", "B?,b"]
    ids = {
        frozenset(
            case.id
            for case in cases(load_own(write("\n".join(["prompt,equals", *order]), "t.csv")))
        )
        for order in (rows, rows[::-1])
    }
    assert len(ids) == 1


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("", "1: holds no cases"),
        ("prompt,equals\n", "1: holds no cases"),
        ("prompt,equals\nA?,a,b\n", "2: has 3 cells, the first row has 2"),
        ("prompt,equal\n\nA?,a\n", "1: no key is called 'equal'; did you mean 'equals'?"),
        ('prompt,equals\n"A?,a\n', "2: is no CSV: a quote is opened in this row and never closed"),
        ("prompt,number\nA?,many\n", "2: 'number' must be a number, or a mapping"),
        ("prompt,equals\nA?,a\nA?,a\n", "3: the id "),
        ("prompt,number,number\nA?,1,2\n", "1: the column 'number' is there twice"),
    ],
)
def test_a_wrong_table_is_told_what_and_where(table: str, said: str, write: Write) -> None:
    assert write.every_mistake(table, "t.csv")[0].startswith(said)


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("p.yaml", "prompts: [a]\ntests: []\n", "a configuration of promptfoo"),
        ("s.jsonl", '{"input": "a", "ideal": "b"}\n', "samples for OpenAI's evals"),
    ],
)
def test_another_programs_file_is_told_how_to_become_cases(
    name: str, content: str, what: str, write: Write
) -> None:
    assert write.wrong(content, name).startswith(f"{name}:1: holds {what}; 'visavis cases new ")
