"""`visavis money` on runs: prices, tokens, workloads, hardware."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import visavis
from tests.report.fixtures import PASSED, RUN, WRONG, local, stored, trial
from tests.report.speed.things import NAMES, figures
from visavis.api.around import surroundings
from visavis.api.comparison import Comparison
from visavis.api.costs import THROUGHPUT, money_of, repriced, with_speed
from visavis.api.money import money
from visavis.api.tokens import AT_MOST, TokenCounts
from visavis.api.verdict import chosen
from visavis.cli.money import show
from visavis.core.candidate import Candidate, Unknown
from visavis.core.errors import OptionError, UnknownNameError
from visavis.core.outcome import Failure, Reply, Usage
from visavis.core.tariff import Rates, Tariff
from visavis.core.trial import Trial, TrialKey
from visavis.measure.energy import Of
from visavis.options import MoneyOptions
from visavis.report.run_facts import RunFacts
from visavis.report.speed.beside import Beside, Energy
from visavis.stats.estimate import Estimate, TooFew
from visavis.verdict.compare import Cell, Judgement, MeasureRow
from visavis.verdict.hardware import Hardware
from visavis.verdict.money import Money
from visavis.verdict.workload import Counted, Engine, Workload, per_request

NOTHING = Judgement(candidates=(), rows=(), policy="default", family=0)
GPT = Candidate(
    name="gpt",
    kind="recorded",
    route="recorded",
    model="openai/gpt-4o-mini-2024-07-18",
    snapshot="sha256:ab",
    system="gpt-4o-mini",
)
HERE = local("here", "Q4_K_M", 491e6, 494e6, cutoff=False)
STRANGER = replace(GPT, name="stranger", model="who/knows", system=None)
CASES = {"logic": tuple(stored("logic", n) for n in range(40))}


def run_of(*candidates: Candidate) -> RunFacts:
    spec = replace(RUN.spec, candidates=candidates, benchmarks=RUN.spec.benchmarks[:1])
    return replace(RUN, spec=spec, cases=CASES)


def replies(candidate: Candidate, words: Sequence[int], usage: bool = False) -> list[Trial]:
    """One a case; every third is wrong."""
    return [
        trial(
            candidate.name,
            "logic",
            number,
            Reply(
                text="yes " * count,
                usage=Usage(input_tokens=80 + number % 3, output_tokens=count) if usage else None,
            ),
            PASSED if number % 3 else WRONG,
        )
        for number, count in enumerate(words)
    ]


LENGTHS = [5 + n % 7 for n in range(40)]
LONGER = [9 + n % 5 for n in range(40)]


def test_a_recording_has_the_price_of_its_model_and_tokens_counted_here() -> None:
    run = run_of(GPT, STRANGER)
    counts = TokenCounts(run, [*replies(GPT, LENGTHS), *replies(STRANGER, LONGER)])
    mini, stranger = money_of(run, counts, NOTHING).candidates
    assert mini.listed_for == "gpt-4o-mini-2024-07-18 at OpenAI"
    assert isinstance(mini.tokens, Counted)
    assert mini.tokens.is_yardstick
    assert mini.tokens.by.startswith("o200k_base")
    assert isinstance(per_request(mini, Workload()), Estimate)
    assert isinstance(mini.per_solved["logic"], Estimate)
    assert isinstance(stranger.tariff, Unknown)
    assert stranger.per_solved == {}
    assert isinstance(stranger.tokens, Counted)


def test_a_hosted_candidate_has_its_own_list_and_what_its_cases_cost() -> None:
    paid = Estimate(value=0.01, low=0.008, high=0.012, n=40, method="m")
    hosted = replace(GPT, name="hosted", kind="hosted", route="openai", model="gpt-4o-mini")
    row = MeasureRow(
        measure="usd_per_solved_case",
        benchmark="logic",
        higher_is_better=False,
        matters=0.1,
        cells=(
            Cell(candidate="hosted", estimate=paid, counts=None),
            Cell(candidate="gpt", estimate=TooFew(groups=0, needed=1), counts=None),
        ),
        gaps=(),
    )
    run = replace(run_of(hosted, GPT), started_at="no day")
    counts = TokenCounts(run, replies(hosted, LENGTHS, usage=True))
    judged = replace(NOTHING, rows=(row,))
    one, recorded = money_of(run, counts, judged).candidates
    assert isinstance(one.tariff, Tariff)
    assert (one.listed_for, one.per_solved) == ("", {"logic": paid})
    assert recorded.per_solved == {}
    before = date(2025, 1, 1)
    other, _ = money_of(run, counts, judged, before).candidates
    assert isinstance(other.tariff, Tariff)
    assert other.tariff.as_of == "2025-01-01"
    assert other.per_solved.keys() == {"logic"}
    assert other.per_solved["logic"] != paid


def test_a_long_run_is_counted_on_some_cases_and_on_the_same_for_all() -> None:
    many = 2 * AT_MOST + 200
    cases = {"logic": tuple(stored("logic", n) for n in range(many))}
    run = replace(run_of(GPT, STRANGER), cases=cases)
    lengths = [5 + n % 7 for n in range(many)]
    counts = TokenCounts(run, [*replies(GPT, lengths), *replies(STRANGER, lengths[1:])])
    mine, other = (counts.by_case[one.name].keys() for one in (GPT, STRANGER))
    assert AT_MOST / 2 < len(mine) <= AT_MOST
    assert other <= mine


def test_tokens_of_a_server_are_taken_as_it_counted_and_repeats_are_averaged() -> None:
    run = run_of(HERE)
    once = replies(HERE, LENGTHS, usage=True)
    again = [replace(one, key=TrialKey(*one.key[:3], 1)) for one in replies(HERE, LONGER, True)]
    counts = TokenCounts(run, [*once, *again])
    assert counts.by_case["here"]["logic", "logic/0"] == (80.0, 7.0)
    assert counts.solved("here", ("logic", "logic/0")) == 0.0
    assert counts.solved("here", ("logic", "logic/99")) is None


def test_failures_speed_and_replies_without_a_count_say_nothing_of_tokens() -> None:
    run = run_of(HERE)
    speed = replace(replies(HERE, [5], usage=True)[0], key=TrialKey("here", "speed", "b", 0))
    failed = trial("here", "logic", 1, Failure(kind="timed out", detail=""), None)
    counts = TokenCounts(run, [speed, failed, *replies(HERE, [5])])
    assert counts.counted() == {"here": Unknown(because="nobody counted its tokens")}


def test_one_case_is_too_few_to_know_tokens() -> None:
    run = run_of(HERE)
    counts = TokenCounts(run, replies(HERE, [5], usage=True))
    assert counts.counted() == {"here": Unknown(because="its tokens were counted on too few cases")}


def test_a_price_of_your_own_takes_the_place_of_the_list() -> None:
    run = run_of(GPT)
    counts = TokenCounts(run, replies(GPT, LENGTHS))
    found = money_of(run, counts, NOTHING)
    rates = Rates(above=0, input_usd=0.195, output_usd=0.9, cached_usd=0.195)
    dearer = repriced(
        found, {"gpt": Tariff(rates=(rates,), batch=None, source="me", as_of="")}, counts
    )
    before, after = (per_request(one.candidates[0], Workload()) for one in (found, dearer))
    assert isinstance(before, Estimate)
    assert isinstance(after, Estimate)
    assert 1.3 < after.value / before.value < 1.5
    assert dearer.candidates[0].listed_for == ""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of two recordings whose models nobody knows, with the tokens that they took."""
    made = tmp_path_factory.mktemp("made")
    cases = made / "cases.yaml"
    lines = [f"  - {{id: c{n}, prompt: Say {n}, equals: 'yes'}}" for n in range(20)]
    cases.write_text("\n".join(["cases:", *lines]))
    for name, longer in (("brief", 1), ("wordy", 3)):
        rows = (
            {
                "prompt": f"Say {n}",
                "text": "yes",
                "usage": {"input_tokens": 10 + n, "output_tokens": longer * (20 + n % 5) + n % 2},
            }
            for n in range(20)
        )
        (made / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    visavis.compare(
        [f"{name}=recorded:{made}/{name}.jsonl" for name in ("brief", "wordy")],
        on=(str(cases),),
        out=made / "run",
        speed=False,
        yes=True,
    )
    return made / "run"


def asked(folder: Path, **options: object) -> Money:
    around = surroundings({"VISAVIS_HOME": str(folder.parent)})
    return money(str(folder), MoneyOptions(**options), around)  # type: ignore[arg-type]  # as flags would give them


def test_without_a_price_list_prices_can_be_stated(folder: Path) -> None:
    found = asked(
        folder, price=("brief=1/2", "wordy=1/2"), requests_per_day=100.0, day="2026-01-31"
    )
    brief, wordy = (per_request(one, found.workload) for one in found.candidates)
    assert isinstance(brief, Estimate)
    assert isinstance(wordy, Estimate)
    assert wordy.value / brief.value > 2
    assert found.yardstick == "brief"
    assert found.candidates[0].per_solved


def test_hardware_and_a_workload_come_from_flags_over_a_policy(
    folder: Path, tmp_path: Path
) -> None:
    policy = tmp_path / "mine.yaml"
    policy.write_text(
        "must: [usd_per_month <= 500, usd_per_month <= 600]\n"
        "workload: {requests_per_day: 50}\nhardware: {usd: 2500, watts: 300}"
    )
    assert asked(folder, policy=str(policy)).limit_usd == 500
    assert asked(folder, policy=str(policy), limit_usd=20.0).limit_usd == 20
    found = asked(folder, policy=str(policy), cached_share=0.5, years=4.0, own=("wordy",))
    assert found.workload == Workload(requests_per_day=50, cached_share=0.5)
    assert found.hardware == Hardware(usd=2500, watts=300, years=4)
    assert found.own == ("wordy",)
    assert asked(folder, hardware_usd=10.0).hardware == Hardware(usd=10)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"price": ("brief=1",)}, "'brief=1' is no price; write 'NAME=0.15/0.60'"),
        ({"price": ("brief=-1/2",)}, "is no price"),
        ({"day": "yesterday"}, "--day 'yesterday' is no day"),
        ({"years": 3.0}, "own hardware has no price yet; add --hardware-usd"),
        ({"batch_share": 2.0}, "batch_share 2.0 is no share; give 0 to 1"),
    ],
)
def test_what_cannot_be_reckoned_with_is_refused(
    folder: Path, options: dict[str, object], why: str
) -> None:
    with pytest.raises(OptionError, match=why):
        asked(folder, **options)


