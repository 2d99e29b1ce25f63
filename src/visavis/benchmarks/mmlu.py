"""MMLU: 14,042 questions with four choices, of 57 subjects from algebra to world religions.

Hendrycks et al. 2021, "Measuring Massive Multitask Language Understanding", arXiv 2009.03300.
One model has several published scores, which differ in how it was asked:

- `mmlu@openai-0cot`: a chat that reasons first, as OpenAI's simple-evals (github.com/openai/
  simple-evals, `mmlu_eval.py` and `common.py`): system message, temperature 0.5, 2,048 tokens.
- `mmlu@meta-0cot`: a chat that reasons first, as Meta's evaluations of Llama 3.1 (github.com/
  meta-llama/llama-models, `models/llama3_1/eval_details.md`; the prompts are those of the data set
  `Llama-3.1-8B-Instruct-evals`): greedy, 1,024 tokens. Meta print the mean of subjects.
- `mmlu@meta-5shot`: the same, five examples as earlier turns, no reasoning, 10 tokens.
- `mmlu@orig-loglik`: the paper's own (github.com/hendrycks/test, `evaluate.py`): five examples as
  raw text, and the letter that the model finds likeliest. The text before a question is the same
  for a whole subject, so that an engine can reuse it.

Questions count as independent, as in every published interval: the subjects are not drawn from
more subjects, they are the ones the benchmark has (so `mean of subjects` is a stratified mean).
The strict reader is the protocol's; the flexible one takes a letter stated in any way.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence

from visavis.benchmarks.base import BENCHMARKS, Benchmark, Figure, Graded, LoadOptions
from visavis.benchmarks.figures import STRICT, divided, macro
from visavis.benchmarks.mmlu_files import (
    LETTERS,
    UPSTREAM,
    WHOLE,
    Row,
    cases,
    examples,
    questions,
)
from visavis.benchmarks.two_readers import TwoReaders
from visavis.core.case import Case
from visavis.core.fence import Fence
from visavis.core.outcome import Grade, Score
from visavis.core.prompt import Message, Prompt, Settings, ask, choose
from visavis.core.tell import tell
from visavis.scoring.letters import stated_letter

OPENAI = (
    "Answer the following multiple choice question. The last line of your response should be of "
    "the following format: 'Answer: $LETTER' (without quotes) where LETTER is one of ABCD. Think "
    "step by step before answering.\n\n{question}\n\nA) {A}\nB) {B}\nC) {C}\nD) {D}"
)
OPENAI_SYSTEM = "You are a helpful assistant."
META_COT = (
    "Given the following question and four candidate answers (A, B, C and D), choose the best "
    "answer.\n\nQuestion: {question}\nA. {A}\nB. {B}\nC. {C}\nD. {D}\n\n"
    "- For simple problems:\nDirectly provide the answer with minimal explanation.\n\n"
    "- For complex problems:\nUse this step-by-step format:\n"
    "## Step 1: [Concise description]\n[Brief explanation]\n"
    "## Step 2: [Concise description]\n[Brief explanation]\n\n"
    "Regardless of the approach, always conclude with:\n"
    "The best answer is [the_answer_letter].\n"
    "where the [the_answer_letter] is one of A, B, C or D.\n\nLet's think step by step."
)
META = (
    "Given the following question and four candidate answers (A, B, C and D), choose the best "
    "answer.\nQuestion: {question}\nA. {A}\nB. {B}\nC. {C}\nD. {D}\n"
    'Your response should end with "The best answer is [the_answer_letter]" where the '
    "[the_answer_letter] is one of A, B, C or D."
)
ORIGINAL = "{question}\nA. {A}\nB. {B}\nC. {C}\nD. {D}\nAnswer:"
ORIGINAL_HEAD = "The following are multiple choice questions (with answers) about  {}.\n\n"
"""With the two spaces that the authors' program writes."""
CHOICES = tuple(f" {letter}" for letter in LETTERS)


def load(options: LoadOptions) -> tuple[Case, ...]:
    return cases(questions(options), {})


def load_with(
    shots: Callable[[str, Sequence[Row]], str],
) -> Callable[[LoadOptions], tuple[Case, ...]]:
    """A loader that gives each case its subject's examples, as `shots` writes them."""

    def loading(options: LoadOptions) -> tuple[Case, ...]:
        written = {subject: shots(subject, rows) for subject, rows in examples(options).items()}
        return cases(questions(options), written)

    return loading


def as_text(subject: str, rows: Sequence[Row]) -> str:
    """A subject's head and examples: what stands before every question of it."""
    shown = (f"{_worded(ORIGINAL, row)} {row.answer}\n\n" for row in rows)
    return ORIGINAL_HEAD.format(subject.replace("_", " ")) + "".join(shown)


def as_turns(subject: str, rows: Sequence[Row]) -> str:
    """A subject's examples as pairs of what was asked and what was answered, in JSON."""
    return json.dumps([(_worded(META, row), f"The best answer is {row.answer}.") for row in rows])


def ask_openai(case: Case) -> Prompt:
    return Prompt(
        messages=(
            Message(role="system", content=OPENAI_SYSTEM),
            Message(role="user", content=_question(OPENAI, case)),
        ),
        settings=Settings(max_tokens=2048, temperature=0.5),
    )


def ask_meta_cot(case: Case) -> Prompt:
    return ask(_question(META_COT, case), max_tokens=1024)


def ask_meta(case: Case) -> Prompt:
    turns: list[Message] = []
    for asked, answered in json.loads(case.fields["shots"]):
        turns.append(Message(role="user", content=asked))
        turns.append(Message(role="assistant", content=answered))
    turns.append(Message(role="user", content=_question(META, case)))
    return Prompt(messages=tuple(turns), settings=Settings(max_tokens=10))


