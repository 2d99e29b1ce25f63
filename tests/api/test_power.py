"""How many cases a gap takes: assumed, stated, or by what a run has measured."""

import json
from pathlib import Path

import pytest

import visavis
from visavis.api.around import surroundings
from visavis.api.power import needed
from visavis.core.errors import OptionError, StoreError, UnknownNameError
from visavis.options import PowerOptions
from visavis.report.power import Needed
from visavis.report.progress import screen


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VISAVIS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def reckoned(home: Path, **options: object) -> tuple[Needed, ...]:
    told = PowerOptions(**options)  # type: ignore[arg-type]  # as the tests below give them
    return needed(told, surroundings({"VISAVIS_HOME": str(home)}), screen())


def test_a_gap_and_its_absence_are_reckoned_for_a_share_that_is_assumed(home: Path) -> None:
    some, none = reckoned(home, gap=5.0)
    assert (some.differ, some.gap, none.gap, none.matters) == (0.2, 0.05, 0.0, 0.05)
    assert some.fixed_80 < some.until_decided.median < some.until_decided.nine_in_ten
    assert some.fixed_80 < some.fixed_95
    assert some.until_decided.prefers > 0.95 > 0.05 > none.until_decided.prefers


def test_a_gap_that_is_larger_than_the_share_assumed_takes_that_share(home: Path) -> None:
    some, none = reckoned(home, gap=30.0)
    assert (some.differ, none.differ) == (0.3, 0.2)


def test_a_policy_says_what_alike_means(home: Path, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("matters:\n  score: 0.1\n", encoding="utf-8")
    wide, usual = (reckoned(home, policy=p)[1] for p in (str(tmp_path / "p.yaml"), "default"))
    assert wide.fixed_80 * 3 < usual.fixed_80


def test_a_run_measures_the_share_for_each_of_its_pairs(home: Path) -> None:
    Path("sums.jsonl").write_text(
        "".join(
            json.dumps({"id": f"{n}", "prompt": f"{n}", "equals": str(n)}) + "\n" for n in range(40)
        )
    )
    right = visavis.ScriptedClient(lambda prompt: prompt.messages[-1].content, name="right")
    tenth = visavis.ScriptedClient(
        lambda prompt: (
            "no" if int(prompt.messages[-1].content) % 10 == 0 else prompt.messages[-1].content
        ),
        name="tenth wrong",
    )
    never = visavis.ScriptedClient(lambda prompt: "no", name="never")
    visavis.compare([right, tenth, never], on="sums.jsonl", out="run")
    found = reckoned(home, from_="run", gap=20.0)
    of = {one.assumed.pair: one for one in found if one.gap}
    assert {pair: one.assumed.differ for pair, one in of.items()} == pytest.approx(
        {("right", "tenth wrong"): 0.1, ("right", "never"): 1.0, ("tenth wrong", "never"): 0.9}
    )
    assert of["right", "tenth wrong"].differ == 0.2  # a gap of 20 points takes at least that
    assert of["right", "never"].assumed.measured_on == 40
    assert reckoned(home, from_="run", on=("sums.jsonl",))[0].assumed.has == 40
    with pytest.raises(OptionError, match="on logic"):
        reckoned(home, from_="run", on=("logic",))


def test_a_benchmark_is_said_to_have_all_its_cases(home: Path) -> None:
    some, _none = reckoned(home, on=("logic",))
    assert some.assumed.benchmark == "logic"
    assert some.assumed.has is not None
    assert some.assumed.has > 200  # which are those that are usually asked


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"gap": 0.0}, "--gap 0"),
        ({"gap": 101.0}, "--gap 101"),
        ({"gap": float("nan")}, "--gap nan"),
        ({"differ": -1.0}, "--differ -1"),
        ({"differ": 3.0}, "--differ 5 or more"),
        ({"differ": 30.0, "from_": "last"}, "one of the two"),
    ],
)
def test_what_means_nothing_is_refused_by_name(
    home: Path, options: dict[str, object], said: str
) -> None:
    with pytest.raises(OptionError, match=said):
        reckoned(home, **options)


def test_a_run_or_benchmark_that_is_not_there_is_told(home: Path) -> None:
    with pytest.raises(StoreError, match="nothing was run yet"):
        reckoned(home, from_="last")
    with pytest.raises(UnknownNameError, match="logic"):
        reckoned(home, on=("logik",))
