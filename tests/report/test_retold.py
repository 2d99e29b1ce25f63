"""What other rooms tell is known again in what a run keeps, and said in the reader's language."""

import ast
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report.catalogue import OTHER_ROOMS, ROOM, TOLD, listed, told
from tests.scoring.fence.machine import WITHIN
from visavis.core.tell import tell
from visavis.report.language import Words
from visavis.report.retold import Retold, retold
from visavis.report.text import NBSP, THIN

FIELD = re.compile(r"\{(\w+)[^{}]*\}")
SENTENCE = re.compile(r"[a-z]{2,} [a-z]", re.IGNORECASE)
REASONS = {"because", "how", "detail", "departures"}
"""What a reader is told, by the name of the argument or of the variable."""
ERRORS = {"UnmetError", "UnseenError", "StoppedError", "BrokenError"}
"""Their texts become reasons."""
BELOW = [room for room in OTHER_ROOMS if room not in (ROOM, ROOM.with_name("cli"))]
OURS_ALONE = re.compile(
    r"the tester sent|nobody knows where|visavis is gone|def check|timed out$|too large a value"
)
"""Of these, what no run keeps."""


def fields_of(template: str) -> Iterator[tuple[str, str, str | None]]:
    if FIELD.search(template):
        for _, name, form, sign in Formatter().parse(template):
            if name:
                yield name, form or "", sign


def filled(template: str, held: str) -> dict[str, object]:
    """Something for each field, of its kind."""
    made: dict[str, object] = {}
    for name, form, _ in fields_of(template):
        made[name] = (1234 if form in ("d", ",") else 0.5) if form else held
        if name.startswith(("told", "maybe")):
            made[name] = "states no letter"
    return made


def test_the_list_of_templates_is_fresh() -> None:
    assert TOLD.read_text(encoding="utf-8") == listed()


@pytest.mark.parametrize("template", told())
def test_each_template_is_known_again_and_has_a_translation(template: str) -> None:
    made = retold(tell(template, **filled(template, "Zq")), "fr")
    assert made.lang == "fr"
    french = Words("fr")(template)
    assert FIELD.sub("", made.text) == made.text
    for part in FIELD.split(french)[::2]:
        assert part in made.text
    for name, form, _ in fields_of(template):
        if not form and f"{{{name}}}" in french and not name.startswith(("told", "maybe")):
            assert "Zq" in made.text


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=60))
def test_what_others_wrote_is_passed_on_letter_by_letter(said: str) -> None:
    told_of = retold(tell("read {read}, key {key}", read=said, key="B"), "fr")
    assert told_of.lang == "fr"
    assert said in told_of.text or Words("fr")(said) != said


def test_numbers_are_written_as_the_reader_writes_them() -> None:
    made = tell("{count:,} words", count=1234)
    bounds = tell("at least {count:,}", count=1500)
    text = tell("{told}, {told_bounds}", told=made, told_bounds=bounds)
    assert text == "1,234 words, at least 1,500"
    assert f"1{THIN}234" in retold(text, "fr").text
    assert f"1{THIN}500" in retold(text, "fr").text
    assert f"30{NBSP}%" in retold(tell("{share:.0%} of the weight", share=0.3), "fr").text


def test_several_in_a_row_are_each_said() -> None:
    told_of = retold("30% of the weight; contains: lacks a; b; python: its check failed", "fr")
    assert told_of.lang == "fr"
    for template in ("its check failed", "lacks {text}"):
        assert FIELD.sub("", Words("fr")(template)).strip() in told_of.text


def test_the_last_of_several_may_be_cut_off() -> None:
    told_of = retold("3 of 10 requirements hold; ball: no ball flies when SP", "fr")
    assert told_of == Retold(told_of.text, "fr")
    assert told_of.text.endswith("ball: no ball flies when SP")


@pytest.mark.parametrize(
    "text", ["upstream said no", "It is good: short; and kind", "", "x" * 9999]
)
def test_what_nobody_here_told_stays_as_it_is_in_english(text: str) -> None:
    assert retold(text, "fr") == Retold(text, "en")


