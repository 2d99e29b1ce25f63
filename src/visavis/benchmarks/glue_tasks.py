"""GLUE's tasks: where their files keep texts and label, and how each is put to a model."""

from dataclasses import dataclass
from typing import Literal

Measure = Literal["accuracy", "Matthews", "F1", "correlations"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One task. `{0}` and `{1}` in its wordings are its texts."""

    name: str
    """As the hub has it, and `--on glue-NAME`."""
    folder: str
    """As the authors' download has it."""
    files: tuple[str, ...]
    """The validation split in the authors' files; for the diagnostics the one with keys."""
    columns: tuple[int, ...]
    """Of the texts in those files, from 0; the label's is the last."""
    header: bool = True
    written: tuple[str, ...]
    """Its labels as the authors' files write them, in the hub's numbering. Empty for an amount."""
    hub_columns: tuple[str, ...] = ("sentence1", "sentence2")
    """Of the texts in the hub's files, beside `label`."""
    whole: int
    """Cases of the validation split."""
    measures: tuple[Measure, ...] = ("accuracy",)
    """The paper's: more than one are averaged for the GLUE score."""
    loglik: str
    """Wording of lm-evaluation-harness 0.4.13, which has none for STS-B. `{stopped}` is the
    second text, ended by a full stop."""
    choices: tuple[str, ...]
    """What is chosen from, in the order of `labels`."""
    asked: str
    """Our own wording for a chat; what it may answer is said behind it."""
    labels: tuple[str, ...]
    """What a chat is to answer, and our keys. For F1 the last is the positive one."""

    @property
    def chance(self) -> float | None:
        return 1 / len(self.labels) if self.labels else None


_INFERENCE = (
    "Premise: {0}\nHypothesis: {1}\n\nDoes the premise entail the hypothesis, contradict it, or "
    "neither (neutral)?"
)
_PAIR = "Sentence 1: {0}\nSentence 2: {1}\n\n"
_THREE = ("entailment", "neutral", "contradiction")
_TWO = ("entailment", "not_entailment")

TASKS = (
    Task(
        name="cola",
        folder="CoLA",
        files=("dev.tsv",),
        columns=(3, 1),
        header=False,
        written=("0", "1"),
        hub_columns=("sentence",),
        whole=1_043,
        measures=("Matthews",),
        loglik="{0}\nQuestion: Does this sentence make sense?\nAnswer:",
        choices=("no", "yes"),
        asked="Sentence: {0}\n\nIs this sentence grammatically acceptable English?",
        labels=("unacceptable", "acceptable"),
    ),
    Task(
        name="sst2",
        folder="SST-2",
        files=("dev.tsv",),
        columns=(0, 1),
        written=("0", "1"),
        hub_columns=("sentence",),
        whole=872,
        loglik="{0}\nQuestion: Is this sentence positive or negative?\nAnswer:",
        choices=("negative", "positive"),
        asked="From a film review: {0}\n\nIs its sentiment positive or negative?",
        labels=("negative", "positive"),
    ),
    Task(
        name="mrpc",
        folder="MRPC",
        files=("dev.tsv",),
        columns=(3, 4, 0),
        written=("0", "1"),
        whole=408,
        measures=("accuracy", "F1"),
        loglik=(
            "Sentence 1: {0}\nSentence 2: {1}\nQuestion: Do both sentences mean the same thing?\n"
            "Answer:"
        ),
        choices=("no", "yes"),
        asked=f"{_PAIR}Do both sentences mean the same?",
        labels=("different", "equivalent"),
    ),
    Task(
        name="qqp",
        folder="QQP",
        files=("dev.tsv",),
        columns=(3, 4, 5),
        written=("0", "1"),
        hub_columns=("question1", "question2"),
        whole=40_430,
        measures=("accuracy", "F1"),
        loglik=(
            "Question 1: {0}\nQuestion 2: {1}\nQuestion: Do both questions ask the same thing?\n"
            "Answer:"
        ),
        choices=("no", "yes"),
        asked="Question 1: {0}\nQuestion 2: {1}\n\nDo both questions ask the same?",
        labels=("different", "duplicate"),
    ),
    Task(
        name="stsb",
        folder="STS-B",
        files=("dev.tsv",),
        columns=(7, 8, 9),
        written=(),
        whole=1_500,
        measures=("correlations",),
        loglik=(
            "Sentence 1: {0}\nSentence 2: {1}\nQuestion: How similar are both sentences, from 0 "
            "(unrelated) to 5 (the same meaning)?\nAnswer:"
        ),
        choices=("0", "1", "2", "3", "4", "5"),
        asked=f"{_PAIR}How similar are they in meaning, from 0 (unrelated) to 5 (the same)?",
        labels=(),
    ),
    Task(
        name="mnli",
        folder="MNLI",
        files=("dev_matched.tsv", "dev_mismatched.tsv"),
        columns=(8, 9, 15),
        written=_THREE,
        hub_columns=("premise", "hypothesis"),
        whole=19_647,
        loglik="{0}\nQuestion: {stopped} True, False or Neither?\nAnswer:",
        choices=("True", "Neither", "False"),
        asked=_INFERENCE,
        labels=_THREE,
    ),
    Task(
        name="qnli",
        folder="QNLI",
        files=("dev.tsv",),
        columns=(1, 2, 3),
        written=_TWO,
        hub_columns=("question", "sentence"),
        whole=5_463,
        loglik="{0}\n{1}\nQuestion: Does this response answer the question?\nAnswer:",
        choices=("yes", "no"),
        asked="Question: {0}\nSentence: {1}\n\nDoes the sentence answer the question?",
        labels=("yes", "no"),
    ),
    Task(
        name="rte",
        folder="RTE",
        files=("dev.tsv",),
        columns=(1, 2, 3),
        written=_TWO,
        whole=277,
        loglik="{0}\nQuestion: {1} True or False?\nAnswer:",
        choices=("True", "False"),
        asked="Premise: {0}\nHypothesis: {1}\n\nDoes the premise entail the hypothesis?",
        labels=("yes", "no"),
    ),
    Task(
        name="wnli",
        folder="WNLI",
        files=("dev.tsv",),
        columns=(1, 2, 3),
        written=("0", "1"),
        whole=71,
        loglik="{0}\nQuestion: {1} True or False?\nAnswer:",
        choices=("False", "True"),
        asked="Text: {0}\nStatement: {1}\n\nDoes the statement follow from the text?",
        labels=("no", "yes"),
    ),
    Task(
        name="ax",
        folder="AX",
        files=("diagnostic-full.tsv",),
        columns=(5, 6, 7),
        written=_THREE,
        whole=1_104,
        measures=("Matthews",),
        loglik="{0}\nQuestion: {stopped} True, False or Neither?\nAnswer:",
        choices=("True", "Neither", "False"),
        asked=_INFERENCE,
        labels=_THREE,
    ),
)
TASK = {task.name: task for task in TASKS}
