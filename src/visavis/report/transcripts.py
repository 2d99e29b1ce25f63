"""Every case with what each candidate made of it: texts, and figures that a page puts into words.

Questions, keys and replies are passed on as they are: escaping belongs to whoever shows them.
Nothing here is in a language, so a page in two languages holds each text once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from visavis.core.outcome import CLIP, Evidence, Failure, FailureKind, Reply, Score
from visavis.core.prompt import Image, Message
from visavis.core.trial import Trial
from visavis.measure.store import StoredCase, Tried
from visavis.report.marks import Mark, mark
from visavis.report.run_facts import RunFacts
from visavis.scoring.heard import Heard


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What is known of a trial beside its texts."""

    output_tokens: int | None
    total_s: float | None
    usd: float | None
    score: float | None
    """Of a reply that was partly right."""
    truncated: bool
    reused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyView:
    """What came of one trial."""

    candidate: int
    """Its place among the run's candidates."""
    mark: Mark
    failure: FailureKind | None
    """None where a reply came."""
    because: str
    """Why it was graded so, or what is known of the failure."""
    text: str
    reasoning: str
    measured: Measured
    shots: tuple["Shot", ...] = ()
    """What the checks saw."""
    heard: Heard | None = None
    """What judges said of it, where any were to judge it."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchanges:
    """Every case that has a trial, in the order asked. They may be too many to be held, so they
    are made anew each time that somebody goes through them."""

    run: RunFacts
    tried: Callable[[], Iterable[Tried]]

    def __iter__(self) -> Iterator[Exchange]:
        places = {candidate.name: place for place, candidate in enumerate(self.run.spec.candidates)}
        for one in self.tried():
            if one.trials:
                yield _exchange(one, places, self.run)


def tried(run: RunFacts, trials: Iterable[Trial]) -> Iterator[Tried]:
    """The cases of a run with their trials, where all of them are held."""
    own: dict[tuple[str, str], list[Trial]] = {}
    for trial in trials:
        own.setdefault((trial.key.benchmark, trial.key.case), []).append(trial)
    for benchmark, cases in run.cases.items():
        for stored in cases:
            yield Tried(benchmark, stored, own.get((benchmark, stored.case.id), []))


def _exchange(one: Tried, places: Mapping[str, int], run: RunFacts) -> Exchange:
    case, pictures, heard = one.asked.case, run.pictures, run.heard
    trials = sorted(one.trials, key=lambda trial: (places[trial.key.candidate], trial.key.repeat))
    return Exchange(
        benchmark=one.benchmark,
        case=case.id,
        question=case.question,
        target=case.target,
        prompt=sent(one.asked),
        replies=tuple(
            _reply(
                trial,
                places[trial.key.candidate],
                pictures.get(trial.key, ()),
                heard.get(trial.key),
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


def _reply(
    trial: Trial, place: int, pictures: Iterable[Evidence], heard: Heard | None
) -> ReplyView:
    outcome = trial.outcome
    if isinstance(outcome, Failure):
        return ReplyView(
            candidate=place,
            mark="failed",
            failure=outcome.kind,
            because=outcome.detail,
            text="",
            reasoning="",
            measured=_measured(trial, None),
        )
    return ReplyView(
        candidate=place,
        mark=mark(trial),
        failure=None,
        because=trial.grade.because if trial.grade else "",
        text=outcome.text if outcome.refusal is None else outcome.text or outcome.refusal,
        reasoning=outcome.reasoning or "",
        measured=_measured(trial, outcome),
        shots=tuple(shots(trial, pictures)) if pictures else (),
        heard=heard,
    )


def _measured(trial: Trial, reply: Reply | None) -> Measured:
    value = trial.grade.value if isinstance(trial.grade, Score) else 0.0
    return Measured(
        output_tokens=reply.usage.output_tokens if reply and reply.usage else None,
        total_s=reply.stamps.total_s if reply and reply.stamps else None,
        usd=trial.usd,
        score=value if 0 < value < 1 else None,
        truncated=reply is not None and reply.truncated,
        reused=trial.reused,
    )
