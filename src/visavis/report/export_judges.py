"""What is known of a run's judges as data: a part of what `results.schema.json` describes."""

from dataclasses import dataclass

from visavis.report.export_behind import EstimateData, estimate_data
from visavis.report.run_facts import RunFacts
from visavis.scoring.judge_figures import Agreement, JudgeFigures, Kin
from visavis.stats.estimate import Estimate, TooFew


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeData:
    """One model that judged replies. Figures of pairs are null where it judged none."""

    judge: str
    asked: int
    failed: int
    """Of these, without a verdict that could be read."""
    ties: EstimateData | None
    """Share of pairs called a tie, contradictions included."""
    contradictions: EstimateData | None
    """Share of pairs in which the reply shown first won, or lost, in both orders."""
    position_bias: EstimateData | None
    """What a reply wins shown first, less what it wins shown second."""
    verbosity_bias: EstimateData
    """What the longer of two replies wins, less one half."""
    usd: float | None
    """Paid in this run; null where no price is known."""
    charged_usd: float
    """Perhaps paid beside that, at most: requests without a price to show for them."""
    input_tokens: int
    output_tokens: int
    total_s: float | None
    """Mean time of an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementData:
    """How far two judges agree, or a judge with people."""

    a: str
    b: str
    same: EstimateData
    """Share of things of which they said the very same."""
    kappa: EstimateData
    """Cohen's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgingData:
    """All that is known of the judges of a run."""

    judges: tuple[JudgeData, ...]
    agreements: tuple[AgreementData, ...]
    kin: tuple[Kin, ...]


def judging_data(run: RunFacts) -> JudgingData | None:
    """None where no model judged."""
    judging = run.judging
    if judging is None:
        return None
    return JudgingData(
        judges=tuple(map(_judge, judging.judges)),
        agreements=tuple(map(_agreement, judging.agreements)),
        kin=judging.kin,
    )


def _judge(one: JudgeFigures) -> JudgeData:
    return JudgeData(
        judge=one.judge,
        asked=one.asked,
        failed=one.failed,
        ties=_of_pairs(one.ties),
        contradictions=_of_pairs(one.contradictions),
        position_bias=_of_pairs(one.position_bias),
        verbosity_bias=estimate_data(one.verbosity_bias),
        usd=one.usd,
        charged_usd=one.charged_usd,
        input_tokens=one.input_tokens,
        output_tokens=one.output_tokens,
        total_s=one.total_s,
    )


def _of_pairs(found: Estimate | TooFew | None) -> EstimateData | None:
    return None if found is None else estimate_data(found)


def _agreement(one: Agreement) -> AgreementData:
    return AgreementData(
        a=one.a, b=one.b, same=estimate_data(one.raw), kappa=estimate_data(one.kappa)
    )
