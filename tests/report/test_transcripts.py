"""What of a prompt is shown."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from tests.report import fixtures
from visavis.core.outcome import Evidence, Score
from visavis.core.prompt import Image, Message, Prompt, Settings
from visavis.core.trial import Trial
from visavis.measure.store import StoredCase
from visavis.report.run_facts import RunFacts
from visavis.report.transcripts import Exchange, Exchanges, tried


def exchanges(run: RunFacts, trials: Iterable[Trial]) -> tuple[Exchange, ...]:
    return tuple(Exchanges(run=run, tried=partial(tried, run, trials)))


def shown(content: str, *images: Image) -> str:
    """The prompt of a transcript, as text."""
    stored = fixtures.CASES["logic"][0]
    message = Message(role="user", content=content, images=images)
    prompt = Prompt(messages=(message,), settings=Settings(max_tokens=9))
    cases = {"logic": (StoredCase(stored.case, prompt),)}
    (exchange, *_) = exchanges(replace(fixtures.RUN, cases=cases), fixtures.TRIALS)
    return exchange.prompt


def test_of_pictures_it_is_told_what_they_are_and_where_they_stand() -> None:
    named = Image(media_type="image/png", data=b"", mark="<image 1>", pixels=(640, 480))
    other = Image(media_type="image/jpeg", data=b"")
    assert shown("<image 1> or the other?", named, other) == (
        "[user]\n<image 1> or the other?\n[<image 1> image/png 640×480]\n[image/jpeg]"
    )


def test_a_picture_is_told_of_even_where_the_text_is_the_question_alone() -> None:
    question = fixtures.QUESTIONS["logic"]
    assert shown(question) == ""
    assert shown(question, Image(media_type="image/gif", data=b"")).endswith("\n[image/gif]")


def test_frames_are_shown_with_what_became_of_their_requirement() -> None:
    first = fixtures.TRIALS[0]
    marks = MappingProxyType({"ball": 1.0, "aim": 0.0})
    trial = replace(first, grade=Score(value=0.5, because="one of two", marks=marks))
    pictures = {
        trial.key: tuple(
            Evidence(name=name, media_type="image/png", data=b"png")
            for name in ("ball", "aim", "aim clip")
        )
    }
    run = replace(fixtures.RUN, pictures=pictures)
    (exchange, *_) = exchanges(run, [trial])
    (reply,) = exchange.replies
    assert [(shot.name, shot.holds, shot.moves) for shot in reply.shots] == [
        ("ball", True, False),
        ("aim", False, False),
        ("aim", False, True),
    ]
