"""GSM8K: grade-school word problems with a number for an answer; 1,319 of them to test.

Cobbe et al. 2021, "Training Verifiers to Solve Math Word Problems", arXiv 2110.14168. Its scores
depend on how it is asked, so each way is a protocol:

- `gsm8k@0cot`: a chat, no example, reasoning asked for, the answer on the last line. Our wording.
- `gsm8k@8shot-cot`: a chat in which eight examples went before, those of Wei et al. 2022
  (arXiv 2201.11903, table 20) in the wording of Meta's evaluations of Llama 3, which is
  lm-evaluation-harness's `gsm8k_cot_llama` with the examples as turns.
- `gsm8k@5shot`: raw text with five examples of the train split, for models without a chat:
  lm-evaluation-harness's `gsm8k`.

`grade` reads the replies of other tools' logs (`imported`): ZeroEval's JSON too.

The strict reader wants the answer where the protocol asked for it; the flexible one takes the one
that the reply states in whatever way, else its last number.
"""

import json
import re
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from visavis.benchmarks.base import BENCHMARKS, Benchmark, LoadOptions, in_order
from visavis.benchmarks.data import Upstream
from visavis.benchmarks.figures import FLEXIBLE, STRICT
from visavis.benchmarks.gsm8k_examples import EXAMPLES
from visavis.benchmarks.two_readers import TwoReaders, same_number
from visavis.core.case import Case
from visavis.core.errors import DataError
from visavis.core.prompt import Message, Prompt, Settings, ask, continued
from visavis.core.tell import tell
from visavis.pinned.upstream import GSM8K
from visavis.scoring.extract import json_value
from visavis.scoring.numbers import Number, last_number, numbers, stated_number
from visavis.scoring.stated import begins_json, field

UPSTREAM = Upstream(
    name="gsm8k",
    title="GSM8K",
    licence="MIT",
    home="github.com/openai/grade-school-math",
    pinned=GSM8K,
)

ZERO_SHOT = (
    "Solve this problem step by step. Then write the answer, a number alone, on the last line in "
    'the form "Answer: NUMBER".\n\n{question}'
)
LLAMA = (
    "Given the following problem, reason and give a final answer to the problem.\n"
    "Problem: {question}\n"
    'Your response should end with "The final answer is [answer]" where [answer] is the response '
    "to the problem."
)
CHAT_TOKENS = 1024
"""As Meta's evaluations allow."""
TEXT_TOKENS = 256
"""As lm-evaluation-harness allows where a task says nothing."""
WHOLE = 1_319
"""Problems of the test split."""
SHOTS = 5
STOP = ("Question:", "</s>", "<|im_end|>")

_LAST_LINE = re.compile(r"^[ \t*_#>]*answer[ \t*_]*:(.*)$", re.IGNORECASE | re.MULTILINE)
_FINAL = re.compile(r"the final answer is(.*)", re.IGNORECASE)
_HASHES = re.compile(r"#### (-?[0-9.,]+)")


def load(options: LoadOptions) -> tuple[Case, ...]:
    return _asked(options)


def load_with_shots(options: LoadOptions) -> tuple[Case, ...]:
    """Each case with the same five examples: the first rows of the train split."""
    shots = _rows(UPSTREAM.find("train.jsonl", options))[:SHOTS]
    text = "".join(f"Question: {question}\nAnswer: {answer}\n\n" for question, answer in shots)
    return _asked(options, shots=text)


def in_file_order(options: LoadOptions) -> tuple[str, ...]:
    """Each problem with its worked answer, as they follow one another in the published file."""
    rows = _rows(UPSTREAM.find("test.jsonl", options))
    return tuple(f"{question}\n{answer}" for question, answer in rows)


def cases(file: Path, **fields: str) -> tuple[Case, ...]:
    """The problems of a file in upstream's form, by the SHA-256 of their id."""
    made = [
        Case(
            id=case_id(question),
            group=case_id(question),
            question=question,
            target=answer.rpartition("####")[2].strip().replace(",", ""),
            fields=MappingProxyType(fields),
        )
        for question, answer in _rows(file)
    ]
    return in_order(made)


def _asked(options: LoadOptions, **fields: str) -> tuple[Case, ...]:
    """The test split; a note tells when it is but a part of it."""
    file = UPSTREAM.find("test.jsonl", options)
    made = cases(file, **fields)
    if len(made) != WHOLE:
        options.note(f"GSM8K: {len(made):,} of {WHOLE:,} problems are in {str(file)!r}")
    return made


def case_id(question: str) -> str:
    """`gsm8k/` and the beginning of the question's SHA-256: the same in any part of the file."""
    return f"gsm8k/{sha256(question.strip().encode()).hexdigest()[:8]}"


def ask_zero_shot(case: Case) -> Prompt:
    return ask(ZERO_SHOT.format(question=case.question), max_tokens=CHAT_TOKENS)


