"""What was found of each candidate's limits, in words, in a table and as data."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from statistics import fmean
from typing import Final

import visavis
from visavis.core.candidate import Candidate
from visavis.measure.limits.found import (
    SCHEMA,
    SCHEMA_VERSION,
    Asked,
    Context,
    Cutoff,
    Ends,
    Length,
    Limits,
    LimitsFile,
    Needle,
    NotBefore,
    Output,
    Recall,
    Seen,
    Undecided,
)
from visavis.measure.limits.needle import DEPTHS
from visavis.measure.limits.probe import Findings, Plan, Sought
from visavis.report.documents import document
from visavis.report.text import Numbers, counted, line
from visavis.stats.change_point import Fall, NoFall, TooLow, fall
from visavis.stats.estimate import Estimate, TooFew
from visavis.stats.proportion import share

_NUM: Final = Numbers("en")
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """One candidate, what was asked of it and what came of that."""

    candidate: Candidate
    plan: Plan
    findings: Findings
    stated: str = ""
    """Whose statement the plan's `claimed` is."""
    requests: int = 0
    reused: int = 0
    since: str
    """When the oldest reply came, ISO 8601."""
    usd: float = 0.0

    @property
    def slot_tokens(self) -> int | None:
        """Of a local engine, what we gave it, where its file takes more or does not say."""
        return None if self.plan.slot == self.plan.claimed else self.plan.slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Facts hidden in texts of one length."""

    tokens: int
    """As the server counted, on average; as planned where it does not count."""
    cells: tuple[tuple[int, int], ...]
    """Found, and replies, by depth."""
    share: Estimate | TooFew
    failed: int


def rows(findings: Findings) -> tuple[Row, ...]:
    """By length, the shortest first."""
    lengths = sorted({one.needle.tokens for one in findings.sought})
    return tuple(_row([o for o in findings.sought if o.needle.tokens == n], n) for n in lengths)


def _row(sought: Sequence[Sought], planned: int) -> Row:
    counted = [one.counted for one in sought if one.counted is not None]
    replies = [one for one in sought if one.found is not None]
    return Row(
        tokens=round(fmean(counted)) if counted else planned,
        cells=tuple(
            (sum(one.found is True for one in at), len(at))
            for at in ([o for o in replies if o.needle.depth == depth] for depth in DEPTHS)
        ),
        share=share([[float(one.found is True)] for one in replies]),
        failed=len(sought) - len(replies),
    )


def found_up_to(table: Sequence[Row]) -> tuple[int, ...]:
    """By depth, the longest text in which, as in all shorter ones, most facts are found; 0 where
    that holds of none."""
    return tuple(_up_to(table, column) for column in range(len(DEPTHS)))


def _up_to(table: Sequence[Row], column: int) -> int:
    reached = 0
    for row in table:
        found, asked = row.cells[column]
        if not asked or found / asked <= _HALF:
            break
        reached = row.tokens
    return reached


def cutoff(findings: Findings) -> Fall | NoFall | TooLow:
    """When the share of facts that are known falls; moments are days of the calendar."""
    known = [(float(r.fact.date.toordinal()), r.known) for r in findings.recalled]
    return fall([(day, known) for day, known in known if known is not None])


# --- words --------------------------------------------------------------------------------------


def told(probed: Probed) -> Iterator[str]:
    """All but the table of hidden facts, a line each."""
    yield line(probed.candidate.name)
    found = probed.findings
    if found.context is not None:
        yield f"  context  {_context(probed)}"
    if found.sought:
        yield f"  needle   {_needle(found)}"
    if found.wrote:
        yield f"  output   {_output(found)}"
    if found.recalled:
        yield f"  cutoff   {_cutoff(found)}"
    for what, why in found.unfinished.items():
        yield f"  {what} was not brought to its end: {line(why)}"
    cost = f", {_NUM.usd(probed.usd)}" if probed.usd else ""
    reused = f", {counted(probed.reused)} replies of earlier times" if probed.reused else ""
    yield f"  {requests(probed.requests)}{cost}{reused}"


def requests(n: int) -> str:
    return f"{counted(n)} request{'s' * (n != 1)}"


def _context(probed: Probed) -> str:
    bracket = probed.findings.context
    assert bracket is not None
    if not bracket.accepted:
        return "no prompt was accepted"
    said = f"{counted(bracket.accepted)} tokens of prompt accepted"
    if bracket.refused is None:
        said += ", the longest that was tried" if probed.findings.unfinished == {} else ""
    elif probed.findings.cut_to is not None:
        said += f"; longer ones are cut without a word, to {counted(probed.findings.cut_to)}"
    else:
        said += f", about {counted(bracket.refused)} refused"
    if probed.slot_tokens is not None:
        said += f"; the slot of {counted(probed.slot_tokens)} tokens is ours"
    elif bracket.hint is not None and bracket.hint != probed.plan.claimed:
        said += f"; the server says {counted(bracket.hint)}"
    if probed.plan.claimed is not None:
        said += f"; stated: {counted(probed.plan.claimed)} ({line(probed.stated)})"
    return said


def _needle(found: Findings) -> str:
    table = rows(found)
    if any(not asked for _, asked in table[0].cells):
        return "too few replies to tell"
    reached = min(found_up_to(table))
    if reached == table[-1].tokens:
        return f"mostly found at every depth up to {counted(reached)} tokens, the longest tried"
    if reached:
        return f"mostly found at every depth up to {counted(reached)} tokens"
    return "not found at every depth even in the shortest text"


def heads() -> tuple[str, ...]:
    """Of the table of hidden facts."""
    return ("tokens", *(f"{_NUM.share(depth)} deep" for depth in DEPTHS), "found", "95 % interval")


def table(found: Findings) -> Iterator[tuple[str, ...]]:
    """Found of asked by depth, then over all depths."""
    for row in rows(found):
        cells = (f"{hit}/{asked}" for hit, asked in row.cells)
        failed = f" ({row.failed} without reply)" if row.failed else ""
        if isinstance(row.share, TooFew):
            yield (f"{counted(row.tokens)}", *cells, f"–{failed}", "")
        else:
            low, high = _NUM.share(row.share.low), _NUM.share(row.share.high)
            yield (
                f"{counted(row.tokens)}",
                *cells,
                _NUM.share(row.share.value) + failed,
                f"{low} to {high}",
            )


def _output(found: Findings) -> str:
    most = max(found.wrote, key=lambda wrote: wrote.tokens or 0)
    size = (
        "length not counted by the server"
        if most.tokens is None
        else f"{counted(most.tokens)} tokens"
    )
    tries = f", the longest of {len(found.wrote)}" if len(found.wrote) > 1 else ""
    return (
        f"{size}{tries}; ended by {most.ended}, {counted(most.asked)} asked for; "
        f"counted {counted(most.numbers)} numbers in order"
    )


def _cutoff(found: Findings) -> str:
    judged = cutoff(found)
    if isinstance(judged, Fall):
        return (
            f"{_day(judged.at)} ({_day(judged.low)} to {_day(judged.high)}): knows "
            f"{_NUM.share(judged.before)} of facts before, {_NUM.share(judged.after)} after, "
            f"of {judged.n}"
        )
    if isinstance(judged, NoFall):
        return (
            f"not before {_day(judged.low)}: knows {_NUM.share(judged.share)} of {judged.n} facts, "
            "to the end of our list"
        )
    return (
        f"undecided: knows {_NUM.share(judged.share)} of {judged.n} facts, too few to tell when "
        "that ends (or it ends before our list begins)"
    )


def _day(moment: float) -> str:
    return _date(moment).isoformat()


def _date(moment: float) -> date:
    return date.fromordinal(round(moment))


# --- data ---------------------------------------------------------------------------------------


def as_json(all_probed: Sequence[Probed]) -> bytes:
    """The file that `show --limits` and others read: tokens, shares from 0 to 1, ISO days."""
    return document(
        LimitsFile(
            schema=SCHEMA,
            schema_version=SCHEMA_VERSION,
            visavis=visavis.__version__,
            candidates=tuple(map(limits, all_probed)),
        )
    )


def limits(probed: Probed) -> Limits:
    """What was found of one candidate, as data."""
    who, plan, findings = probed.candidate, probed.plan, probed.findings
    assert who.kind != "recorded"  # those were refused: they have no limits to find
    return Limits(
        candidate=who.name,
        kind=who.kind,
        route=who.route,
        model=who.model,
        snapshot=who.snapshot,
        system=who.system,
        quantisation=who.quantisation,
        measured_on=date.fromisoformat(probed.since[:10]),
        asked=Asked(
            what=plan.what,
            repeats=plan.repeats,
            output_tokens=plan.output_tokens,
            seed=plan.seed,
        ),
        requests=probed.requests,
        reused=probed.reused,
        usd=probed.usd,
        unfinished=findings.unfinished,
        context=_context_data(probed),
        needle=_needle_data(findings),
        output=tuple(Output(**asdict(wrote)) for wrote in findings.wrote),
        cutoff=_cutoff_data(findings),
    )


def _context_data(probed: Probed) -> Context | None:
    bracket = probed.findings.context
    if bracket is None:
        return None
    return Context(
        accepted_tokens=bracket.accepted,
        refused_tokens=bracket.refused,
        longest_tried_tokens=bracket.longest,
        cut_to_tokens=probed.findings.cut_to,
        server_states_tokens=bracket.hint,
        stated_tokens=probed.plan.claimed,
        slot_tokens=probed.slot_tokens,
        tries=bracket.tries,
    )


def _needle_data(findings: Findings) -> Needle | None:
    made = rows(findings)
    if not made:
        return None
    return Needle(
        depths=DEPTHS,
        found_up_to_tokens=found_up_to(made),
        lengths=tuple(
            Length(
                tokens=row.tokens,
                cells=row.cells,
                share=_seen(row.share) if isinstance(row.share, Estimate) else None,
                failed=row.failed,
            )
            for row in made
        ),
    )


def _seen(share: Estimate) -> Seen:
    return Seen(value=share.value, low=share.low, high=share.high, n=share.n, method=share.method)


def _cutoff_data(findings: Findings) -> Cutoff | None:
    if not findings.recalled:
        return None
    judged = cutoff(findings)
    facts = tuple(
        Recall(date=one.fact.date, question=one.fact.question, known=one.known, said=one.said)
        for one in findings.recalled
    )
    match judged:
        case Fall():
            days = {name: _date(getattr(judged, name)) for name in ("at", "low", "high")}
            return Ends(
                **days,
                before=judged.before,
                after=judged.after,
                n=judged.n,
                method=judged.method,
                facts=facts,
            )
        case NoFall():
            low = _date(judged.low)
            return NotBefore(low=low, share=judged.share, n=judged.n, facts=facts)
        case TooLow():
            return Undecided(share=judged.share, n=judged.n, facts=facts)
