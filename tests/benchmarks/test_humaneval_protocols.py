"""HumanEval asked as OpenAI do, and as a text to go on with."""

from pathlib import Path

import pytest

from tests.benchmarks.test_humaneval import PlainRecorder, all_cases, file, first
from visavis.benchmarks import humaneval_protocols as protocols
from visavis.benchmarks.base import BENCHMARKS
from visavis.benchmarks.choose import chosen
from visavis.candidates.grammar import parse
from visavis.core.case import Case
from visavis.core.errors import OptionError
from visavis.core.fence import Check, Fence, Program, Ran
from visavis.core.outcome import Grade, Score, Unscored

OPENAI = BENCHMARKS.get("humaneval@openai")
COMPLETION = BENCHMARKS.get("humaneval@completion")
__all__ = ["all_cases", "file", "first"]  # fixtures, used by name


def scored(grade: Grade) -> Score:
    assert isinstance(grade, Score)
    return grade


# --- as OpenAI do ---------------------------------------------------------------------------------


def test_simple_evals_words_are_used_five_times_at_half_a_degree(first: Case) -> None:
    prompt = OPENAI.ask(first)
    system, user = prompt.messages
    assert system.content == "You are a helpful assistant."
    assert user.content == (
        "Read the following function signature and docstring, and fully implement the function "
        "described. Your response should only contain the code for this function.\n"
        + first.question
    )
    assert (prompt.settings.temperature, prompt.settings.max_tokens) == (0.5, 2048)
    assert OPENAI.repeats == 5


@pytest.mark.parametrize(
    ("reply", "body"),
    [
        ("```python\ndef f(x):\n    return x\n```", "    return x\n"),
        ("Sure:\n```python\ndef f(x):\n    return x\n```\n```python\nno\n```", "    return x\n"),
        ("def f(x):\n    if x:\n        return x", "    if x:\n        return x"),
        ("    return x", "   return x"),  # without a head one character is lost, as in theirs
        (
            "```\ndef f(x):\n    return x\n```",
            "    return x\n```",
        ),  # a block of no language is none
    ],
)
def test_what_stands_behind_the_first_head_is_put_under_the_prompt(reply: str, body: str) -> None:
    assert protocols.openai_body(reply) == body


def test_a_reply_that_simple_evals_cannot_read_is_lost_to_format(first: Case, fence: Fence) -> None:
    whole = first.question + first.fields["canonical_solution"]
    asked = scored(OPENAI.grade(first, f"```python\n{whole}\n```", fence))
    assert (asked.value, dict(asked.marks)) == (1.0, {"strict": 1.0, "flexible": 1.0})
    plain = scored(OPENAI.grade(first, f"Sure.\n```\n{whole}\n```\nDone.", fence))
    assert (plain.value, dict(plain.marks)) == (0.0, {"strict": 0.0, "flexible": 1.0})
    wrong = scored(OPENAI.grade(first, "```python\ndef f(x):\n    return 3\n```", fence))
    assert (wrong.value, dict(wrong.marks)) == (0.0, {"strict": 0.0, "flexible": 0.0})


def test_an_empty_reply_is_unparsed_and_runs_nothing(first: Case) -> None:
    for benchmark in (OPENAI, COMPLETION):
        job = PlainRecorder()
        grade = scored(benchmark.grade(first, " \n", job))
        assert (grade.value, grade.read, job.seen) == (0.0, None, None)


class Ends:
    """A fence that ends so, one job after another."""

    def __init__(self, *ends: Ran) -> None:
        self.ends = list(ends)

    def run(self, job: Program | Check) -> Ran:
        return self.ends.pop(0)


GONE, FAILED = Ran(end="no answer", detail="it is gone"), Ran(end="failed", detail="1 != 2")


def test_a_fence_without_an_answer_leaves_the_reply_unscored(first: Case) -> None:
    gone = Unscored(because="it is gone")
    assert OPENAI.grade(first, "def f(x):\n    return x", Ends(GONE)) == gone
    reply = first.question + "    return True"
    assert OPENAI.grade(first, reply, Ends(FAILED, GONE)) == gone
    assert COMPLETION.grade(first, "    return x", Ends(GONE)) == gone


# --- as a text to go on with ---------------------------------------------------------------------


def test_the_prompt_itself_is_gone_on_with_until_a_stop(first: Case) -> None:
    prompt = COMPLETION.ask(first)
    (message,) = prompt.messages
    assert (prompt.way, message.content) == ("continue", first.question)
    assert prompt.settings.stop == ("\nclass", "\ndef", "\n#", "\nif", "\nprint")
    assert (prompt.settings.temperature, prompt.settings.max_tokens) == (0.0, 512)
    assert COMPLETION.repeats == 1


@pytest.mark.parametrize("more", ["", "\ndef g(x):\n    return (", "\n# a test\n(", "\nif ("])
def test_what_comes_after_a_stop_is_not_read(more: str, first: Case, fence: Fence) -> None:
    body = first.fields["canonical_solution"].rstrip("\n")
    grade = scored(COMPLETION.grade(first, body + more, fence))
    assert (grade.value, grade.read) == (1.0, first.question + body)


def test_a_wrong_continuation_is_wrong(first: Case, fence: Fence) -> None:
    assert scored(COMPLETION.grade(first, "    return None\n", fence)).value == 0.0


def test_only_a_candidate_that_goes_on_with_texts_can_be_asked_so() -> None:
    hosted = parse("gpt-4o", home=Path("/no/home"), environ={})
    with pytest.raises(OptionError, match=r"has raw texts gone on with.*try 'humaneval@evalplus'"):
        chosen(["humaneval@completion"], "quick", [hosted])
