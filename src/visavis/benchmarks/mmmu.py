"""MMMU: college questions about pictures, 900 of 30 subjects; MMMU-Pro: 1,730 harder to guess.

Yue et al. 2024, "MMMU: A Massive Multi-discipline Multimodal Understanding and Reasoning
Benchmark", arXiv 2311.16502 (validation split: the test split's answers are not published);
Yue et al. 2025, "MMMU-Pro", arXiv 2409.02813. Both at github.com/MMMU-Benchmark/MMMU.

- `mmmu@direct`: a letter or a short answer at once, in the authors' words (`llava1.5.yaml`).
- `mmmu@0cot`: reasoning first, in the words of MMMU-Pro.
- `mmmu-pro@direct`, `mmmu-pro@0cot`: up to ten options (`mmmu-pro/infer/infer_gpt.py` and
  `prompts.yaml` beside it).
- `mmmu-pro@vision`: the question, too, is in the picture; reasoning first.

The flexible reader is the authors' and gives the score; the strict one takes a letter only where
it is stated as the answer.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from visavis.benchmarks.base import BENCHMARKS, Benchmark, Figure, Graded
from visavis.benchmarks.figures import FLEXIBLE, STRICT, divided
from visavis.benchmarks.mmmu_files import PRO, VALIDATION, VISION, Questions
from visavis.benchmarks.mmmu_rules import (
    LETTERS,
    is_right,
    letter,
    letter_pro,
    short_answers,
)
from visavis.core.case import Case
from visavis.core.fence import Fence
from visavis.core.outcome import Grade, Score
from visavis.core.prompt import Message, Prompt, Settings
from visavis.core.tell import tell
from visavis.scoring.letters import stated_letter

DIRECT = (
    "{question}\n\n{options}\n\nAnswer with the option's letter from the given choices directly."
)
DIRECT_SHORT = "{question}\n\nAnswer the question using a single word or phrase."
PRO_DIRECT = "{question}\n{options}\nAnswer with the option letter from the given choices directly."
_LAST_LINE = (
    "The last line of your response should be of the following format: 'Answer: $LETTER' (without "
    "quotes) where LETTER is one of options. Think step by step before answering."
)
COT = "{question}\n{options}\nAnswer the preceding multiple choice question. " + _LAST_LINE
COT_SHORT = (
    "{question}\nAnswer the preceding question. The last line of your response should be of the "
    "following format: 'Answer: $ANSWER' (without quotes) where ANSWER is a single word, number or "
    "phrase. Think step by step before answering."
)
COT_VISION = "Write out the multiple-choice question in the image and then solve it. " + _LAST_LINE
DIRECT_TOKENS, COT_TOKENS = 128, 4096

Rule = Callable[[str, Sequence[str]], str | None]
"""Reads a letter in a reply, given the options' texts."""


def ask_direct(case: Case) -> Prompt:
    options = "".join(f"({one}) {text}\n" for one, text in lettered(case))
    wording = DIRECT if options else DIRECT_SHORT
    return _ask(case, wording.format(question=case.question, options=options), DIRECT_TOKENS)


def ask_pro(wording: str, case: Case) -> Prompt:
    options = "\n".join(f"{one}. {text}" for one, text in lettered(case))
    wording = wording if options else COT_SHORT
    return _ask(case, wording.format(question=case.question, options=options), COT_TOKENS)


def lettered(case: Case) -> tuple[tuple[str, str], ...]:
    """The options with their letters; none where a short answer is asked for."""
    return tuple(zip(LETTERS, json.loads(case.fields.get("options", "[]")), strict=False))


def _ask(case: Case, text: str, max_tokens: int) -> Prompt:
    message = Message(role="user", content=text, images=case.images)
    return Prompt(messages=(message,), settings=Settings(max_tokens=max_tokens))


def grade_by(rule: Rule, case: Case, text: str, fence: Fence) -> Grade:
    """The score by the authors' rule; beside it the mark of the reader who wants it stated."""
    options = [option for _, option in lettered(case)]
    if not options:
        return _short(case, text)
    stated = stated_letter(text, LETTERS[: len(options)])
    read = rule(text, options) or stated
    right = float(read == case.target)
    because = tell("no letter can be read")
    if read is not None:
        because = tell("read {read}, key {key}", read=read, key=case.target)
    marks = {STRICT: float(stated == case.target), FLEXIBLE: right}
    return Score(value=right, because=because, read=read, marks=MappingProxyType(marks))


def _short(case: Case, text: str) -> Grade:
    """What stands behind the last "Answer:", or the whole reply, against all accepted answers."""
    said = text.rpartition("Answer:")[2].strip()
    if not said:
        return Score(value=0.0, because=tell("no answer"), marks=_alike(0.0))
    accepted = json.loads(case.target)
    right = float(is_right(short_answers(said), accepted))
    key = " or ".join(accepted)
    because = tell("holds {key}", key=key) if right else tell("does not hold {key}", key=key)
    return Score(value=right, because=because, read=said, marks=_alike(right))


def _alike(value: float) -> MappingProxyType[str, float]:
    return MappingProxyType({STRICT: value, FLEXIBLE: value})


def figures(graded: Sequence[Graded]) -> Iterator[Figure]:
    yield from divided(graded, "discipline")
    yield from divided(graded, "subject")


grade = partial(grade_by, letter_pro)
"""By MMMU-Pro's rule, for whoever has a reply and its case."""

DEPARTURES = (
    tell(
        "Where the authors' rules read no letter they draw one at random; here a letter that is "
        "stated as the answer is read, and where none is, the reply is unparsed and not right."
    ),
    tell(
        "Each picture stands behind the first mention of it; the authors' program for GPT-4o sends "
        "all of them behind the text."
    ),
    tell(
        "A picture that is larger than a candidate takes is made smaller, for all candidates alike."
    ),
)
_GREEDY = tell(
    "Temperature 0, where the authors' program for GPT-4o leaves it at the provider's 1."
)
_OURS = tell(
    "The authors have no wording for reasoning first on MMMU: this is MMMU-Pro's, and for short "
    "answers ours."
)

_PLAIN = Benchmark(
    name="mmmu",
    protocol="mmmu@direct",
    version=1,
    chance=0.247,
    source=f"MMMU validation split, {VALIDATION.whole} cases; Apache-2.0",
    load=VALIDATION.load,
    ask=ask_direct,
    grade=partial(grade_by, letter),
    figures=figures,
    needs_sight=True,
    departures=DEPARTURES,
)
"""`chance` is the mean of 1 / options over the 900, a short answer counting 0."""


def _pro(protocol: str, questions: Questions, wording: str) -> Benchmark:
    return replace(
        _PLAIN,
        name="mmmu-pro",
        protocol=protocol,
        chance=0.128,
        source=f"MMMU-Pro, {questions.whole:,} cases; Apache-2.0",
        load=questions.load,
        ask=partial(ask_pro, wording),
        grade=grade,
        departures=(*DEPARTURES, _GREEDY),
    )


for _one in (
    _PLAIN,
    replace(
        _PLAIN,
        protocol="mmmu@0cot",
        ask=partial(ask_pro, COT),
        grade=grade,
        departures=(*DEPARTURES, _OURS),
    ),
    _pro("mmmu-pro@direct", PRO, PRO_DIRECT),
    _pro("mmmu-pro@0cot", PRO, COT),
    _pro("mmmu-pro@vision", VISION, COT_VISION),
):
    BENCHMARKS.add(_one.protocol, _one)