def test_names_are_those_of_the_run(folder: Path) -> None:
    with pytest.raises(UnknownNameError, match="no candidate of this run is called 'breif'"):
        asked(folder, price=("breif=1/2",))
    with pytest.raises(OptionError, match="is no speed run"):
        asked(folder, speed=str(folder))


def test_a_must_on_the_month_is_held_against_the_policys_workload(
    folder: Path, tmp_path: Path
) -> None:
    policy = tmp_path / "mine.yaml"
    must = "must: [usd_per_month <= 100]\n"
    box = "hardware: {usd: 3600, watts: 0, tokens_per_s: 1000}\n"
    for workload, expected in (
        ("", "not known"),
        (f"workload: {{requests_per_day: 10}}\n{box}", "met"),
        (f"workload: {{requests_per_day: 9e6}}\n{box}", "missed"),
    ):
        policy.write_text(must + workload)
        (met, _) = (one.musts for one in chosen(folder, str(policy)).standings)
        assert list(met.values()) == [expected]


def energy(of: Of, load: str, joules: Estimate | TooFew) -> Energy:
    return Energy(load=load, of=of, how="a counter", joules_per_token=joules, idle_w=5.0)


def test_a_speed_run_says_how_much_a_machine_carries_and_what_energy_that_takes() -> None:
    measured = figures()
    known = Estimate(value=0.5, low=0.4, high=0.6, n=4, method="slope")
    most = max(
        (cell.estimate.value, row.benchmark)
        for row in measured.judgement.rows
        for cell in row.cells
        if row.measure == THROUGHPUT
        and cell.candidate == NAMES[0]
        and isinstance(cell.estimate, Estimate)
    )
    both = (energy("processor", most[1], known), energy("nvidia", most[1], known))
    lacking = (energy("processor", "another", TooFew(groups=1, needed=2)),)
    beside = Beside(energy={NAMES[0]: (*both, *lacking)})
    run = run_of(*(replace(HERE, name=name) for name in NAMES), GPT)
    before = money_of(run, TokenCounts(run, replies(GPT, LENGTHS)), NOTHING)
    one, other, gpt = with_speed(before, replace(measured, beside=beside)).candidates
    assert one.engine is not None
    assert (one.engine.tokens_per_s.value, one.engine.under) == most
    assert one.engine.idle_w == 10.0
    assert one.engine.joules_per_token == replace(known, value=1.0, low=0.8, high=1.2)
    assert other.engine is not None
    assert other.engine.idle_w is None
    assert gpt.engine is None


