"""One fake model, one client, a few prompts: what came of it on both sides."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.fake_models import Model, Request
from tests.fake_server import FakeServer
from visavis.candidates.openai_http import Limits, open_http
from visavis.core.candidate import Candidate
from visavis.core.outcome import Failure, Outcome, Reply
from visavis.core.prompt import Prompt, ask

KEY = "sk-proj-Zq81xV0wTr55kLmN"
USUAL = Limits()


def candidate(
    url: str | None, model: str = "m", *, route: str = "http", keyed: bool = False
) -> Candidate:
    return Candidate(
        name=f"candidate-{model}",
        kind="hosted",
        route=route,
        model=model,
        snapshot=model,
        base_url=url,
        key_name="HTTP_API_KEY" if keyed else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What a talk left behind."""

    outcomes: list[Outcome]
    notes: list[str]
    requests: list[Request]

    @property
    def reply(self) -> Reply:
        (outcome,) = self.outcomes
        assert isinstance(outcome, Reply), outcome
        return outcome

    @property
    def failure(self) -> Failure:
        (outcome,) = self.outcomes
        assert isinstance(outcome, Failure), outcome
        return outcome


async def talk(
    model: Model,
    prompts: Sequence[str | Prompt] = ("2 + 2?",),
    *,
    key: str | None = None,
    limits: Limits = USUAL,
) -> Talk:
    """Puts the prompts to the fake model, one after another."""
    notes: list[str] = []
    with FakeServer({"m": model}, key=key) as server:
        who = candidate(server.url, keyed=key is not None)
        async with open_http(who, key=key, at_once=4, note=notes.append, limits=limits) as client:
            outcomes = [
                await client.send(ask(p, max_tokens=99) if isinstance(p, str) else p)
                for p in prompts
            ]
        return Talk(outcomes=outcomes, notes=notes, requests=server.requests)
