"""Judges are asked once the candidates have replied; what they say becomes the score."""

import json
from pathlib import Path

import jsonschema
import pytest

from tests.judged_things import (
    BETTER,
    MARKED,
    TONE,
    asked,
    compared,
    fair,
    first_wins,
    judged_again,
    longer_wins,
    says,
)
from visavis.api.comparison import Comparison
from visavis.core.errors import OptionError, UnknownNameError
from visavis.core.outcome import Failure, Reply, Score, Unscored
from visavis.core.prompt import Prompt
from visavis.measure.judging.store import judgements_in
from visavis.report import export
from visavis.scoring.judge_figures import Judging
from visavis.stats.estimate import Estimate
from visavis.verdict.decide import Prefer

KIND = says("kind", "Thank you, I am well.")
CURT = says("curt", "Well.")
FAIR = says("fair", fair)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "run"


def scores(seen: Comparison) -> dict[str, list[float | None]]:
    found: dict[str, list[float | None]] = {}
    for trial in seen.trials:
        value = trial.grade.value if isinstance(trial.grade, Score) else None
        found.setdefault(trial.key.candidate, []).append(value)
    return found


def judging(seen: Comparison) -> Judging:
    assert seen._judged.judging is not None
    return seen._judged.judging


def value(found: object) -> float:
    assert isinstance(found, Estimate)
    return found.value


def test_a_reply_that_the_judge_passes_is_right_and_the_better_candidate_is_preferred(
    folder: Path,
) -> None:
    seen = compared(folder, [KIND, CURT], asked(12, TONE), [FAIR])
    assert scores(seen) == {"kind": [1.0] * 12, "curt": [0.0] * 12}
    (row,) = (row for row in seen.judgement.rows if row.measure == "score")
    assert isinstance(row.gaps[0].verdict, Prefer)
    assert row.gaps[0].verdict.winner == "kind"


def test_a_mark_without_a_pass_mark_is_its_place_on_the_scale(folder: Path) -> None:
    seen = compared(folder, [KIND, CURT], asked(3, MARKED), [FAIR])
    assert scores(seen) == {"kind": [1.0] * 3, "curt": [0.0] * 3}


def test_pairs_are_asked_in_both_orders_and_a_fair_judge_shows_no_position_bias(
    folder: Path,
) -> None:
    judge = says("fair", fair)
    seen = compared(folder, [KIND, CURT], asked(6, BETTER), [judge])
    assert len(judge.asked) == 12
    assert scores(seen) == {"kind": [1.0] * 6, "curt": [0.0] * 6}
    (figures,) = judging(seen).judges
    assert value(figures.position_bias) == 0.0
    assert value(figures.contradictions) == 0.0


def test_a_judge_that_names_the_first_both_times_has_called_a_tie(folder: Path) -> None:
    seen = compared(folder, [KIND, CURT], asked(6, BETTER), [says("first", first_wins)])
    assert scores(seen) == {"kind": [0.5] * 6, "curt": [0.5] * 6}
    (figures,) = judging(seen).judges
    assert value(figures.position_bias) == 1.0
    assert value(figures.contradictions) == 1.0
    assert value(figures.ties) == 1.0


def test_a_judge_that_rewards_length_is_told_of(folder: Path) -> None:
    seen = compared(folder, [KIND, CURT], asked(6, BETTER), [says("long", longer_wins)])
    assert value(judging(seen).judges[0].verbosity_bias) == 0.5


def test_of_three_candidates_each_scores_the_share_it_won_of_the_others(folder: Path) -> None:
    kinder = says("kinder", "Thank you, thank you.")
    seen = compared(folder, [KIND, CURT, kinder], asked(2, BETTER), [FAIR])
    assert scores(seen) == {"kind": [0.5] * 2, "curt": [0.0] * 2, "kinder": [1.0] * 2}


def test_against_a_baseline_the_others_are_put_beside_it_alone(folder: Path) -> None:
    judge, kinder = says("fair", fair), says("kinder", "Thank you, thank you.")
    seen = compared(folder, [KIND, CURT, kinder], asked(1, BETTER), [judge], against="curt")
    assert len(judge.asked) == 4
    assert scores(seen) == {"kind": [1.0], "curt": [0.0], "kinder": [1.0]}


