"""The French catalogue is complete, consistent and freshly compiled."""

import re
from collections.abc import Iterator

from babel.messages.catalog import Message

from tests.report.catalogue import FRENCH, compiled, extracted, read
from visavis.report.language import Words
from visavis.report.measures import MEASURES, wording
from visavis.verdict.policy import MEASURES as JUDGED


def _forms(message: Message) -> Iterator[tuple[str, str]]:
    ids = [message.id] if isinstance(message.id, str) else [*message.id]
    strings = [message.string] if isinstance(message.string, str) else [*(message.string or ())]
    yield from ((ids[min(n, len(ids) - 1)], string) for n, string in enumerate(strings))


def _ours() -> list[Message]:
    return [message for message in read() if message.id]


def test_every_text_of_the_source_has_a_french_one_and_no_other_has() -> None:
    wanted = {str(message.id) for message in extracted() if message.id}
    assert {str(message.id) for message in _ours()} == wanted
    assert not [message.id for message in _ours() if message.fuzzy]
    assert all(french for message in _ours() for _, french in _forms(message))


def test_a_translation_fills_in_the_same_fields() -> None:
    for message in _ours():
        for english, french in _forms(message):
            for fields in (r"\{(\w+)[^{}]*\}", r"%s"):
                assert sorted(re.findall(fields, english)) == sorted(re.findall(fields, french))


def test_french_signs_have_their_no_break_spaces() -> None:
    for message in _ours():
        for _, french in _forms(message):
            assert not re.search(r"(?<![\u00a0]):(?!\w|/)", french), french
            assert not re.search(r"(?<!^)(?<![\u202f])[;!?]", french), french
            assert not re.search(r"«(?!\u00a0)|(?<!\u00a0)»", french), french
            assert "'" not in french, french


def test_the_compiled_catalogue_is_fresh() -> None:
    assert FRENCH.with_suffix(".mo").read_bytes() == compiled(read())


def test_a_text_without_fields_may_hold_braces() -> None:
    assert Words("en")("{x}") == "{x}"


def test_things_are_listed_as_a_sentence_lists_them() -> None:
    assert Words("en").listed(["a"]) == "a"
    assert Words("en").listed(["a", "b", "c"]) == "a, b and c"
    assert Words("fr").listed(["a", "b", "c"]) == "a, b et c"


def test_every_judged_measure_has_words_of_its_own() -> None:
    assert set(JUDGED) <= set(MEASURES)


def test_a_measure_nobody_worded_is_read_by_its_unit() -> None:
    assert wording("think_s").unit == "s"
    assert wording("usd_per_hour").unit == "usd"
    assert wording("page_faults").unit == "plain"
    assert wording("page_faults").label == "page faults"
