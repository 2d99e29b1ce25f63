"""HumanEval asked otherwise: as OpenAI do, and as raw text to go on with.

- `humaneval@openai`: simple-evals (github.com/openai/simple-evals, `humaneval_eval.py`), which
  OpenAI's published figures are from: five tries at temperature 0.5, pass@1 unbiased.
- `humaneval@completion`: for base models; Chen et al. 2021: the prompt is gone on with until one
  of five stop sequences comes. Greedy, one try.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from visavis.benchmarks.base import BENCHMARKS
from visavis.benchmarks.figures import FLEXIBLE, STRICT
from visavis.benchmarks.humaneval import HUMANEVAL_BENCHMARK, grade, judged, program
from visavis.core.case import Case
from visavis.core.fence import Fence
from visavis.core.outcome import Grade, Score, Unscored
from visavis.core.prompt import Message, Prompt, Settings, continued
from visavis.core.tell import tell

# --- humaneval@openai ---------------------------------------------------------------------------

OPENAI_SYSTEM = "You are a helpful assistant."
OPENAI_INSTRUCTION = (
    "Read the following function signature and docstring, and fully implement the function "
    "described. Your response should only contain the code for this function.\n"
)
OPENAI_TOKENS, OPENAI_TEMPERATURE, OPENAI_TRIES = 2048, 0.5, 5

_BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)
_HEAD_ENDS = ":\n    "


def ask_openai(case: Case) -> Prompt:
    return Prompt(
        messages=(
            Message(role="system", content=OPENAI_SYSTEM),
            Message(role="user", content=OPENAI_INSTRUCTION + case.question),
        ),
        settings=Settings(max_tokens=OPENAI_TOKENS, temperature=OPENAI_TEMPERATURE),
    )


def openai_body(reply: str) -> str:
    """What simple-evals put under the prompt: the first block, behind its first head.

    Where there is no head they cut off one character, and so does this.
    """
    block = _BLOCK.search(reply)
    text = block[1] if block else reply
    return text[text.find(_HEAD_ENDS) + 2 :]


def grade_openai(case: Case, text: str, fence: Fence) -> Grade:
    """By simple-evals' reading; where that fails, beside it by EvalPlus's."""
    if not text.strip():
        return Score(value=0.0, because=tell("an empty reply"), marks=_marks(0.0, 0.0))
    source = case.question + openai_body(text)
    strict = judged(source, fence.run(program(case, source)))
    if isinstance(strict, Unscored):
        return strict
    flexible = strict if strict.value else grade(case, text, fence)
    if isinstance(flexible, Unscored):
        return flexible
    return replace(strict, marks=_marks(strict.value, flexible.value))


def _marks(strict: float, flexible: float) -> Mapping[str, float]:
    return MappingProxyType({STRICT: strict, FLEXIBLE: flexible})


# --- humaneval@completion -----------------------------------------------------------------------

STOPS = ("\nclass", "\ndef", "\n#", "\nif", "\nprint")
COMPLETION_TOKENS = 512


def ask_completion(case: Case) -> Prompt:
    return continued(case.question, max_tokens=COMPLETION_TOKENS, stop=STOPS)


def grade_completion(case: Case, text: str, fence: Fence) -> Grade:
    """The prompt and its continuation up to the first stop, whoever should have stopped there."""
    end = min((at for stop in STOPS if (at := text.find(stop)) >= 0), default=len(text))
    body = text[:end]
    if not body.strip():
        return Score(value=0.0, because=tell("nothing was gone on with"))
    source = case.question + body
    return judged(source, fence.run(program(case, source)))


# --- both ---------------------------------------------------------------------------------------

_LIMIT = tell("All tests of a case have 5 s of wall time together, not 3 s.")

for _one in (
    replace(
        HUMANEVAL_BENCHMARK,
        protocol="humaneval@openai",
        ask=ask_openai,
        grade=grade_openai,
        repeats=OPENAI_TRIES,
        departures=(_LIMIT,),
    ),
    replace(
        HUMANEVAL_BENCHMARK,
        protocol="humaneval@completion",
        ask=ask_completion,
        grade=grade_completion,
        way="continue",
        departures=(
            tell("Greedy and once; the authors draw 200 replies at temperature 0.2 for pass@1."),
            _LIMIT,
        ),
    ),
):
    BENCHMARKS.add(_one.protocol, _one)
