"""Candidates that read the published order, candidates that did not, and those that cannot say."""

import json
from collections.abc import Callable, Iterable
from hashlib import sha256
from itertools import product
from pathlib import Path
from random import Random

import msgspec
import pytest

import visavis
from tests.benchmarks.test_mmlu import shots, write
from tests.candidates.likelihood.test_echoed import openai
from tests.fake_models import Request, Step, say, turn_down
from tests.fake_server import FakeServer
from visavis.api.around import Surroundings
from visavis.api.contamination import Examination, examinations, examine, found
from visavis.api.imports import bring
from visavis.benchmarks.mmlu_files import FIELD_OF
from visavis.core.errors import OptionError, UnknownNameError, VisavisError
from visavis.core.fence import NoFence
from visavis.core.outcome import Outcome, Reply
from visavis.core.prompt import Prompt
from visavis.core.trial import Trial, TrialKey
from visavis.measure.plan import Asked
from visavis.options import ContaminationOptions, ImportOptions
from visavis.report.contamination import Examined, judged
from visavis.report.progress import screen

COUNT = 24
WORDS = [
    "".join(parts)
    for parts in product(
        ("bra", "do", "fla", "gri", "ko"), ("mba", "nt", "sto"), "aeou", ("k", "lp")
    )
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Questions of our own in MMLU's form, each with options that nothing sorts; and problems."""
    rng, rows = Random(3), []
    for number in range(3 * COUNT):
        options = [" ".join(rng.choices(WORDS, k=rng.randint(1, 4))) for _ in range(4)]
        rows.append([f"What is {WORDS[number]}?", *options, rng.choice("ABCD")])
    write(tmp_path / "data/mmlu/data/test", "test", {"anatomy": rows})
    write(tmp_path / "data/mmlu/data/dev", "dev", {name: shots(name) for name in FIELD_OF})
    problems = [
        {"question": f"{word}?", "answer": f"So.\n#### {n}"} for n, word in enumerate(WORDS)
    ]
    file = tmp_path / "data/gsm8k/test.jsonl"
    file.parent.mkdir()
    file.write_text("".join(json.dumps(one) + "\n" for one in problems), encoding="utf-8")
    return tmp_path / "data"


def noise(*texts: str) -> float:
    """The same for the same texts, and else anything from 0 to 1."""
    return int.from_bytes(sha256("\n".join(texts).encode()).digest()[:4]) / 2**32


def reader(name: str, *read: str) -> visavis.ScriptedClient:
    """Weighs by chance of its own, but finds what it has read likelier by 2 nats, and then knows
    the answer, too."""

    def weigh(prompt: Prompt) -> Outcome:
        text = prompt.messages[-1].content
        known = [any(text + choice in one for one in read) for choice in prompt.choices]
        if text.endswith("\nAnswer:"):
            asked = text.rpartition("\n\n")[2].removesuffix("\nAnswer:")
            knows = next((one for one in read if asked in one), None)
            known = [knows is not None and f"key{choice}" in knows for choice in prompt.choices]
        logprobs = tuple(
            2.0 * knows - 3 * noise(name, text, choice)
            for knows, choice in zip(known, prompt.choices, strict=True)
        )
        best = prompt.choices[logprobs.index(max(logprobs))]
        return Reply(text=best, logprobs=logprobs)

    return visavis.ScriptedClient(weigh, name=name)


def published(data: Path) -> Iterable[str]:
    """What stands in the files, as a text that somebody might have trained on."""
    import csv

    with (data / "mmlu/data/test/anatomy_test.csv").open(encoding="utf-8", newline="") as rows:
        for question, a, b, c, d, key in csv.reader(rows):
            yield f"{question}\nA. {a}\nB. {b}\nC. {c}\nD. {d}\nkey {key}"
    lines = (data / "gsm8k/test.jsonl").read_text(encoding="utf-8").splitlines()
    yield "\n\n".join("{question}\n{answer}".format(**json.loads(line)) for line in lines)


def planned(
    tmp_path: Path, data: Path, *named: str | visavis.ScriptedClient, on: str, **further: int
) -> tuple[Examination, ...]:
    around = Surroundings(home=tmp_path / "home", environ={})
    options = ContaminationOptions(on=(on,), data=data, **further)  # type: ignore[arg-type]  # the numbers are ints
    return examinations(named, options, around, screen())


def examined(
    tmp_path: Path, data: Path, *named: str | visavis.ScriptedClient, on: str
) -> tuple[Examined, ...]:
    each = (examine(one, screen())[0] for one in planned(tmp_path, data, *named, on=on))
    return judged([one for several in each for one in several])


def test_who_read_the_published_order_is_told_from_who_did_not(tmp_path: Path, data: Path) -> None:
    has, has_not = reader("has read it", *published(data)), reader("somebody else")
    on = f"mmlu:{COUNT},gsm8k:100"
    shown = examined(tmp_path, data, has, has_not, on=on)
    assert [one.stands_out for one in shown] == [True, True, False, False]
    mmlu, gsm8k = shown[:2]
    assert (mmlu.benchmark, mmlu.whole) == ("mmlu", 3 * COUNT)
    assert mmlu.turned is not None
    assert (mmlu.turned.protocol, mmlu.turned.n) == ("mmlu@orig-loglik+turned", COUNT)
    assert all(test.p_value < 0.01 for test in mmlu.tests)
    assert gsm8k.turned is None
    assert gsm8k.weighed is not None
    assert gsm8k.weighed.n == 20


def test_of_200_candidates_that_read_nothing_at_most_5_percent_stand_out(
    tmp_path: Path, data: Path
) -> None:
    (one,) = planned(tmp_path, data, reader("nobody"), on=f"mmlu:{COUNT}")
    (part,) = one.parts
    flagged = 0
    for number in range(200):
        trials = {
            (trial.key.benchmark, trial.key.case): trial
            for asked in part.asked
            for trial in simulated(asked, f"{number}", likes_a=number % 3)
        }
        flagged += judged([found("c", part, trials)])[0].stands_out
    assert flagged <= 10


def simulated(asked: Asked, seed: str, likes_a: float) -> Iterable[Trial]:
    """What somebody answers who goes by chance, and by a liking for the first choice."""
    for case in asked.cases:
        prompt = asked.benchmark.ask(case)
        text = prompt.messages[-1].content
        logprobs = [3 * noise(seed, text, choice) for choice in prompt.choices]
        if asked.benchmark.name.endswith("+turned"):
            logprobs[0] += likes_a
        best = prompt.choices[logprobs.index(max(logprobs))]
        yield Trial(
            key=TrialKey("c", asked.benchmark.name, case.id, 0),
            outcome=Reply(text=best, logprobs=tuple(logprobs)),
            grade=asked.benchmark.grade(case, best, NoFence()),
            usd=None,
        )


def test_what_was_cut_off_is_gone_on_with_and_what_is_there_is_not_asked_again(
    tmp_path: Path, data: Path
) -> None:
    first = reader("the same")
    whole = examined(tmp_path, data, first, on="mmlu:5")
    again = reader("the same")
    assert examined(tmp_path, data, again, on="mmlu:5") == whole
    assert (len(first.asked), again.asked) == (25, [])
    (folder,) = (tmp_path / "home/contamination").iterdir()
    assert (folder / "trials.sqlite").exists()
    assert "resume" not in visavis.load(folder).table()
    (other,) = planned(tmp_path, data, again, on="mmlu:5", seed=1)
    assert other.folder != folder


def test_a_question_that_failed_in_one_order_is_left_out(tmp_path: Path, data: Path) -> None:
    sound = reader("often")
    (first, *_) = planned(tmp_path, data, sound, on="mmlu:6")[0].request.asked[0].cases

    def moody(prompt: Prompt) -> Outcome:
        asked = prompt.messages[-1].content
        if asked == first.question or f"{first.question}\nA. {first.fields['A']}\n" in asked:
            return visavis.Failure(kind="timed out", detail="slow")
        return sound._answer(prompt)  # type: ignore[return-value]  # a whole Reply

    (shown,) = examined(tmp_path, data, visavis.ScriptedClient(moody, name="moody"), on="mmlu:6")
    assert shown.turned is not None
    assert shown.weighed is not None
    assert (shown.turned.n, shown.turned.left_out) == (5, 1)
    assert (shown.weighed.n, shown.weighed.left_out) == (5, 1)


def chat_only(text: str) -> Callable[[Request], Iterable[Step]]:
    """A server that talks, and knows no other way."""

    def model(request: Request) -> Iterable[Step]:
        if "chat" not in request.target:
            return turn_down(404, "This is a chat model")(request)
        return say(text)(request)

    return model


def test_of_a_candidate_that_only_chats_the_answers_orders_are_shown(
    tmp_path: Path, data: Path
) -> None:
    with FakeServer({"m": chat_only("The best answer is B.")}) as server:
        name = f"{server.url}#m"
        (shown,) = examined(tmp_path, data, name, on="mmlu:4,gsm8k:10")
        with pytest.raises(OptionError, match=r"log-probabilities of a prompt.*such as mmlu"):
            planned(tmp_path, data, name, on="gsm8k:10")
    assert shown.weighed is None
    assert shown.turned is not None
    assert shown.turned.protocol == "mmlu@meta-5shot+turned"  # of all the shortest replies
    assert shown.turned.found is not None
    by_letter = shown.turned.found.by_letter
    assert isinstance(by_letter, visavis.Estimate)
    assert by_letter.value == 1.0


def test_a_server_that_tells_log_probabilities_is_asked_to_weigh(
    tmp_path: Path, data: Path
) -> None:
    with FakeServer({"m": openai()}) as server:
        (shown,) = examined(tmp_path, data, f"{server.url}#m", on="mmlu:3")
    assert shown.weighed is not None
    assert (shown.weighed.n, shown.weighed.left_out) == (3, 0)


def test_a_server_that_has_no_time_is_told_before_anything_is_planned(
    tmp_path: Path, data: Path
) -> None:
    with (
        FakeServer({"m": turn_down(503, "later")}) as server,
        pytest.raises(VisavisError, match="out of reach"),
    ):
        planned(tmp_path, data, f"{server.url}#m", on="mmlu:3")


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("", "--on names nothing"),
        ("logic:4", "no options that could stand in another order"),
        ("mmlu:500", "cases whose order says nothing, 500 were asked for"),
        ("gsm8k:4", "needs 5 examples"),
        ("gsm8k:400", "has 120 cases"),
        ("mmlu@zeroeval:4", "no benchmark is called"),
    ],
)
def test_what_cannot_be_asked_is_told_in_one_line(
    tmp_path: Path, data: Path, on: str, said: str
) -> None:
    with pytest.raises((OptionError, UnknownNameError), match=said) as told:
        planned(tmp_path, data, reader("any"), on=on)
    assert "\n" not in str(told.value)