def ask_eight_shot(case: Case) -> Prompt:
    turns: list[Message] = []
    for question, reasoning, answer in EXAMPLES:
        said = f"{reasoning} The final answer is {answer}"
        turns.append(Message(role="user", content=LLAMA.format(question=question)))
        turns.append(Message(role="assistant", content=said))
    turns.append(Message(role="user", content=LLAMA.format(question=case.question)))
    return Prompt(messages=tuple(turns), settings=Settings(max_tokens=CHAT_TOKENS))


def ask_five_shot(case: Case) -> Prompt:
    text = f"{case.fields['shots']}Question: {case.question}\nAnswer:"
    return continued(text, max_tokens=TEXT_TOKENS, stop=STOP)


def on_last_line(case: Case, text: str) -> Number | None:
    """The number behind the last "Answer:" that begins a line."""
    return _last_of(_LAST_LINE.findall(text))


def behind_final(case: Case, text: str) -> Number | None:
    """The number behind the last "The final answer is"."""
    return _last_of(_FINAL.findall(text))


def behind_hashes(case: Case, text: str) -> Number | None:
    """The number behind the first "#### ": what comes later answers further questions."""
    return _last_of(_HASHES.findall(text)[:1])


def in_json(case: Case, text: str) -> Number | None:
    """The number in the field `answer` of the JSON that the reply is."""
    found = json_value(text)
    if found is None or not isinstance(found.value, dict) or "answer" not in found.value:
        return None
    return next(numbers(str(found.value["answer"])), None)


def in_some_format(case: Case, text: str) -> Number | None:
    """The number where one of the protocols wants it."""
    tried = (reader(case, text) for reader in (in_json, behind_hashes, behind_final, on_last_line))
    return next((read for read in tried if read), None)


def anywhere(case: Case, text: str) -> Number | None:
    """The number in a field `answer`, else the one that the reply states, else its last.

    JSON without that field was cut short: then no number in it is the answer.
    """
    said = field(text, "answer")
    if said or begins_json(text):
        return next(numbers(said or ""), None)
    return stated_number(text)


def _last_of(said: list[str]) -> Number | None:
    return last_number(said[-1].rpartition("=")[2]) if said else None


def _rows(file: Path) -> list[tuple[str, str]]:
    try:
        with file.open(encoding="utf-8") as lines:
            made = [_row(line, number) for number, line in enumerate(lines, 1) if line.strip()]
        if not made:
            raise ValueError("it holds no problems")
    except (OSError, ValueError) as error:
        raise DataError(
            f"{str(file)!r} is not GSM8K ({error}); get it from {UPSTREAM.home}"
        ) from error
    return made


def _row(line: str, number: int) -> tuple[str, str]:
    try:
        row = json.loads(line)
        question, answer = row["question"], row["answer"]
        if not question.strip():
            raise ValueError("an empty question")
        float(answer.rpartition("####")[2].replace(",", ""))
        return question, answer
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(
            f"line {number} is no 'question' with an 'answer' that ends in '#### NUMBER'"
        ) from error


NUMERIC = tell(
    "Numbers are compared by value: 18.00 is 18; the harness compares their digits as text."
)
FLEXIBLY = tell("The flexible reader takes the answer that a reply states before its last number.")

BENCHMARKS.add(
    "gsm8k@0cot",
    Benchmark(
        name="gsm8k",
        protocol="gsm8k@0cot",
        version=1,
        chance=None,
        source=f"{UPSTREAM.source}, 1,319 cases",
        load=load,
        ask=ask_zero_shot,
        grade=TwoReaders(
            strict=on_last_line, flexible=anywhere, compare=same_number, counts=FLEXIBLE
        ),
        usual_count=200,
        departures=(
            tell("The wording is our own; the paper trained its models and prompted none."),
        ),
    ),
)
BENCHMARKS.add(
    "gsm8k@8shot-cot",
    Benchmark(
        name="gsm8k",
        protocol="gsm8k@8shot-cot",
        version=1,
        chance=None,
        source=f"{UPSTREAM.source}, 1,319 cases",
        load=load,
        ask=ask_eight_shot,
        grade=TwoReaders(
            strict=behind_final, flexible=anywhere, compare=same_number, counts=STRICT
        ),
        usual_count=200,
        departures=(
            NUMERIC,
            FLEXIBLY,
        ),
    ),
)
BENCHMARKS.add(
    "gsm8k@5shot",
    Benchmark(
        name="gsm8k",
        protocol="gsm8k@5shot",
        version=1,
        chance=None,
        source=f"{UPSTREAM.source}, 1,319 cases",
        load=load_with_shots,
        ask=ask_five_shot,
        grade=TwoReaders(
            strict=behind_hashes, flexible=anywhere, compare=same_number, counts=STRICT
        ),
        usual_count=200,
        way="continue",
        departures=(
            tell(
                "All cases get the same five examples, the first of the train split; the harness "
                "draws five anew for each."
            ),
            NUMERIC,
            FLEXIBLY,
        ),
    ),
)

grade = TwoReaders(strict=in_some_format, flexible=anywhere, compare=same_number, counts=FLEXIBLE)
"""Of a reply in a log, where the format asked for is one of those known here."""