def test_several_judges_decide_together_and_their_agreement_is_shown(folder: Path) -> None:
    panel = [FAIR, says("first", first_wins), says("long", longer_wins)]
    seen = compared(folder, [KIND, CURT], asked(4, BETTER), panel)
    assert scores(seen)["kind"] == [pytest.approx((1 + 0.5 + 1) / 3)] * 4
    pairs = {(one.a, one.b): one for one in judging(seen).agreements}
    assert set(pairs) == {("fair", "first"), ("fair", "long"), ("first", "long")}
    assert value(pairs["fair", "long"].raw) == 1.0


def test_most_judges_decide_whether_a_reply_passes(folder: Path) -> None:
    panel = [FAIR, says("stern", "No.\nRating: [[1]]"), says("mild", "Yes.\nRating: [[9]]")]
    seen = compared(folder, [KIND, CURT], asked(2, TONE), panel)
    assert scores(seen) == {"kind": [1.0] * 2, "curt": [0.0] * 2}


def broken(prompt: Prompt) -> Failure:
    return Failure(kind="timed out", detail="no answer")


@pytest.mark.parametrize("bad", [says("bad", "I cannot say."), says("bad", broken)])
def test_a_reply_whose_judge_failed_is_unscored_and_never_wrong(folder: Path, bad: object) -> None:
    assert hasattr(bad, "send")
    seen = compared(folder, [KIND, CURT], asked(2, TONE), [FAIR, bad])  # type: ignore[list-item]  # pytest loses its type
    assert scores(seen) == {"kind": [None] * 2, "curt": [None] * 2}
    assert all(isinstance(trial.grade, Unscored) for trial in seen.trials)
    assert "bad gave no verdict" in seen.markdown().replace("\\", "")


def test_a_failed_reply_is_not_judged_and_its_pair_does_not_count(folder: Path) -> None:
    judge, mute = says("fair", fair), says("mute", broken)
    seen = compared(folder, [KIND, mute], asked(2, BETTER), [judge])
    assert judge.asked == []
    assert scores(seen)["kind"] == [None, None]


def test_judging_goes_on_where_it_stopped_and_asks_nothing_twice(folder: Path) -> None:
    judge = says("judge", fair)
    flaky = says(
        "flaky",
        lambda prompt: broken(prompt) if "2?" in prompt.messages[-1].content else fair(prompt),
    )
    compared(folder, [KIND, CURT], asked(4, TONE), [judge, flaky])
    assert len(judge.asked) == len(flaky.asked) == 8
    again, mended = says("judge", fair), says("flaky", fair)
    seen = judged_again(folder, [again, mended])
    assert again.asked == []
    assert len(mended.asked) == 2  # what failed is no judgement, and is asked for once more
    assert scores(seen) == {"kind": [1.0] * 4, "curt": [0.0] * 4}


def test_an_old_run_is_judged_by_whom_one_names_now(folder: Path) -> None:
    before = compared(folder, [KIND, CURT], asked(3, TONE))
    assert scores(before) == {"kind": [None] * 3, "curt": [None] * 3}
    assert before._judged.judging is None
    stern = says("stern", "No.\nRating: [[1]]")
    assert scores(judged_again(folder, [stern])) == {"kind": [0.0] * 3, "curt": [0.0] * 3}
    seen = judged_again(folder, [FAIR])
    assert scores(seen) == {"kind": [1.0] * 3, "curt": [0.0] * 3}
    kept = judgements_in(folder)
    assert [judge.name for judge in kept.judges] == ["fair"]
    assert {trial.key.candidate for trial in kept.trials} == {"stern", "fair"}


def test_repeats_of_a_case_are_judged_each_for_itself(folder: Path) -> None:
    judge = says("fair", fair)
    seen = compared(folder, [KIND, CURT], asked(2, BETTER, repeats=3), [judge])
    assert len(judge.asked) == 2 * 3 * 2
    assert scores(seen)["kind"] == [1.0] * 6


def test_what_people_said_is_held_against_each_judge(folder: Path, tmp_path: Path) -> None:
    compared(folder, [KIND, CURT], asked(10, TONE), [FAIR, says("mild", "Yes.\nRating: [[9]]")])
    labels = tmp_path / "labels.jsonl"
    labels.write_text(
        "".join(
            f'{{"case": "c{n}", "candidate": "{name}", "label": "{label}"}}\n'
            for n in range(10)
            for name, label in (("kind", "pass"), ("curt", "fail"))
        ),
        encoding="utf-8",
    )
    seen = judged_again(folder, [], labels=labels)
    found = {(one.a, one.b): one for one in judging(seen).agreements}
    assert value(found["fair", "people"].kappa) == 1.0
    assert value(found["mild", "people"].kappa) == 0.0
    assert "Cohen's kappa" in seen.markdown()