def test_a_recording_has_no_answers_to_other_orders(tmp_path: Path, data: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text('{"question": "Sum?", "text": "1", "target": "1"}\n', encoding="utf-8")
    bring("plain", [log], ImportOptions(name="old", check="equals"), tmp_path / "home", screen())
    with pytest.raises(OptionError, match="'old' holds no answers to 'mmlu@openai-0cot'"):
        planned(tmp_path, data, "recorded:old", on="mmlu:4")


def test_questions_whose_options_are_all_sorted_cannot_be_asked(tmp_path: Path, data: Path) -> None:
    write(data / "mmlu/data/test", "test", {"anatomy": [["What?", "a", "b", "c", "d", "A"]]})
    with pytest.raises(OptionError, match="no question whose options could"):
        planned(tmp_path, data, reader("any"), on="mmlu:1")


def test_options_within_the_question_cannot_be_moved(tmp_path: Path, data: Path) -> None:
    """As an imported log holds them: the question is all that was asked."""
    cases = tmp_path / "home/cases/quiz@file.jsonl"
    cases.parent.mkdir(parents=True)
    one = {
        "id": "q",
        "group": "q",
        "question": "Which? A. sun B. a far star C. moon",
        "target": "A",
        "fields": {"check": "letter", "options": json.dumps(["sun", "a far star", "moon"])},
    }
    cases.write_bytes(msgspec.json.encode(one) + b"\n")
    with pytest.raises(OptionError, match="within its questions"):
        planned(tmp_path, data, reader("any"), on="quiz@file:1")


def test_a_protocol_by_name_is_the_one_that_is_asked(tmp_path: Path, data: Path) -> None:
    (one,) = planned(tmp_path, data, reader("any"), on="mmlu@meta-0cot:3")
    assert [asked.benchmark.name for asked in one.request.asked] == [
        "mmlu@meta-0cot+turned",
        "mmlu@option-orders",
    ]
