"""Each of the 25 kinds: what follows it, what does not, and that no text takes for ever."""

import re
import time
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.scoring.instructions.kinds import KINDS
from visavis.scoring.instructions.reading import Instruction, instruction

Arguments = Mapping[str, object]

EXAMPLES: tuple[tuple[str, Arguments, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "keywords:existence",
        {"keywords": ["moss", "C+"]},
        ("Mossy c+ stones",),
        ("moss only", "C++ only", "mos s C+"),
    ),
    (
        "keywords:frequency",
        {"keyword": " tea ", "relation": "at least", "frequency": 3},
        ("Tea, tea and TEAcups",),
        ("tea and tea", ""),
    ),
    (
        "keywords:frequency",
        {"keyword": "tea", "relation": "less than", "frequency": 2},
        ("one tea",),
        ("tea tea",),
    ),
    (
        "keywords:forbidden_words",
        {"forbidden_words": ["rain", "sun shine"]},
        ("A rainy day, sunshine",),
        ("Rain!", "no sun shine here"),
    ),
    (
        "keywords:letter_frequency",
        {"letter": "E", "let_relation": "less than", "let_frequency": 2},
        ("tee".replace("e", "", 1),),
        ("Ee",),
    ),
    (
        "keywords:letter_frequency",
        {"letter": "#", "let_relation": "at least", "let_frequency": 2},
        ("#a #b",),
        ("#a",),
    ),
    (
        "language:response_language",
        {"language": "de"},
        ("Der Zug kommt heute leider eine halbe Stunde später an.", "12 %"),
        ("The train is half an hour late today.",),
    ),
    (
        "length_constraints:number_sentences",
        {"num_sentences": 3, "relation": "at least"},
        ("One. Two! Three?",),
        ("Dr. Who met Mr. Smith.", "One. Two"),
    ),
    (
        "length_constraints:number_sentences",
        {"num_sentences": 2, "relation": "less than"},
        ("Only one here",),
        ("One. Two.",),
    ),
    (
        "length_constraints:number_paragraphs",
        {"num_paragraphs": 2},
        ("a\n\n***\n\nb", "***a***b***"),
        ("a", "a *** *** b", "a***b***c"),
    ),
    (
        "length_constraints:number_words",
        {"num_words": 3, "relation": "less than"},
        ("two words", "don't"),
        ("well-known thing",),
    ),
    (
        "length_constraints:nth_paragraph_first_word",
        {"num_paragraphs": 2, "nth_paragraph": 2, "first_word": "Elm"},
        ("Oak.\n\n'ELM, not oak", "Oak\n\nelm's leaf\n\n"),
        ("Oak\n\nelms", "Elm\n\nOak", "Oak\n\n\n\nElm", "Oak elm", "elm\n\nelm\n\nelm"),
    ),
    (
        "detectable_content:number_placeholders",
        {"num_placeholders": 2},
        ("[name], [address]", "[[a] []"),
        ("[name]", "[na\nme] [x]", "no ] [ here ["),
    ),
    (
        "detectable_content:postscript",
        {"postscript_marker": "P.S."},
        ("Bye\nP.S. wait", "p. s. so"),
        ("PS wait",),
    ),
    (
        "detectable_content:postscript",
        {"postscript_marker": "P.P.S"},
        ("Bye\n P.P.S. wait", "p. p.\ns"),
        ("P.S. wait",),
    ),
    (
        "detectable_content:postscript",
        {"postscript_marker": "N.B."},
        ("n.b. this",),
        ("nxbx this",),
    ),
    (
        "detectable_format:number_bullet_lists",
        {"num_bullets": 2},
        ("* a\n* b", "text\n - a\n\n\t* b", "-a\n--b", "*\n* a\n- b"),
        ("* a", "** a\n* b", "* a\n* b\n* c", "* a\n*"),
    ),
    (
        "detectable_format:constrained_response",
        {},
        ("My answer is maybe.", "Well: My answer is no. Really."),
        ("my answer is no.", "My answer is no", "yes"),
    ),
    (
        "detectable_format:number_highlighted_sections",
        {"num_highlights": 2},
        ("*a* *b*", "**a** **b**"),
        ("*a*", "* * *a*", "*a\nb* *c*"),
    ),
    (
        "detectable_format:multiple_sections",
        {"section_spliter": "SECTION ", "num_sections": 2},
        ("SECTION 1\na\nSECTION2\nb", "SECTION 1 SECTION 2 SECTION 3"),
        ("Section 1 Section 2", "SECTION one SECTION two"),
    ),
    (
        "detectable_format:json_format",
        {},
        ('{"a": 1}', "```json\n[1]\n```", '```\n"x"\n```', "NaN"),
        ("a: 1", 'Here: {"a": 1}', "[" * 100_000, "1" * 5000 + "x"),
    ),
    (
        "detectable_format:title",
        {},
        ("<<Ode>>\ntext", "so <<a>> and <<b>>", "<<<a>>>"),
        ("<< >>", "<<a\nb>>", "<a>", "<<>>", "<<<>>>", ">>a<<"),
    ),
    (
        "combination:two_responses",
        {},
        ("a\n******\nb", "******a******b******"),
        ("a******a", "a", "a******b******c", "a****** ******b"),
    ),
    (
        "combination:repeat_prompt",
        {"prompt_to_repeat": "Write a poem. "},
        ("  write A poem. Roses", "Write a poem."),
        ("Sure! Write a poem.",),
    ),
    (
        "startend:end_checker",
        {"end_phrase": "That is all. "},
        ('"I say so. THAT is all."', "That is all.\n"),
        ("That is all. Bye", "That is all"),
    ),
    ("startend:quotation", {}, ('"so"', ' "" \n'), ('"', '"so', "'so'", '"so" said he')),
    (
        "change_case:capital_word_frequency",
        {"capital_frequency": 2, "capital_relation": "at least"},
        ("NASA and ESA", "I DON'T", "I CANNOT.", "A-B C", "I (A)"),
        ("Nasa and ESA", "A-B", "UN's I'm".replace("I'm", "it")),
    ),
    (
        "change_case:capital_word_frequency",
        {"capital_frequency": 1, "capital_relation": "less than"},
        ("none",),
        ("ONE",),
    ),
    (
        "change_case:english_capital",
        {},
        ("THIS IS WHAT WE HAVE SAID TO THEM ABOUT THE WEATHER.",),
        ("This is what we said.", "DAS WETTER WIRD NICHT BESSER UND NIEMAND WEISS WARUM."),
    ),
    (
        "change_case:english_lowercase",
        {},
        ("this is what we have said to them about the weather.",),
        ("This is what we said.", "das wetter wird nicht besser und niemand weiß warum."),
    ),
    ("punctuation:no_comma", {}, ("none; at all", "a、b"), ("one, two",)),
)