@pytest.mark.parametrize(
    "held",
    ["it's", 'say "no"', """both ' and \"""", "a\\", None, True, 4.5, ["1"], {"id": 1}, b"ab"],
)
def test_what_python_wrote_is_known_again_whatever_it_was(held: object) -> None:
    """A server that sends no header, or an id that is no number."""
    for template in (
        "{method} {path}: Content-Type is {kind!r}",
        "the id is {number!r}, not a whole number",
        "Location is {where!r}, not '/items/{number}'",
    ):
        fields = dict.fromkeys(("kind", "number", "where"), held)
        made = tell(template, method="GET", path="/items", **fields)
        assert retold(made, "fr").lang == "fr"
        assert repr(held) in retold(made, "fr").text


@pytest.mark.parametrize("said", ["left", "top", "passed", "expected 0.25", "is 4", "a: right"])
def test_what_a_program_said_is_not_taken_for_ours_because_it_is_short(said: str) -> None:
    """The number, too, stays as its program wrote it."""
    assert said in retold(tell("raised: {maybe}", maybe=said), "fr").text


@pytest.mark.parametrize(
    "piece",
    ["ab: ", "a, b; c: ", "lacks x; ", "left, ", ": Content-Type is ' ", ": Content-Length is '' "],
)
def test_a_text_made_to_take_long_does_not(piece: str) -> None:
    began = time.process_time()
    for head in ("", "read ", "in 5 s it never bounced off: ", "30% of the weight; "):
        retold((head + 1999 * piece)[:2000], "fr")
    assert time.process_time() - began < 4  # some 50 ms each on an idle machine


def test_english_is_never_touched() -> None:
    assert retold("read A, key B", "en") == Retold("read A, key B", "en")


def sources(room: Path) -> Iterator[Path]:
    yield from (file for file in sorted(room.rglob("*.py")) if file.stem not in WITHIN)


def bare(node: ast.AST) -> Iterator[str]:
    """Sentences that stand in an expression without having been told."""
    if isinstance(node, ast.Call | ast.Subscript | ast.Compare):
        return
    if isinstance(node, ast.Constant | ast.JoinedStr):
        text = _written(node)
        if (
            re.search("[a-z]{3}", text)
            if isinstance(node, ast.JoinedStr)
            else SENTENCE.search(text)
        ):
            yield text
        return
    for child in ast.iter_child_nodes(node):
        yield from bare(child)


def _written(node: ast.expr, field: str = "7") -> str:
    """What stands in a literal; the fields of an f-string as `field`."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_written(part, field) for part in node.values)
    held = node.value if isinstance(node, ast.Constant) else field
    return held if isinstance(held, str) else ""


def reasons(tree: ast.AST) -> Iterator[ast.expr]:
    """Expressions of which a reader is told the value."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in REASONS:
            yield node.value
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(getattr(one, "id", "").lower() in REASONS - {"how"} for one in targets):
                yield node.value
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ERRORS:
            yield from node.args


@pytest.mark.parametrize("room", BELOW, ids=lambda room: room.name)
def test_no_reason_and_no_departure_is_written_but_by_tell(room: Path) -> None:
    found = [
        f"{file.relative_to(room)}: {text}"
        for file in sources(room)
        for value in reasons(ast.parse(file.read_text(encoding="utf-8")))
        for text in bare(value)
    ]
    assert not found


def test_templates_are_written_out_where_they_are_told() -> None:
    for room in BELOW:
        for file in room.rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "tell":
                    assert isinstance(node.args[0], ast.Constant | ast.Name), ast.unparse(node)


def within() -> Iterator[str]:
    """Sentences of what runs within the fence, as a run may hold them."""
    fence = next(room for room in OTHER_ROOMS if room.name == "scoring") / "fence"
    for name in WITHIN:
        tree = ast.parse((fence / f"{name}.py").read_text(encoding="utf-8"))
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                docs |= {id(part) for part in node.values}
            if isinstance(node, ast.JoinedStr | ast.Constant) and id(node) not in docs:
                yield _written(node)


def test_what_is_told_within_the_fence_is_known_outside() -> None:
    texts = {text for text in within() if SENTENCE.search(text) and not OURS_ALONE.search(text)}
    assert len(texts) > 15
    assert not [text for text in sorted(texts) if retold(text, "fr").lang != "fr"]


def test_the_list_is_plain_json() -> None:
    assert json.loads(TOLD.read_text(encoding="utf-8")) == told()
