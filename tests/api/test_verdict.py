"""`visavis verdict` on runs that were really made."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

import visavis
from tests.measure.load.things import new_store
from tests.measure.things import candidate
from tests.report.fixtures import PASSED, reply, trial
from visavis.api.around import Surroundings, surroundings
from visavis.api.choices import bill_of
from visavis.api.comparison import Comparison
from visavis.api.verdict import chosen, verdict
from visavis.core.candidate import Candidate, Fact
from visavis.core.errors import OptionError, UnknownNameError
from visavis.core.outcome import Usage
from visavis.core.trial import Trial
from visavis.options import VerdictOptions
from visavis.report.verdict import flips, headline, introduced, left_out, musts, shares
from visavis.report.verdict_export import as_json
from visavis.report.verdict_words import USES
from visavis.verdict.policy_file import policies


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A right candidate and one that is right one time in three."""
    folder = tmp_path_factory.mktemp("made")
    cases = folder / "cases.yaml"
    keys = ["no" if n % 3 else "yes" for n in range(60)]
    lines = [f"  - {{id: c{n}, prompt: Say {n}, equals: '{key}'}}" for n, key in enumerate(keys)]
    cases.write_text("\n".join(["cases:", *lines]))
    for name, texts in (("good", keys), ("poor", ["yes"] * 60)):
        rows = ({"prompt": f"Say {n}", "text": text} for n, text in enumerate(texts))
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    visavis.compare(
        [f"{name}=recorded:{folder}/{name}.jsonl" for name in ("good", "poor")],
        on=(str(cases),),
        out=folder / "run",
        speed=False,
        yes=True,
    )
    return folder / "run"


def policy(folder: Path, text: str) -> str:
    file = folder / "mine.yaml"
    file.write_text(text)
    return str(file)


def test_the_better_one_is_chosen_and_what_would_flip_it_is_said(run: Path) -> None:
    choice = chosen(run, "default")
    assert (choice.chosen, choice.because) == ("good", "it is best in nearly all worlds")
    assert headline(choice, "en").startswith(
        "Choose good: it is best in more than 99.9% of the worlds"
    )
    assert headline(choice, "fr") != headline(choice, "en")
    (text,) = flips(choice, "en")
    assert text == "if good scored 67 points less on cases, poor would draw level"
    _, rows = shares(choice, "en")
    assert rows[1][0] == "poor"
    assert rows[1][3] == "dominated by good"


def test_must_haves_are_looked_up_in_what_was_measured_and_in_what_is_known(
    run: Path, tmp_path: Path
) -> None:
    measured = "score >= 0.5, score.cases >= 0.9"
    unknown = "runs_locally, first_token_s.p95 <= 1, peak_bytes <= 1e9"
    choice = chosen(run, policy(tmp_path, f"must: [{measured}, {unknown}]"))
    heads, rows = musts(choice, "en")
    assert heads == ("must hold", "good", "poor")
    assert rows == [
        ("score at least 50%", "met", "missed"),
        ("cases at least 90%", "met", "missed"),
        ("runs locally", "not known", "not known"),
        ("time to first token at most 1.00\u00a0s in 95% of requests", "not known", "not known"),
        ("peak memory at most 1.00\u00a0GB", "not known", "not known"),
    ]
    assert (choice.chosen, choice.because) == (None, "it may miss what must hold")
    assert headline(choice, "en") == (
        "Undecided: of none is it known whether it meets what must hold: runs locally (not known), "
        "time to first token at most 1.00\u00a0s in 95% of requests (not measured), peak memory at "
        "most 1.00\u00a0GB (not known)."
    )
    assert (choice.flips, choice.weights, choice.prices) == ((), (), ())


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (
            "score.cases >= 0.9, score >= 0.2",
            "Choose good: it alone meets what must hold: cases at least 90%. "
            "Nothing else was weighed.",
        ),
        (
            "score <= 0.1, score.cases >= 0.9",
            "Choose none of them: none meets what must hold: score at most 10%, cases at least "
            "90%.",
        ),
    ],
)
def test_what_the_others_were_left_out_for_is_named(
    run: Path, tmp_path: Path, limits: str, said: str
) -> None:
    assert headline(chosen(run, policy(tmp_path, f"must: [{limits}]")), "en") == said


def test_a_benchmark_that_was_not_run_leaves_what_must_hold_open(run: Path, tmp_path: Path) -> None:
    choice = chosen(run, policy(tmp_path, "must: [score.humaneval >= 0.5]"))
    assert {met for one in choice.standings for met in one.musts.values()} == {"not known"}