def ask_original(case: Case) -> Prompt:
    return choose(case.fields["shots"] + _question(ORIGINAL, case), CHOICES)


_DRESS = (
    r"**",
    r"$\boxed{",
    r"}$",
    r"\$",
    r"$\text{",
    r"$",
    r"\mathrm{",
    r"\{",
    r"\text",
    r"\(",
    r"\mathbf{",
    r"{",
    r"\boxed",
)
"""What simple-evals take out of a reply, in this order."""
_LABELS = (
    "Answer :|Answer :~|উত্তর :|उत्तर :|উত্তরঃ|Antwort :|답변 :|정답 :|답 :|答案 ：|答案 :|"
    "答 ：|答 :|答复 ：|答曰 ：|الإجابة:|الجواب:|إجابة:|الإجابة النهائية:|الإجابة الصحيحة:|"
    "الإجابة الصحيحة هي:|الإجابة هي:|الجواب النهائي:|Respuesta :|Risposta :|答え :|答え ：|"
    "回答 :|回答 ：|解答 :|Jawaban :|Réponse :|Resposta :|Jibu :|Idahun :|Ìdáhùn :|Idáhùn :|"
    "Àmọ̀nà :|Àdáhùn :|Ànúgọ :|Àṣàyàn :"
)
"""Simple-evals' words for "Answer", in their order: the first that a letter stands behind counts.
A space before the colon is any number of them, a tilde any number of zero-width characters."""
_COLON = {" :": r"\s*:", " ：": r"\s*：", "~": "[\u200b-\u200d\u2060\ufeff]*"}
_FOREIGN = str.maketrans("أبجدঅবডঢＡＢＣＤ", "ABCDABCDABCD")


def _pattern(label: str) -> re.Pattern[str]:
    for written, meant in _COLON.items():
        label = label.replace(written, meant)
    return re.compile(rf"{label}[ \t]*([A-D]|[أ-د]|[অবডঢ]|[ＡＢＣＤ])", re.IGNORECASE)


_PATTERNS = tuple(map(_pattern, _LABELS.split("|")))


def openai_letter(case: Case, text: str) -> str | None:
    """As simple-evals read: the first letter behind the first of their words for "Answer"."""
    for dress in _DRESS:
        text = text.replace(dress, "")
    found = (pattern.search(text) for pattern in _PATTERNS)
    first = next((match[1] for match in found if match), None)
    return first.translate(_FOREIGN) if first else None


_BEST = re.compile(r"best answer is ([A-Z])")


def meta_letter(case: Case, text: str) -> str | None:
    """The letter behind the last "best answer is"."""
    found: list[str] = _BEST.findall(text)
    return found[-1] if found else None


def any_letter(case: Case, text: str) -> str | None:
    return stated_letter(text, LETTERS)


def same_letter(case: Case, read: str) -> Grade:
    return Score(
        value=float(read == case.target),
        because=tell("read {read}, key {key}", read=read, key=case.target),
        read=read,
    )


def grade_choice(case: Case, text: str, fence: Fence) -> Grade:
    if text not in CHOICES:
        return Score(value=0.0, because=tell("none of the choices"))
    return same_letter(case, text.strip())


def figures(graded: Sequence[Graded]) -> Iterable[Figure]:
    """Averaged over subjects, and by field and subject."""
    yield macro(graded, "subject")
    yield from divided(graded, "field")
    yield from divided(graded, "subject")


def _question(wording: str, case: Case) -> str:
    return wording.format(question=case.question, **{name: case.fields[name] for name in LETTERS})


def _worded(wording: str, row: Row) -> str:
    return wording.format(question=row.question, **dict(zip(LETTERS, row.choices, strict=True)))


_TEXT = tell("Choices are read as text, so none that looks like a missing value is lost.")
_META = tell(
    "The reader is that of lm-evaluation-harness's reproduction: Meta's own is not published."
)


def _protocol(
    name: str,
    *,
    ask: Callable[[Case], Prompt],
    departures: tuple[str, ...],
    strict: Callable[[Case, str], str | None] | None = None,
    shots: Callable[[str, Sequence[Row]], str] | None = None,
) -> None:
    """Register a protocol: one that reads a reply, or else one that has a choice made."""
    reads = strict and TwoReaders(
        strict=strict, flexible=any_letter, compare=same_letter, counts=STRICT
    )
    BENCHMARKS.add(
        f"mmlu@{name}",
        Benchmark(
            name="mmlu",
            protocol=f"mmlu@{name}",
            version=1,
            chance=1 / len(LETTERS),
            usual_count=200,
            source=f"{UPSTREAM.source}, {WHOLE:,} cases",
            load=load_with(shots) if shots else load,
            ask=ask,
            grade=reads or grade_choice,
            figures=figures,
            way="chat" if reads else "choose",
            departures=departures,
        ),
    )


_protocol(
    "openai-0cot",
    ask=ask_openai,
    strict=openai_letter,
    departures=(
        tell("Any zero-width character is passed over where simple-evals pass over one."),
        _TEXT,
    ),
)
_protocol("meta-0cot", ask=ask_meta_cot, strict=meta_letter, departures=(_META, _TEXT))
_protocol(
    "meta-5shot",
    ask=ask_meta,
    strict=meta_letter,
    shots=as_turns,
    departures=(
        tell(
            'The reply is not begun with "The best answer is" for the model: no hosted one lets us.'
        ),
        _META,
        _TEXT,
    ),
)
_protocol(
    "orig-loglik",
    ask=ask_original,
    shots=as_text,
    departures=(
        tell("No example is left out where the text grows longer than 2,048 tokens."),
        _TEXT,
    ),
)
