"""One candidate asked for its limits, on a model whose limits are known."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fake_limits import Refusal, Truth
from visavis.benchmarks.dated_facts import dated_facts
from visavis.candidates.scripted import ScriptedClient
from visavis.core.candidate import Candidate, Unknown
from visavis.core.outcome import Failure, Outcome, Reply, Usage
from visavis.core.prompt import Image, Prompt
from visavis.measure.budget import Budget
from visavis.measure.limits.asking import Asker, Means
from visavis.measure.limits.price import outlook
from visavis.measure.limits.probe import Findings, Plan, What, probe
from visavis.measure.plan import Price
from visavis.measure.replies import Replies

ALL: tuple[What, ...] = ("context", "needle", "output", "cutoff")
FREE = Unknown(because="free")
HOSTED = Candidate(name="m", kind="hosted", route="openai", model="m", snapshot="m-1")


class Cents:
    """A cent for a hundred tokens."""

    def usd(self, usage: Usage) -> float:
        return (usage.input_tokens + usage.output_tokens) / 10_000

    def worst_usd(self, input_tokens: int, max_tokens: int) -> float:
        return (input_tokens + max_tokens) / 10_000

    def picture_tokens(self, image: Image) -> int:
        return 0


class Bench:
    """A fake model with a purse and a memory."""

    def __init__(
        self, answer: Callable[[Prompt], Outcome], *, usd: float = 1e9, home: Path | None = None
    ) -> None:
        self.client = ScriptedClient(answer)
        self.stop = asyncio.Event()
        self.budget = Budget(usd)
        self.notes: list[str] = []
        self.replies = None if home is None else Replies(home / "replies.sqlite", self.notes.append)

    def probe(self, plan: Plan, price: Price | Unknown = FREE) -> tuple[Findings, Asker]:
        means = Means(
            budget=self.budget, replies=self.replies, stop=self.stop, note=self.notes.append
        )
        asker = Asker(HOSTED, self.client, price, means, at_once=4)
        return asyncio.run(probe(plan, asker)), asker


def plan(*what: What, longest: int = 20_000, claimed: int | None = None) -> Plan:
    return Plan(what=what or ALL, longest=longest, claimed=claimed, repeats=2, facts=dated_facts())


@pytest.mark.parametrize("refusal", ["vllm", "bare"])
@pytest.mark.parametrize("context", [600, 4096, 9000])
def test_the_context_is_found_to_a_hundredth(context: int, refusal: Refusal) -> None:
    found, _ = Bench(Truth(context=context, refusal=refusal).answer).probe(plan("context"))
    assert found.context is not None
    assert found.context.refused is not None
    assert found.context.accepted <= context - 16
    assert context - 16 - found.context.accepted <= max(64, 0.02 * context)
    assert not found.unfinished


def test_a_claim_that_is_wrong_misleads_nobody() -> None:
    for claimed in (2000, 8000):
        told = plan("context", claimed=claimed)
        found, _ = Bench(Truth(context=4096, refusal="bare").answer).probe(told)
        assert found.context is not None
        assert 4000 < found.context.accepted <= 4080


def test_a_server_that_cuts_without_a_word_is_found_out() -> None:
    found, _ = Bench(Truth(context=2048, refusal="cut").answer).probe(plan("context"))
    assert found.cut_to == 2048 - 16
    assert found.context is not None
    assert found.context.accepted <= 2048


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda _: Failure(kind="rejected", detail="404: no such model"), "no such model"),
        (lambda _: Failure(kind="timed out", detail="silent"), "silent"),
        (lambda _: Reply(text="read"), "counts no tokens"),
    ],
)
def test_what_is_no_limit_is_told_as_what_it_is(
    answer: Callable[[Prompt], Outcome], why: str
) -> None:
    found, _ = Bench(answer).probe(plan("context"))
    assert why in found.unfinished["context"]
    assert found.context is not None
    assert found.context.refused is None


def test_facts_are_lost_where_the_model_loses_them() -> None:
    truth = Truth(context=9000, sees_to=3000)
    found, _ = Bench(truth.answer).probe(replace(plan("needle"), lengths=(1000, 2500, 6000)))
    assert len(found.sought) == 3 * 2 * 5
    for one in found.sought:
        assert one.counted == pytest.approx(one.needle.tokens, rel=0.05)
        assert one.found is (one.needle.tokens < 3000 or one.needle.depth < 0.6)


def test_prompts_that_fail_are_no_facts_that_were_lost() -> None:
    found, _ = Bench(Truth(context=2000).answer).probe(
        replace(plan("needle"), lengths=(1000, 6000))
    )
    assert {one.found for one in found.sought if one.needle.tokens == 6000} == {None}
    assert {one.found for one in found.sought if one.needle.tokens == 1000} == {True}


def test_a_model_that_thinks_until_its_tokens_are_spent_has_not_answered() -> None:
    usage = Usage(input_tokens=200, output_tokens=256)
    found, _ = Bench(lambda _: Reply(text=" ", finish="length", usage=usage)).probe(
        replace(plan("needle", "cutoff"), lengths=(1000,))
    )
    assert {one.found for one in found.sought} == {None}
    assert {one.known for one in found.recalled} == {None}


def test_the_longest_reply_is_the_one_that_was_produced() -> None:
    found, _ = Bench(Truth(context=9000, output=500).answer).probe(plan("output"))
    assert {(w.tokens, w.ended, w.numbers) for w in found.wrote} == {
        (500, "the model stopped", 250)
    }


def test_a_reply_that_the_server_allows_is_asked_for() -> None:
    truth = Truth(context=90_000, output=10**6, most_output=3000)
    found, _ = Bench(truth.answer).probe(plan("output"))
    assert {(w.asked, w.tokens, w.ended) for w in found.wrote} == {
        (3000, 3000, "the limit asked for")
    }


def test_a_reply_that_fills_the_context_ends_at_the_servers_limit() -> None:
    found, _ = Bench(Truth(context=1000, output=10**6).answer).probe(plan("output"))
    assert {w.ended for w in found.wrote} == {"the server's limit"}


def test_a_server_that_turns_every_long_reply_down_is_told() -> None:
    no = Failure(kind="rejected", detail="400: no")
    found, _ = Bench(lambda _: no).probe(plan("output"))
    assert "no" in found.unfinished["output"] or not found.wrote


def test_facts_are_known_until_their_day() -> None:
    truth = Truth(knows=1.0)
    found, _ = Bench(truth.answer).probe(plan("cutoff"))
    assert all(r.known is (r.fact.date < truth.until) for r in found.recalled)
    assert len(found.recalled) == len(dated_facts())


def test_whoever_waits_is_told_what_is_asked() -> None:
    bench = Bench(Truth(context=9000, output=500).answer)
    bench.probe(plan("output", "cutoff"))
    assert bench.notes[0] == "m: a reply of up to 16,384 tokens is asked for"
    assert bench.notes[2] == "m: 24 of 94 dated facts were asked"
    assert bench.notes[-1] == "m: 94 of 94 dated facts were asked"


def test_the_budget_is_never_exceeded_and_what_is_known_stays() -> None:
    bench = Bench(Truth(context=9000).answer, usd=2.0)
    found, asker = bench.probe(plan(), Cents())
    assert bench.budget.spent_usd <= 2.0
    assert asker.usd == pytest.approx(bench.budget.spent_usd)
    assert found.context is not None
    assert found.context.accepted > 0
    assert set(found.unfinished.values()) == {"the budget is spent"}


def test_a_rerun_goes_on_and_pays_for_nothing_twice(tmp_path: Path) -> None:
    truth = Truth(context=4096)
    first = Bench(truth.answer, usd=4.0, home=tmp_path)
    cut, _ = first.probe(plan(), Cents())
    assert cut.unfinished
    second = Bench(truth.answer, home=tmp_path)
    whole, asker = second.probe(plan(), Cents())
    assert not whole.unfinished
    assert asker.reused > 5
    assert all(prompt not in second.client.asked for prompt in _answered(first.client, truth))
    third = Bench(truth.answer, home=tmp_path)
    again, asker = third.probe(plan(), Cents())
    assert asker.usd == 0
    assert (again.context, again.sought, again.wrote) == (whole.context, whole.sought, whole.wrote)


def _answered(client: ScriptedClient, truth: Truth) -> list[Prompt]:
    return [prompt for prompt in client.asked if isinstance(truth.answer(prompt), Reply)]


def test_an_interrupt_ends_it_with_what_is_known() -> None:
    bench = Bench(lambda prompt: Truth().answer(prompt))
    truth = Truth()

    def answer(prompt: Prompt) -> Outcome:
        if len(bench.client.asked) == 3:
            bench.stop.set()
        return truth.answer(prompt)

    bench.client = ScriptedClient(answer)
    found, asker = bench.probe(plan())
    assert asker.requests == 3
    assert found.unfinished == dict.fromkeys(ALL, "stopped")
    assert found.context is not None
    assert found.context.accepted > 0


def test_a_server_that_counts_one_token_in_every_prompt_is_asked_no_oftener_than_was_said() -> None:
    asked = plan("context", "needle")
    bench = Bench(lambda _: Reply(text="read", usage=Usage(input_tokens=1, output_tokens=1)))
    _, asker = bench.probe(asked)
    assert asker.requests <= outlook("m", asked, FREE).most.requests


@pytest.mark.parametrize("context", [1000, 4096, 19_000])
def test_it_costs_no_more_than_was_said_at_most(context: int) -> None:
    asked = plan(claimed=None)
    bench = Bench(Truth(context=context, refusal="bare", output=10**6).answer)
    _, asker = bench.probe(asked, Cents())
    seen = outlook("m", asked, Cents())
    told = seen.price
    assert seen.expected.requests <= asker.requests <= seen.most.requests
    assert not isinstance(told.worst_usd, Unknown)
    assert not isinstance(told.expected_usd, Unknown)
    assert asker.usd <= told.worst_usd
    assert told.expected_usd <= told.worst_usd
    assert isinstance(outlook("m", asked, FREE).price.worst_usd, Unknown)
