"""Every case with what each candidate made of it, in words but for the texts themselves.

Questions, keys and replies are passed on as they are: escaping belongs to whoever shows them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from visavis.core.outcome import CLIP, Evidence, Failure, Reply, Score, Unscored
from visavis.core.prompt import Image, Message
from visavis.core.trial import Trial, TrialKey
from visavis.measure.store import StoredCase
from visavis.options import Language
from visavis.report.language import N_, Words
from visavis.report.run_facts import RunFacts
from visavis.report.text import Numbers

Mark = Literal["solved", "partly", "wrong", "unparsed", "ungraded", "failed"]

MARKS: dict[Mark, str] = {
    "solved": N_("solved"),
    "partly": N_("partly solved"),
    "wrong": N_("wrong"),
    "unparsed": N_("unparsed"),
    "ungraded": N_("ungraded"),
    "failed": N_("failed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyView:
    """What came of one trial."""

    candidate: int
    """Its place among the run's candidates."""
    mark: Mark
    because: str
    """Why it was graded so, or why it failed."""
    text: str
    reasoning: str
    measured: str
    """Tokens, times and price, where known, and whether it was cut off or reused."""
    shots: tuple["Shot", ...] = ()
    """What the checks saw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A picture that a check kept."""

    name: str
    holds: bool
    """Whether what it shows holds."""
    moves: bool
    png: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One case and all its replies, in the candidates' order, then by repeat."""

    benchmark: str
    case: str
    question: str
    target: str
    prompt: str
    """As `sent` has it."""
    replies: tuple[ReplyView, ...]


def exchanges(run: RunFacts, trials: Sequence[Trial], lang: Language) -> tuple[Exchange, ...]:
    """Every case that has a trial, in the order asked."""
    places = {candidate.name: place for place, candidate in enumerate(run.spec.candidates)}
    own: dict[tuple[str, str], list[Trial]] = {}
    for trial in trials:
        own.setdefault((trial.key.benchmark, trial.key.case), []).append(trial)
    return tuple(
        _exchange(benchmark, stored, own[benchmark, stored.case.id], places, run.pictures, lang)
        for benchmark, cases in run.cases.items()
        for stored in cases
        if (benchmark, stored.case.id) in own
    )


def _exchange(
    benchmark: str,
    asked: StoredCase,
    trials: list[Trial],
    places: Mapping[str, int],
    pictures: Mapping[TrialKey, tuple[Evidence, ...]],
    lang: Language,
) -> Exchange:
    trials.sort(key=lambda trial: (places[trial.key.candidate], trial.key.repeat))
    return Exchange(
        benchmark=benchmark,
        case=asked.case.id,
        question=asked.case.question,
        target=asked.case.target,
        prompt=sent(asked),
        replies=tuple(
            replace(
                _reply(trial, places[trial.key.candidate], lang),
                shots=tuple(shots(trial, pictures.get(trial.key, ()))),
            )
            for trial in trials
        ),
    )


def sent(asked: StoredCase) -> str:
    """All that was sent, roles named; empty where it is the question alone."""
    messages = asked.prompt.messages
    pictures = any(message.images for message in messages)
    if not pictures and [message.content for message in messages] == [asked.case.question]:
        return ""
    return "\n\n".join(map(_turn, messages))


def _turn(message: Message) -> str:
    """One message; of its pictures, what they are and where they stand."""
    shown = [f"[{' '.join(_described(image))}]" for image in message.images]
    return "\n".join([f"[{message.role}]", message.content, *shown])


def _described(image: Image) -> Iterable[str]:
    if image.mark:
        yield image.mark
    yield image.media_type
    if image.pixels is not None:
        yield "{}×{}".format(*image.pixels)


def shots(trial: Trial, pictures: Iterable[Evidence]) -> Iterable[Shot]:
    """Pictures with what became of the requirement that each is of."""
    marks = trial.grade.marks if isinstance(trial.grade, Score) else {}
    for one in pictures:
        name = one.name.removesuffix(CLIP)
        moves = name != one.name
        yield Shot(name=name, holds=marks.get(name, 0.0) >= 1.0, moves=moves, png=one.data)


def mark(trial: Trial) -> Mark:
    """What became of a trial, in one word."""
    match trial.grade:
        case None:
            return "failed" if isinstance(trial.outcome, Failure) else "ungraded"
        case Unscored():
            return "ungraded"
        case Score(value=value) if value >= 1:
            return "solved"
        case Score(value=value) if value > 0:
            return "partly"
        case Score(read=None):
            return "unparsed"
        case Score():
            return "wrong"


def _reply(trial: Trial, place: int, lang: Language) -> ReplyView:
    outcome = trial.outcome
    match outcome:
        case Reply():
            return ReplyView(
                candidate=place,
                mark=mark(trial),
                because=trial.grade.because if trial.grade else "",
                text=outcome.text if outcome.refusal is None else outcome.text or outcome.refusal,
                reasoning=outcome.reasoning or "",
                measured=", ".join(_measured(trial, outcome, lang)),
            )
        case Failure():
            return ReplyView(
                candidate=place,
                mark="failed",
                because=f"{Words(lang)(outcome.kind)}: {outcome.detail}",
                text="",
                reasoning="",
                measured=", ".join(_measured(trial, None, lang)),
            )


def _measured(trial: Trial, reply: Reply | None, lang: Language) -> Iterable[str]:
    _, num = Words(lang), Numbers(lang)
    if reply is not None and reply.truncated:
        yield _("cut off at its longest")
    if isinstance(trial.grade, Score) and 0 < trial.grade.value < 1:
        yield _("score {share}", share=num.share(trial.grade.value))
    if reply is not None and reply.usage is not None:
        n = reply.usage.output_tokens
        yield _.plural("{n} token", "{n} tokens", n, n=num.count(n))
    if reply is not None and reply.stamps is not None:
        yield num.seconds(reply.stamps.total_s)
    if trial.usd is not None:
        yield num.usd(trial.usd)
    if trial.reused:
        yield _("reused from an earlier run")
