"""What a published figure is worth beside what is known."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.verdict.claims import (
    CRITERIA,
    FURTHER_FAMILIES,
    HERE,
    Checked,
    Claim,
    Known,
    Source,
    agree,
    check,
    figure,
    printed_places,
)
from visavis.verdict.claims_file import shipped

AGREES = "what is known agrees with it"
A, B = (Source(name=name, title=f"article {name}") for name in "AB")


def claim(
    value: float | str,
    *,
    criterion: str = "output_speed",
    unit: str = "tokens/s",
    source: Source = A,
    protocol: str = "",
) -> Claim:
    return Claim(
        system="m", criterion=criterion, value=value, unit=unit, source=source, protocol=protocol
    )


def known(
    value: float | str,
    low: float | None = None,
    high: float | None = None,
    *,
    protocol: str = "",
    decides: bool = True,
) -> Known:
    return Known(
        value=value,
        low=low,
        high=high,
        source="measured here",
        as_of="2026-11-22",
        protocol=protocol,
        decides=decides,
    )


def standing(one: Claim, *facts: Known, others: Sequence[Claim] = ()) -> tuple[str, str]:
    found = check([one, *others], lambda of: facts if of is one else ())[0]
    return found.standing, found.because


def test_a_figure_inside_the_interval_measured_is_consistent() -> None:
    assert standing(claim(99), known(95.0, 91.0, 99.6))[0] == "consistent"


def test_a_figure_outside_the_interval_measured_is_contradicted() -> None:
    assert standing(claim(182.6), known(95.0, 91.0, 99.6))[0] == "contradicted"


def test_a_figure_stands_for_all_that_rounds_to_it() -> None:
    assert standing(claim(99), known(99.6, 99.5, 99.9))[0] == "consistent"
    assert standing(claim(99.0), known(99.6, 99.5, 99.9))[0] == "contradicted"


def test_two_sources_that_differ_contradict_each_other_where_nothing_was_measured() -> None:
    one, other = claim(99), claim(182.6, source=B)
    found = check([one, other], lambda of: ())
    assert [c.standing for c in found] == ["contradicts another claim"] * 2
    assert [c.against for c in found] == [(other,), (one,)]


def test_a_measurement_says_which_of_two_sources_is_right() -> None:
    one, other = claim(99), claim(182.6, source=B)
    found = check([one, other], lambda of: [known(97.0, 90.0, 104.0)])
    assert [c.standing for c in found] == ["consistent", "contradicted"]


def test_one_source_does_not_contradict_itself() -> None:
    assert standing(claim(99), others=[claim(182.6)])[0] == "cannot be checked"


@pytest.mark.parametrize(("known_to_be", "holds"), [("open", True), ("closed", False)])
def test_a_word_agrees_with_the_same_word_alone(known_to_be: str, holds: bool) -> None:
    assert agree(claim("open", unit="text"), known_to_be, known_to_be) is holds


def test_sources_that_round_differently_agree() -> None:
    assert standing(claim(82), others=[claim(82.3, source=B)])[0] == "cannot be checked"
    assert standing(claim(82.3), others=[claim(82, source=B)])[0] == "cannot be checked"


@pytest.mark.parametrize("tokens", [128_000, 131_072])
def test_thousands_of_tokens_are_counted_in_either_way(tokens: int) -> None:
    one = claim(128_000, criterion="context_window", unit="tokens")
    assert standing(one, known(float(tokens)))[0] == "consistent"
    assert standing(one, known(16_384.0))[0] == "contradicted"


def test_prices_are_compared_by_the_million_whatever_the_unit_printed() -> None:
    one = claim(0.000195, criterion="price_input", unit="USD/1k tokens")
    other = claim(0.15, criterion="price_input", unit="USD/1M tokens", source=B)
    assert figure(one) == pytest.approx(0.195)
    assert printed_places(one) == 3
    found = check([one, other], lambda of: [known(0.15)])
    assert [c.standing for c in found] == ["contradicted", "consistent"]


SCORE = claim(82.0, criterion="mmlu", unit="percent", protocol="mmlu@openai-0cot")


def test_a_score_is_held_against_one_by_the_same_protocol() -> None:
    measured = known(0.815, 0.80, 0.83, protocol="mmlu@openai-0cot")
    assert standing(SCORE, measured)[0] == "consistent"


def test_two_protocols_are_never_held_against_each_other() -> None:
    measured = known(0.5, 0.45, 0.55, protocol="mmlu@meta-5shot")
    assert standing(SCORE, measured) == (
        "cannot be checked",
        "it was measured by another protocol only",
    )
    unsaid = claim(82.0, criterion="mmlu", unit="percent")
    assert standing(unsaid, measured) == ("cannot be checked", "it does not say by which protocol")
    other = claim(70.0, criterion="mmlu", unit="percent", source=B, protocol="mmlu@meta-5shot")
    assert standing(SCORE, others=[other])[0] == "cannot be checked"


def test_another_hosts_figure_can_agree_and_cannot_contradict() -> None:
    one = claim(0.234, criterion="price_input", unit="USD/1M tokens")
    elsewhere = known(0.02, decides=False)
    assert standing(one, elsewhere) == ("cannot be checked", "only other hosts' figures are known")
    assert standing(one, elsewhere, known(0.234, decides=False))[0] == "consistent"


def test_what_a_maker_keeps_to_itself_cannot_be_checked() -> None:
    one = claim(175.0e9, criterion="parameters", unit="parameters")
    assert standing(one)[1] == "its maker does not say, and nobody else can know"


def test_one_try_and_words_are_no_figures() -> None:
    assert standing(claim("pass", criterion="case_zorks"))[1] == "one try proves nothing"
    assert standing(claim("wide", criterion="multilingual"))[1] == "it is no figure"


def test_words_are_not_held_against_words_but_months_are() -> None:
    words = (
        claim("many", criterion="multilingual"),
        claim("few", criterion="multilingual", source=B),
    )
    assert standing(words[0], others=[words[1]])[0] == "cannot be checked"
    months = [
        claim(month, criterion="knowledge_cutoff", unit="month", source=source)
        for month, source in (("2023-10", A), ("2023-09", B))
    ]
    assert standing(months[0], others=[months[1]])[0] == "contradicts another claim"
    assert standing(months[0], known("2023-09"), known("2023-10"))[0] == "consistent"
    assert standing(months[0], known("2023-09"))[0] == "contradicted"


@given(st.floats(min_value=0.01, max_value=1e6), st.integers(min_value=0, max_value=4))
def test_a_value_agrees_with_its_own_rounding(value: float, places: int) -> None:
    written = round(value, places) if places else round(value)
    assert agree(claim(written), value, value)


def _of(system: str, criterion: str, found: Sequence[Checked]) -> list[Checked]:
    return [c for c in found if (c.claim.system, c.claim.criterion) == (system, criterion)]


def test_the_two_articles_disagree_with_each_other_on_speed_and_price() -> None:
    found = check(shipped(), lambda of: ())
    assert len(found) == 48
    assert {one.claim.criterion for one in found} == set(CRITERIA) - set(FURTHER_FAMILIES)
    apart = {(c.claim.system, c.claim.criterion) for c in found if c.against}
    assert apart == {
        ("gpt-4o-mini", name) for name in ("output_speed", "price_input", "price_output")
    }
    assert [c.claim.value for c in _of("gpt-4o-mini", "output_speed", found)] == [99, 182.6]


@pytest.mark.parametrize(("value", "known_to_be"), [(0, 128_000), (128_000, 0)])
def test_no_tokens_at_all_are_a_figure_as_any_other(value: int, known_to_be: int) -> None:
    assert not agree(claim(value, unit="tokens"), known_to_be, known_to_be)


CONTEXT = claim(128_000, criterion="context_window", unit="tokens")
MAKER_SAYS = Known(value=128_000.0, source="a list", as_of="2026-05")


def found(least: float, most: float | None = None, *, decides: bool = True) -> Known:
    """What was found by asking."""
    return Known(
        value=least,
        low=None if most is None else least,
        high=most,
        source=HERE,
        as_of="2026-11-22",
        decides=decides,
        at_least=most is None,
    )


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ((found(19_900, 20_300),), ("contradicted", "what is known differs from it")),
        ((found(19_900, 20_300), MAKER_SAYS), ("contradicted", "what is known differs from it")),
        ((found(19_900, 20_300, decides=False), MAKER_SAYS), ("consistent", AGREES)),
        (
            (found(19_900, 20_300, decides=False),),
            ("cannot be checked", "only other hosts' figures are known"),
        ),
        ((found(127_400, 129_300),), ("consistent", AGREES)),
        ((found(130_600, 132_400),), ("consistent", AGREES)),
        ((found(9_000),), ("cannot be checked", "what was tried does not reach so far")),
        ((found(9_000), MAKER_SAYS), ("consistent", AGREES)),
        ((found(127_400),), ("consistent", AGREES)),
        ((found(190_000),), ("contradicted", "what is known differs from it")),
        ((found(190_000, decides=False), MAKER_SAYS), ("consistent", AGREES)),
    ],
)
def test_what_was_tried_up_to_a_point_says_nothing_of_what_lies_beyond(
    known: tuple[Known, ...], expected: tuple[str, str]
) -> None:
    assert standing(CONTEXT, *known) == expected


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ((found(50, 200_000),), ("cannot be checked", "what was tried does not reach so far")),
        ((found(50, 200_000), MAKER_SAYS), ("consistent", AGREES)),
        ((found(50, 40_000),), ("contradicted", "what is known differs from it")),
        ((found(140_000, 200_000),), ("contradicted", "what is known differs from it")),
    ],
)
def test_between_what_was_done_and_what_was_refused_nothing_is_shown(
    known: tuple[Known, ...], expected: tuple[str, str]
) -> None:
    """A reply of 50 tokens does not confirm that 16,000 can be had."""
    tried, *further = known
    seen = replace(tried, unsettled=True)
    assert standing(CONTEXT, seen, *further) == expected
    (checked,) = check([CONTEXT], lambda of: [seen, *further])
    assert (seen in checked.by) == (seen in checked.measured) == (expected[0] == "contradicted")


def test_only_what_contradicts_a_claim_is_named_against_it() -> None:
    refused = found(19_900, 20_300)
    (checked,) = check([CONTEXT], lambda of: [MAKER_SAYS, refused])
    assert checked.by == (refused,)
    assert checked.measured == (refused,)
    (open_,) = check([CONTEXT], lambda of: [MAKER_SAYS, found(9_000)])
    assert (open_.by, open_.measured) == ((MAKER_SAYS,), ())


def until(at: str, low: str | None = None, high: str | None = None) -> Known:
    return Known(value=at, low=low, high=high, source=HERE, as_of="2026-11-22", at_least=True)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (until("2023-10-14", "2023-09-03", "2023-11-10"), ("consistent", AGREES)),
        (until("2023-11-20", "2023-10-31", "2023-12-24"), ("consistent", AGREES)),
        (
            until("2024-02-14", "2023-11-03", "2024-04-10"),
            ("contradicted", "what is known differs from it"),
        ),
        (
            until("2023-07-14", "2023-06-03", "2023-09-10"),
            ("cannot be checked", "of the last months before a cutoff little is known"),
        ),
        (until("2024-02-14"), ("contradicted", "what is known differs from it")),
        (
            until("2023-01-14"),
            ("cannot be checked", "what was tried does not reach so far"),
        ),
    ],
)
def test_a_cutoff_may_be_later_than_it_seems_and_is_never_earlier(
    known: Known, expected: tuple[str, str]
) -> None:
    assert standing(claim("2023-10", criterion="knowledge_cutoff", unit="month"), known) == expected