def test_one_request_at_a_time_is_what_a_comparison_knows_of_throughput() -> None:
    known = Estimate(value=35.0, low=30.0, high=40.0, n=6, method="blocks")
    row = MeasureRow(
        measure="output_tokens_per_s",
        benchmark="speed",
        higher_is_better=True,
        matters=0.1,
        cells=(
            Cell(candidate="here", estimate=known, counts=None),
            Cell(candidate="other", estimate=TooFew(groups=1, needed=2), counts=None),
        ),
        gaps=(),
    )
    run = run_of(HERE, replace(HERE, name="other"))
    found = money_of(run, TokenCounts(run, []), replace(NOTHING, rows=(row,)))
    assert [one.engine for one in found.candidates] == [Engine(tokens_per_s=known), None]


def test_a_run_of_speed_alone_has_no_tokens_of_cases(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"kind": "speed"}')
    around = surroundings({"VISAVIS_HOME": str(tmp_path)})
    with pytest.raises(OptionError, match="measured speed alone; name a comparison"):
        money(str(tmp_path), MoneyOptions(), around)


def test_the_report_of_a_run_knows_what_it_costs(folder: Path) -> None:
    seen = Comparison(folder)
    assert [one.candidate for one in seen.money.candidates] == ["brief", "wordy"]
    assert seen.usd_per_month == {}


def test_the_command_prints_prices_a_month_and_break_evens(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "costs.json"
    options = MoneyOptions(
        price=("brief=1/2",), hardware_usd=100.0, watts=10.0, tokens_per_s=500.0, own=("wordy",),
        json=file,
    )  # fmt: skip
    show(str(folder), options, {"VISAVIS_HOME": str(folder.parent)})
    told = capsys.readouterr().out
    assert "brief by its price list" in told
    assert "wordy on your own hardware" in told
    assert "Cheapest at 1,000 requests a day" in told
    assert "wordy on your own hardware costs no more than brief" in told
    assert json.loads(file.read_text())["hardware"]["usd"] == 100
