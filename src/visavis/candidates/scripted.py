"""A candidate whose every answer you write: for trying cases without a model, and for tests."""

from collections.abc import Callable

from visavis.core.errors import OptionError
from visavis.core.outcome import Failure, Outcome, Reply
from visavis.core.prompt import Prompt


class ScriptedClient:
    """Answers by a function of yours; part of the public API.

    The function gives the text of the reply, or a whole `Reply` or `Failure`. `asked` lists the
    prompts in the order in which they came.
    """

    def __init__(self, answer: Callable[[Prompt], str | Outcome], name: str = "scripted") -> None:
        self.name = name
        """The head of its column in a comparison."""
        self.asked: list[Prompt] = []
        self._answer = answer

    async def send(self, prompt: Prompt) -> Outcome:
        self.asked.append(prompt)
        answer = self._answer(prompt)
        if isinstance(answer, str):
            return Reply(text=answer.encode(errors="replace").decode())  # half a surrogate pair
        if isinstance(answer, Reply | Failure):
            return answer
        raise OptionError(f"{self.name!r} answered {answer!r}; answer a text, Reply or Failure")


def scripted_from(text: str) -> ScriptedClient:
    """The client that `scripted:TEXT` names: `echo` repeats the question, any other text is the
    answer to everything (`scripted:Yes`)."""
    if text == "echo":
        return ScriptedClient(lambda prompt: prompt.messages[-1].content, name="scripted:echo")
    return ScriptedClient(lambda _: text, name=f"scripted:{text}")
