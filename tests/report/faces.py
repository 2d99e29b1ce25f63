"""Runs with published figures, for what is shown face to face."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from tests.report.fixtures import CANDIDATES, JUDGEMENT, QWEN, ROWS, RUN, SPEC, TRIALS, est
from visavis.options import Language
from visavis.report.face import Face, FaceRow
from visavis.report.run_facts import RunFacts
from visavis.report.view import View, view
from visavis.verdict.claims import HERE, Checked, Claim, Known, Source, check
from visavis.verdict.compare import Gap, Judgement, MeasureRow
from visavis.verdict.decide import Alike, Prefer

BLOG = Source(name="blog", title="Which <b>model</b>?", published="2026-10-01")
OTHER = Source(name="other", title="Another", published="")
EVALPLUS = "humaneval@evalplus"


def claim(
    criterion: str, value: float | str, unit: str = "", *, source: Source = BLOG, protocol: str = ""
) -> Claim:
    return Claim(
        system="m", criterion=criterion, value=value, unit=unit, source=source, protocol=protocol
    )


CLAIMS = (
    claim("parameters", 0.5e9, "parameters"),
    claim("humaneval", 61.6, "percent", protocol=EVALPLUS),
    claim("humaneval", 87.2, "percent"),
    claim("mmlu", 82.0, "percent"),
    claim("output_speed", 99, "tokens/s"),
    claim("output_speed", 182.6, "tokens/s", source=OTHER),
    claim("case_zorks", "pass"),
    claim("price_input", 0.000195, "USD/1k tokens"),
    claim("safety", "RLHF"),
)


def known_of(claim: Claim) -> Sequence[Known]:
    """What the fixture's run has measured of its first candidate, and what its file says."""
    if claim.criterion == "humaneval":
        return [
            Known(
                value=0.5625,
                low=0.3318,
                high=0.769,
                source=HERE,
                as_of="2026-11-21",
                protocol=EVALPLUS,
            )
        ]
    if claim.criterion == "price_input":
        return [Known(value=0.15, source="a list", as_of="2026-11-21")]
    return []


def checked(candidate: str = QWEN) -> tuple[Checked, ...]:
    return check(CLAIMS, known_of, candidate)


RUN_WITH_CLAIMS = replace(RUN, claims=checked())


def shown(run: RunFacts = RUN_WITH_CLAIMS, lang: Language = "en") -> View:
    return view(JUDGEMENT, run, TRIALS, lang)


def rows_of(face: Face) -> dict[str, FaceRow]:
    return {row.label: row for group in face.groups for row in group.rows}


NAMES = (
    "gpt-4o",
    "gpt-4o-mini",
    "llama",
    "a-model-with-a-very-long-name-indeed-v2.5-instruct-q4_k_m",
    "five",
    "six",
)


def of_many(count: int) -> tuple[Judgement, RunFacts]:
    """As many candidates: the first is better than all, the third and any later one are alike."""
    names = NAMES[:count]
    candidates = tuple(replace(CANDIDATES[n % 2], name=name) for n, name in enumerate(names))
    rows = tuple(_widened(row, names) for row in ROWS)
    run = replace(RUN, spec=replace(SPEC, candidates=candidates), figures={}, claims=())
    return replace(JUDGEMENT, candidates=names, rows=rows), run


def _widened(row: MeasureRow, names: Sequence[str]) -> MeasureRow:
    cells = tuple(replace(row.cells[n % 2], candidate=name) for n, name in enumerate(names))
    gaps = tuple(_gap(row.gaps[0], a, b, names) for a, b in combinations(names, 2))
    return replace(row, cells=cells, gaps=gaps)


def _gap(first: Gap, a: str, b: str, names: Sequence[str]) -> Gap:
    by, verdict = est(0.41, 0.25, 0.57), first.verdict
    if a == names[0]:
        verdict = Prefer(winner=a, by=by)
    elif len(names) > 2 and a == names[2]:
        verdict = Alike(within=0.05, by=by)
    else:
        verdict = ROWS[1].gaps[0].verdict
    return replace(first, a=a, b=b, verdict=verdict)