def test_a_judge_that_is_a_candidate_is_flagged(folder: Path) -> None:
    own = "scripted:Rating: [[7]]"
    seen = compared(folder, [own, "scripted:No."], asked(2, TONE), [own])
    assert any("judged its own replies" in text for text in seen.view.warnings)


def test_judges_and_their_figures_are_in_every_form(folder: Path) -> None:
    seen = compared(folder, [KIND, CURT], asked(6, TONE, BETTER), [FAIR, says("first", first_wins)])
    for text in (seen.table(), seen.markdown(), seen.html()):
        assert "Judges" in text
        assert "position bias" in text
        assert "verbosity bias" in text
    told = json.loads(seen.json())
    jsonschema.validate(told, json.loads(export.schema()))
    assert [one["judge"] for one in told["judging"]["judges"]] == ["fair", "first"]


def test_another_model_by_the_same_name_judges_all_anew(folder: Path) -> None:
    compared(folder, [KIND, CURT], asked(2, TONE), ["scripted:Rating: [[9]]"])
    renamed = says("scripted:Rating: [[9]]", "Rating: [[1]]")
    assert scores(judged_again(folder, [renamed]))["kind"] == [0.0, 0.0]


@pytest.mark.parametrize("options", [{}, {"against": "nobody"}])
def test_what_cannot_be_judged_is_refused(folder: Path, options: dict[str, str]) -> None:
    compared(folder, [KIND, CURT], asked(2, TONE))
    with pytest.raises((OptionError, UnknownNameError)):
        judged_again(folder, [FAIR] if options else [], **options)


def test_a_run_without_rubrics_is_not_judged(folder: Path) -> None:
    compared(folder, [KIND, CURT], asked(2, grade=lambda *_: Score(value=1.0, because="")))
    with pytest.raises(OptionError, match="no case of run 'run' has a rubric"):
        judged_again(folder, [FAIR])


def test_the_checks_of_a_case_and_its_judges_count_by_their_weights(folder: Path) -> None:
    mechanical = asked(
        2,
        TONE,
        grade=lambda case, text, fence: Score(value=float("well" in text), because="well"),
        fields={"checks_weight": "3"},
    )
    seen = compared(folder, [KIND, CURT], mechanical, [FAIR])
    assert scores(seen) == {"kind": [1.0] * 2, "curt": [0.0] * 2}
    polite = says("polite", "Thanks.")
    assert scores(compared(folder.parent / "b", [polite, CURT], mechanical, [FAIR])) == {
        "polite": [0.25] * 2,
        "curt": [0.0] * 2,
    }


def test_a_judges_answer_that_was_cut_off_holds_no_verdict(folder: Path) -> None:
    cut = says("cut", lambda _: Reply(text="Rating: [[9]]", finish="length"))
    assert scores(compared(folder, [KIND, CURT], asked(1, TONE), [cut]))["kind"] == [None]


def test_what_each_judge_said_is_kept_with_the_reply_in_every_form(folder: Path) -> None:
    seen = compared(folder, [KIND, CURT], asked(2, TONE, BETTER), [FAIR])
    for trial in seen.trials:
        tone, better = seen.heard[trial.key].parts
        assert [one.text.splitlines()[0] for one in tone.spoken] == ["I counted the thanks."]
        assert [one.shown_first for one in better.spoken] == [trial.key.candidate == "kind"] * 1 + [
            trial.key.candidate != "kind"
        ]
        assert isinstance(trial.grade, Score)
        assert seen.heard[trial.key].share == trial.grade.value
    rows = json.loads(seen.json())["trials"]
    assert [len(row["judged"][1]["spoken"]) for row in rows] == [2] * 4
    assert "I counted the thanks." in seen.markdown()
    assert seen.to_polars()["judged"][0].len() == 2


def test_a_run_without_judges_has_nothing_to_tell(folder: Path) -> None:
    assert compared(folder, [KIND, CURT], asked(2, TONE)).heard == {}
