"""What judging may cost is told before, kept apart, and held."""

from pathlib import Path

import pytest

from tests.fake_models import say
from tests.fake_server import FakeServer
from tests.judged_things import quiet
from visavis.api.around import Surroundings
from visavis.api.comparison import Comparison
from visavis.api.entry import ask
from visavis.api.judging import foreseen
from visavis.api.request import Request, prepare
from visavis.core.errors import OptionError
from visavis.options import CompareOptions

KEY = "sk-never-to-be-seen-4712"
CASES = """
cases:
  - {id: a, prompt: Thank a neighbour., judge: {text: Friendly., pass_mark: 6}, max_tokens: 40}
  - {id: b, prompt: Say sorry., pairwise: The better takes the blame., max_tokens: 40}
"""
FREE = ("scripted:Yes", "scripted:No")


def request(folder: Path, named: tuple[str, ...], url: str = "", *, budget: float) -> Request:
    file = folder / "cases.yaml"
    file.write_text(CASES, encoding="utf-8")
    environ = {"OPENAI_API_KEY": KEY, **({"OPENAI_BASE_URL": url} if url else {})}
    told = CompareOptions(on=(str(file),), judge=("gpt-4o",), speed=False, budget=budget)
    around = Surroundings(home=folder / "home", environ=environ)
    return prepare(named, told, around, quiet())


def test_where_candidates_cost_nothing_all_of_the_budget_is_the_judges(tmp_path: Path) -> None:
    made = request(tmp_path, FREE, budget=1.0)
    assert made.judges is not None
    assert (made.budget_usd, made.judges.options.budget) == (1.0, 1.0)


def test_where_both_cost_money_half_of_it_is_the_judges(tmp_path: Path) -> None:
    made = request(tmp_path, ("gpt-4o-mini", "gpt-4o"), budget=1.0)
    assert made.judges is not None
    assert (made.budget_usd, made.judges.options.budget) == (0.5, 0.5)


def test_judgements_are_counted_before_there_is_a_reply(tmp_path: Path) -> None:
    (share,) = foreseen(request(tmp_path, FREE, budget=1.0))
    assert (share.candidate, share.requests) == ("gpt-4o", 2 + 2)
    assert isinstance(share.expected_usd, float)
    assert isinstance(share.worst_usd, float)
    assert 0 < share.expected_usd < share.worst_usd


def test_what_judging_costs_is_kept_apart_and_beyond_the_budget_nothing_is_asked(
    tmp_path: Path,
) -> None:
    models = {"gpt-4o-2024-08-06": say("Good.\nRating: [[8]]")}
    with FakeServer(models, key=KEY) as server:
        with pytest.raises(OptionError, match="budget"):
            ask(request(tmp_path, FREE, server.url, budget=0.001), tmp_path / "run", quiet())
        assert server.requests == []
        assert len(Comparison(tmp_path / "run").trials) == 4  # the replies are kept
        seen = ask(request(tmp_path, FREE, server.url, budget=0.5), tmp_path / "run", quiet())
    assert (seen.ended and seen.ended.how, len(server.requests)) == ("finished", 4)
    judging = seen._judged.judging
    assert judging is not None
    (judge,) = judging.judges
    assert judge.usd is not None
    assert 0 < judge.usd < 0.01
    assert all(trial.usd is None for trial in seen.trials)
