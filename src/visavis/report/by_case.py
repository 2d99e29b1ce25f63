"""Cases of one's own, one by one: who passed which, and why not, before any table of scores."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from visavis.core.outcome import Failure, Score
from visavis.core.trial import Trial
from visavis.options import Language
from visavis.report.language import Words
from visavis.report.retold import retold
from visavis.report.text import Numbers, line

MOST_ROWS = 30
"""Beyond, only cases that somebody did not pass are shown, so many of them."""
_LONGEST = 160
"""Characters of a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByCase:
    """A table of cases, ready to be printed."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: str
    """What is said of the cases that are not shown; empty where all are."""


def by_case(trials: Iterable[Trial], names: Sequence[str], lang: Language) -> ByCase:
    """One row a case. Of a single candidate the row says also what was wrong."""
    _ = Words(lang)
    cases: dict[str, dict[str, list[Trial]]] = {}
    for trial in trials:
        cases.setdefault(trial.key.case, {}).setdefault(trial.key.candidate, []).append(trial)
    shown = cases
    if len(cases) > MOST_ROWS:
        hard = [case for case, of in cases.items() if not all(map(_passed, of.values()))]
        shown = {case: cases[case] for case in hard[:MOST_ROWS]}
    reasons = (_("why"),) if len(names) == 1 else ()
    left = len(cases) - len(shown)
    told = _.plural("{n} more case: on the page", "{n} more cases: on the page", left, n=left)
    return ByCase(
        heads=(_("case"), *map(line, names), *reasons),
        rows=tuple(_row(case, of, names, lang) for case, of in shown.items()),
        left_out=told if left else "",
    )


def _row(
    case: str, of: Mapping[str, list[Trial]], names: Sequence[str], lang: Language
) -> tuple[str, ...]:
    marks = tuple(_mark(of.get(name, []), lang) for name in names)
    reasons = (_reason(of.get(names[0], []), lang),) if len(names) == 1 else ()
    return (line(case), *marks, *reasons)


def _passed(trials: Sequence[Trial]) -> bool:
    return all(isinstance(one.grade, Score) and one.grade.value == 1 for one in trials)


def _mark(trials: Sequence[Trial], lang: Language) -> str:
    """`pass`, `fail`, a share of several tries or of a mark, or why there is none."""
    _ = Words(lang)
    scores = [one.grade.value for one in trials if isinstance(one.grade, Score)]
    if not trials:
        return "–"
    if not scores:
        failed = all(isinstance(one.outcome, Failure) for one in trials)
        return _("failure") if failed else _("unscored")
    mean = sum(scores) / len(scores)
    if mean in (0.0, 1.0):
        return _("pass") if mean else _("fail")
    return Numbers(lang).share(mean)


def _reason(trials: Sequence[Trial], lang: Language) -> str:
    """Of the first try that was not right."""
    _ = Words(lang)
    for one in trials:
        match one.outcome, one.grade:
            case Failure(kind=kind, detail=detail), _:
                return _short(_("{label}: {value}", label=_(kind), value=retold(detail, lang).text))
            case _, Score(value=1):
                continue
            case _, grade if grade is not None:
                return _short(retold(grade.because, lang).text)
    return ""


def _short(text: str) -> str:
    plain = line(text)
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"