def test_what_is_weighed_and_was_not_measured_is_said(run: Path) -> None:
    choice = chosen(run, "everyday")
    assert (choice.chosen, choice.because) == (None, "half of what it weighs was not measured")
    assert "half or more of what the policy weighs" in headline(choice, "en")
    assert "price per solved case" in headline(choice, "en")
    assert "output speed" in headline(choice, "en")
    assert left_out(choice, "en") == ""
    assert left_out(chosen(run, "default"), "en") == ""
    assert introduced(choice.policy, "en") == (
        "Policy everyday: everyday content, good enough, quick and cheap"
    )


def test_a_run_is_named_as_everywhere(run: Path, tmp_path: Path) -> None:
    around: Surroundings = surroundings({"VISAVIS_HOME": str(tmp_path)})
    assert verdict(str(run), VerdictOptions(), around).choice.chosen == "good"
    with pytest.raises(UnknownNameError, match="no policy is called 'chta'; try chat"):
        verdict(str(run), VerdictOptions(policy="chta"), around)


def test_as_data_all_shares_and_weights_are_there(run: Path) -> None:
    found = json.loads(as_json(chosen(run, "default")))
    assert found["chosen"] == "good"
    assert found["criteria"] == ["score.cases"]
    good, poor = found["candidates"]
    assert good["acceptability"] == 1.0
    assert good["central_weights"] == {"score.cases": 1.0}
    assert poor["dominated_by"] == ["good"]
    assert found["break_even"][0]["by"] == pytest.approx(0.667, abs=0.01)


def test_the_uses_of_all_policies_are_among_the_texts_to_translate() -> None:
    assert {policies().get(name).about for name in policies()} == set(USES)


def test_a_speed_run_has_no_verdict_of_this_kind(tmp_path: Path) -> None:
    with new_store(tmp_path / "s", [candidate("a")], "at once 1"):
        pass
    around = surroundings({"VISAVIS_HOME": str(tmp_path)})
    with pytest.raises(OptionError, match="measured speed alone"):
        verdict(str(tmp_path / "s"), VerdictOptions(), around)


def test_every_use_is_chosen_for_and_a_policy_of_ones_own_first(run: Path, tmp_path: Path) -> None:
    own = policy(tmp_path, "name: own\nmust: [score.cases >= 0.9]")
    choices = Comparison(run, policy=own).choices
    assert choices is not None
    assert [one.policy.name for one in choices.taken] == ["own", *policies()]
    assert choices.taken[0].because == "only one is left"
    assert [flip.above for flip in choices.taken[0].limits] == [True]
    assert {subject.measure for subject in choices.known.subjects} >= {"score", "runs_locally"}
    assert Comparison(run, policy="coding").choices.taken[0].policy.name == "coding"  # type: ignore[union-attr]  # two candidates


def test_the_page_the_terminal_and_markdown_say_what_to_choose(run: Path) -> None:
    seen = Comparison(run)
    assert '<section id="choose"' in seen.html()
    (row,) = (text for text in seen.markdown().splitlines() if "costs more than a slow" in text)
    assert "The smallest difference that counts: score" in row
    assert "| good |" in row
    file = StringIO()
    seen.show(file)
    assert "● reasoning: Choose good" in file.getvalue()


def hosted(*prices: float | str) -> Candidate:
    facts = (
        Fact(name="usd_per_million_output_tokens", value=value, source="a list", as_of="2026-11-22")
        for value in prices
    )
    return Candidate(
        name="m", kind="hosted", route="openai", model="m", snapshot="m", facts=tuple(facts)
    )


def paid(usd: float | None, tokens: int | None, case: int = 0, candidate: str = "m") -> Trial:
    usage = None if tokens is None else Usage(input_tokens=9, output_tokens=tokens)
    said = replace(reply("yes"), usage=usage)
    return replace(trial(candidate, "logic", case, said, PASSED), usd=usd)


def test_the_part_of_output_in_a_bill_is_what_its_tokens_cost() -> None:
    trials = [
        paid(0.003, 500),
        paid(0.001, 500, case=1),
        paid(None, 900, case=2),
        paid(0.5, None, case=3),
        paid(9.0, 900, candidate="other"),
    ]
    bill = bill_of(hosted(2.0), trials)
    assert bill is not None
    assert bill.usd_per_million_output_tokens == 2.0
    assert bill.parts == pytest.approx({"logic": 0.5})


@pytest.mark.parametrize("prices", [(), (2.0, 3.0), ("2.0 to 128k",), (0.0,), (20.0,)])
def test_a_bill_that_cannot_be_told_from_one_price_is_not_reckoned(
    prices: tuple[float | str, ...],
) -> None:
    assert bill_of(hosted(*prices), [paid(0.001, 500)]) is None
    assert bill_of(hosted(2.0), []) is None
