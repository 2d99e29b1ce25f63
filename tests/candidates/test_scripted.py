"""A scripted candidate says what it was told to say."""

import pytest

from visavis.candidates.scripted import ScriptedClient, scripted_from
from visavis.core.errors import OptionError
from visavis.core.outcome import Failure, Reply
from visavis.core.prompt import ask

PROMPT = ask("2 + 2?", max_tokens=9, system="Be brief.")


async def test_the_function_answers_with_a_text_or_a_whole_outcome() -> None:
    cut = Reply(text="4 an", finish="length")
    broken = Failure(kind="timed out", detail="silent")
    assert await ScriptedClient(lambda _: "4").send(PROMPT) == Reply(text="4")
    assert await ScriptedClient(lambda _: cut).send(PROMPT) == cut
    assert await ScriptedClient(lambda _: broken).send(PROMPT) == broken


async def test_an_answer_that_is_none_is_named_and_half_a_character_is_replaced() -> None:
    with pytest.raises(OptionError, match="'mine' answered 4; answer a text"):
        await ScriptedClient(lambda _: 4, name="mine").send(PROMPT)  # type: ignore[arg-type, return-value]  # the mistake itself
    assert await ScriptedClient(lambda _: "a\ud800").send(PROMPT) == Reply(text="a?")


async def test_what_was_asked_is_kept_in_order() -> None:
    client = ScriptedClient(lambda _: "4", name="mine")
    await client.send(PROMPT)
    await client.send(ask("again?", max_tokens=9))
    assert [prompt.messages[-1].content for prompt in client.asked] == ["2 + 2?", "again?"]
    assert client.name == "mine"


async def test_a_name_on_the_command_line_answers_always_the_same_or_echoes() -> None:
    assert await scripted_from("Yes").send(PROMPT) == Reply(text="Yes")
    assert await scripted_from("echo").send(PROMPT) == Reply(text="2 + 2?")
    assert scripted_from("Yes").name == "scripted:Yes"