def test_every_kind_has_examples() -> None:
    assert {kind for kind, *_ in EXAMPLES} == set(KINDS)
    assert len(KINDS) == 25


@pytest.mark.parametrize(("kind", "arguments", "good", "bad"), EXAMPLES)
def test_what_follows_and_what_does_not(
    kind: str, arguments: Arguments, good: tuple[str, ...], bad: tuple[str, ...]
) -> None:
    one = instruction(kind, arguments)
    assert [text for text in good if not one.followed_by(text)] == []
    assert [text for text in bad if one.followed_by(text)] == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_blank_text_follows_nothing(kind: str) -> None:
    arguments = next(example[1] for example in EXAMPLES if example[0] == kind)
    assert not instruction(kind, arguments).followed_by(" \n\t")


signs = st.text(alphabet="*-[]<> \n\ta.pPsS1#'\"", max_size=60)


@given(signs)
def test_bullets_are_counted_as_by_upstreams_patterns(text: str) -> None:
    stars = re.findall(r"^\s*\*[^\*].*$", text, flags=re.MULTILINE)
    dashes = re.findall(r"^\s*-.*$", text, flags=re.MULTILINE)
    count = len(stars) + len(dashes)
    assert KINDS["detectable_format:number_bullet_lists"](text, num_bullets=count)


@given(signs)
def test_placeholders_titles_and_highlights_are_found_as_by_upstreams_patterns(text: str) -> None:
    places = len(re.findall(r"\[.*?\]", text))
    rule = KINDS["detectable_content:number_placeholders"]
    assert rule(text, num_placeholders=places)
    assert not rule(text, num_placeholders=places + 1)
    titles = re.findall(r"<<[^\n]+>>", text)
    held = any(title.lstrip("<").rstrip(">").strip() for title in titles)
    assert KINDS["detectable_format:title"](text) == held
    once, twice = re.findall(r"\*[^\n\*]*\*", text), re.findall(r"\*\*[^\n\*]*\*\*", text)
    lights = sum(bool(found.strip("*").strip()) for found in once + twice)
    rule = KINDS["detectable_format:number_highlighted_sections"]
    assert rule(text, num_highlights=lights)
    assert not rule(text, num_highlights=lights + 1)


@given(st.text(alphabet="*a \n", max_size=40), st.integers(0, 4))
def test_paragraphs_are_parted_as_by_upstreams_pattern(text: str, wanted: int) -> None:
    parts = re.split(r"\s?\*\*\*\s?", text)
    count = len(parts)
    for index, part in enumerate(parts):
        if not part.strip():
            count = count - 1 if index in (0, len(parts) - 1) else -9
    rule = KINDS["length_constraints:number_paragraphs"]
    assert rule(text, num_paragraphs=wanted) == (count == wanted)


HOSTILE = {
    "one word": "x" * 100_000,
    "line breaks": "\n" * 100_000,
    "spaces": " " * 100_000 + "x",
    "asterisks": "*" * 100_000,
    "open brackets": "[" * 100_000,
    "open titles": "<<" * 50_000,
    "full stops": "." * 100_000,
    "letters": "a. " * 30_000,
    "quotes": '."' * 50_000,
    "NUL": "\0" * 100_000,
    "addresses": "a@" * 50_000,
    "capitals": "A" * 100_000,
    "digits": "1." * 50_000,
    "bullets": "*\n" * 50_000,
    "surrogates": "\ud800" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_takes_a_rule_more_than_linear_time(name: str) -> None:
    """A rule that went through a text again for each of its signs would take hours here."""
    text = HOSTILE[name]
    began = time.process_time()
    for kind, arguments, *_ in EXAMPLES:
        Instruction(kind, arguments).followed_by(text)
    assert time.process_time() - began < 30
