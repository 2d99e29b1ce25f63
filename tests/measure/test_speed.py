"""Speed: one request at a time, A B B A, never reused, never retried, failures counted."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.measure.things import PerToken, candidate, means, ready, seen, store
from visavis.core.outcome import Failure, Outcome, Reply, Usage
from visavis.core.prompt import Prompt
from visavis.core.stamps import Stamps
from visavis.measure.asking import Means
from visavis.measure.observe import counts, observations
from visavis.measure.speed import OUTPUT_TOKENS, SPEED, measure_speed, speed_asked, speed_plan


@dataclass
class Timed:
    """Answers as a streaming server would, and remembers who was asked when."""

    name: str
    order: list[str]
    fails: bool = False
    in_flight: list[int] = field(default_factory=lambda: [0])
    prompts: list[Prompt] = field(default_factory=list)

    async def send(self, prompt: Prompt) -> Outcome:
        self.order.append(self.name)
        self.prompts.append(prompt)
        self.in_flight[0] += 1
        assert self.in_flight[0] == 1
        await asyncio.sleep(0.001)
        self.in_flight[0] -= 1
        if self.fails:
            return Failure(kind="rejected", detail="-")
        return Reply(
            text="word",
            usage=Usage(input_tokens=9, output_tokens=11),
            stamps=Stamps(due=0, sent=0, first=0.5, last=1.5, done=1.5),
        )


def set_up(folder: Path, clients: list[Timed], blocks: int) -> Means:
    asked = speed_asked(blocks)
    return means(folder, [ready(client.name, client) for client in clients], [asked])


async def test_requests_alternate_a_b_b_a_one_at_a_time_after_one_warm_up_each(
    tmp_path: Path,
) -> None:
    order: list[str] = []
    clients = [Timed("a", order), Timed("b", order)]
    clients[1].in_flight = clients[0].in_flight
    using = set_up(tmp_path, clients, 4)
    what = speed_plan(using.asked[0], (candidate("a"), candidate("b")))
    ended = await measure_speed(what, using, asyncio.Event())
    assert "".join(order) == "ab" + "abbaabba"
    assert (ended.how, ended.trials) == ("finished", 8)
    told = list(observations(using.store.trials(), lambda _, case: case))
    assert [(o.candidate, o.unit_id) for o in told if o.measure == "first_token_s"] == [
        (name, f"block {n}")
        for n, pair in ((1, "ab"), (2, "ba"), (3, "ab"), (4, "ba"))
        for name in pair
    ]
    assert {o.value for o in told if o.measure == "output_tokens_per_s"} == {10.0}
    using.store.close()


async def test_prompts_are_new_alike_in_length_and_begin_with_a_nonce(tmp_path: Path) -> None:
    client = Timed("a", [])
    using = set_up(tmp_path, [client], 8)
    await measure_speed(speed_plan(using.asked[0], (candidate("a"),)), using, asyncio.Event())
    texts = [prompt.messages[0].content for prompt in client.prompts]
    assert len({text[:16] for text in texts}) == 9
    lengths = [len(text) for text in texts]
    assert max(lengths) - min(lengths) <= 5
    assert {prompt.settings.max_tokens for prompt in client.prompts} == {OUTPUT_TOKENS}
    using.store.close()


async def test_a_failure_is_counted_and_neither_retried_nor_the_end(tmp_path: Path) -> None:
    client = Timed("a", [], fails=True)
    using = set_up(tmp_path, [client], 3)
    ended = await measure_speed(
        speed_plan(using.asked[0], (candidate("a"),)), using, asyncio.Event()
    )
    assert (ended.trials, len(client.prompts)) == (3, 4)
    (told,) = counts(using.store.trials())
    assert (told.benchmark, told.asked, told.failed) == (SPEED, 3, 3)
    using.store.close()


async def test_a_run_gone_on_with_asks_the_blocks_left_in_the_words_of_the_first_session(
    tmp_path: Path,
) -> None:
    client, stop = Timed("a", []), asyncio.Event()
    who = (candidate("a"),)
    using = set_up(tmp_path, [client], 3)
    stop.set()
    first = await measure_speed(speed_plan(using.asked[0], who), using, stop)
    assert (first.how, client.prompts) == ("stopped", [])
    known = list(store(using).cases(SPEED))
    assert speed_asked(3, known).cases == using.asked[0].cases
    again = speed_plan(
        speed_asked(3, known), who, done=[next(speed_plan(using.asked[0], who).left())]
    )
    assert (await measure_speed(again, using, asyncio.Event())).trials == 2
    assert not seen(using).notes
    using.store.close()


async def test_warm_ups_are_paid_out_of_the_budget_and_kept_in_the_books(tmp_path: Path) -> None:
    asked = speed_asked(1)
    client = Timed("a", [])
    using = means(tmp_path, [ready("a", client, price=PerToken())], [asked])
    ended = await measure_speed(speed_plan(asked, (candidate("a"),)), using, asyncio.Event())
    assert ended.spent_usd == pytest.approx(0.04)  # twice 20 tokens
    assert using.store.spent_usd() == pytest.approx(0.04)
    using.store.close()


async def test_a_stalled_warm_up_does_not_outlast_a_stop(tmp_path: Path) -> None:
    class Stalled(Timed):
        async def send(self, prompt: Prompt) -> Outcome:
            stop.set()
            await asyncio.sleep(3600)
            raise AssertionError("not to be waited for")

    stop = asyncio.Event()
    using = set_up(tmp_path, [Stalled("a", [])], 2)
    left = speed_plan(using.asked[0], (candidate("a"),))
    ended = await asyncio.wait_for(measure_speed(left, using, stop), 10)
    assert (ended.how, ended.left) == ("stopped", 2)
    using.store.close()
