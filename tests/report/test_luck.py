"""How far scores rest on luck, in words and as data."""

import io
from dataclasses import replace

import pytest

from tests.report.fixtures import JUDGEMENT, QWEN, RUN, SMOL, TRIALS
from visavis.core.observation import Observation
from visavis.core.prompt import Settings
from visavis.report.export_behind import luck_data
from visavis.report.luck import luck_sentences, luck_tables
from visavis.report.markdown import markdown
from visavis.report.run_facts import RunFacts
from visavis.report.terminal import show
from visavis.report.view import view
from visavis.verdict.compare import Judgement
from visavis.verdict.luck import luck_of
from visavis.verdict.methods import FIXED
from visavis.verdict.tries import sorted_out


def judged(**tries: list[list[float]]) -> Judgement:
    """The judgement of the fixture, as if cases had been tried: by candidate, a list a case."""
    names = {"qwen": QWEN, "smol": SMOL}
    observations = [
        Observation(
            candidate=names[name],
            axis="quality",
            measure="score",
            benchmark="logic",
            unit_id=str(case),
            group=str(case),
            value=value,
        )
        for name, cases in tries.items()
        for case, values in enumerate(cases)
        for value in values
    ]
    return replace(JUDGEMENT, luck=luck_of(sorted_out(observations, FIXED), [QWEN, SMOL]))


MIXED = judged(
    qwen=[[1, 1, 1, 1], [1, 1, 1, 1], [0, 0, 0, 0], [1, 0, 1, 1]] * 3,
    smol=[[0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]] * 3,
)


def test_the_error_is_told_part_by_part() -> None:
    (table,) = luck_tables(MIXED, "en")
    rows = {row.label: row.cells for row in table.rows}
    assert (table.benchmark, table.by) == ("logic", "luck of the draw")
    here, error = rows["on these very cases"][0], rows["standard error"][0]
    assert (here.value, here.n) == ("69%", "n\u00a0=\u00a012")
    assert (error.interval, error.n) == ("12 cases", "4 tries each")
    luck = rows["of that, from luck of the draw"][0]
    assert luck.interval.startswith("about ")
    assert luck.interval.endswith("% of the variance")
    assert rows["standard error with twice the cases"][0].interval == "24 cases"
    assert rows["standard error with twice the tries"][0].n == "8 tries each"


def test_a_gap_that_luck_does_not_explain_is_told_from_one_that_it_may() -> None:
    (clear,) = luck_sentences(MIXED, RUN, "en")
    assert "logic, qwen2.5-coder-0.5b less smollm2-135m: +62 points on these very" in clear.text
    assert "which luck alone does not explain. More cases would narrow it, more tries hardly" in (
        clear.text
    )
    assert clear.kind == "luck"
    (close,) = luck_sentences(
        judged(qwen=[[1, 0], [0, 1]] * 3, smol=[[0, 0], [1, 0]] * 3), RUN, "en"
    )
    assert "which may be luck. More cases or more tries would narrow it" in close.text


def test_a_pair_in_which_one_was_not_tried_again_has_no_sentence() -> None:
    alone = judged(qwen=[[1, 0], [0, 1]], smol=[[1], [0]])
    assert luck_sentences(alone, RUN, "en") == ()
    (table,) = luck_tables(alone, "en")
    assert table.rows[0].cells[1].value == "not asked"


STEADY = judged(qwen=[[1, 1], [0, 0]], smol=[[1, 1], [0, 0]])


def test_where_no_try_differs_it_says_why_that_may_be() -> None:
    (said,) = luck_sentences(STEADY, RUN, "en")
    assert said.text.startswith("Every try of a case got the same in logic")
    assert "temperature 0" in said.text
    drawn = tuple(
        one._replace(prompt=replace(one.prompt, settings=Settings(max_tokens=8, temperature=0.5)))
        for one in RUN.cases["logic"]
    )
    warm: RunFacts = replace(RUN, cases={"logic": drawn})
    assert "temperature" not in luck_sentences(STEADY, warm, "en")[0].text
    (table,) = luck_tables(STEADY, "en")
    assert table.rows[0].cells[0].interval == ""


def test_where_all_is_solved_there_is_no_variance_to_divide() -> None:
    (table,) = luck_tables(judged(qwen=[[1, 1], [1, 1]], smol=[[1, 0], [0, 0]]), "en")
    rows = {row.label: row.cells for row in table.rows}
    assert rows["of that, from luck of the draw"][0].interval == ""
    (said,) = luck_sentences(judged(qwen=[[1, 1], [1, 1]], smol=[[1, 0], [0, 0]]), RUN, "en")
    assert said.kind == "luck"


def test_a_gap_without_any_luck_is_told_without_an_interval() -> None:
    """Of three, two never vary: their gap has no luck in it, though the third has some."""
    (luck,) = judged(qwen=[[1, 1], [0, 0]], smol=[[0, 0], [0, 0]]).luck
    (other,) = MIXED.luck
    mixed = replace(JUDGEMENT, luck=(replace(luck, one=other.one),))
    assert "+50.0 points on these very cases." in luck_sentences(mixed, RUN, "en")[0].text


def test_every_form_of_the_report_shows_it() -> None:
    seen = view(MIXED, RUN, TRIALS, "en")
    out = io.StringIO()
    show(seen, out, columns=100)
    assert "~ logic, qwen2.5-coder-0.5b less smollm2-135m" in out.getvalue()
    assert "of that, from luck of the draw" in markdown(seen)


def test_a_run_of_single_tries_says_nothing_of_luck() -> None:
    assert luck_sentences(JUDGEMENT, RUN, "en") == ()
    assert luck_tables(JUDGEMENT, "en") == ()
    assert list(luck_data(JUDGEMENT)) == []


def test_it_is_data_too() -> None:
    one, other, pair = luck_data(MIXED)
    assert (one.candidate, one.less, pair.candidate, pair.less) == (QWEN, None, QWEN, SMOL)
    assert one.error**2 == pytest.approx(one.error_of_cases**2 + one.error_of_luck**2)
    assert pair.on_these_cases.value == pytest.approx(
        (one.on_these_cases.value or 0) - (other.on_these_cases.value or 0)
    )
