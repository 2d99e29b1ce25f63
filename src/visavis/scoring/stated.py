"""Finds where a reply states its answer: "Answer: 12", "#### 12", "\\boxed{12}", in any language.

What is stated is given as it was written, for a reader of numbers, letters or formulas to read.
All take time linear in the text.
"""

import re
from collections import deque
from collections.abc import Iterator

WORDS = (
    "answer",
    "réponse",
    "antwort",
    "respuesta",
    "risposta",
    "resposta",
    "ответ",
    "jibu",
    "jawaban",
    "উত্তর",
    "उत्तर",
    "సమాధానం",
    "คำตอบ",
    "答案",
    "答え",
    "解答",
    "回答",
    "정답",
    "답변",
    "الإجابة",
    "الجواب",
)
"""What an answer is called in the languages of MGSM, and in some more."""

_LABEL = re.compile(
    rf"(?<![A-Za-z])(?:{'|'.join(WORDS)})"
    r"(?:[^.:：=\n]{0,60}?(?<![A-Za-z])(?:(?:is|are|est|sont|ist|es|è|é|ni)\b|হল|คือ|是|为|為|は)"
    r"|[^.:：=\n]{0,40}?[:：=—ঃ]"
    r"|(?=[ *_]{1,4}[\d$(]))"
    r"[ \t*_\"'“”:：=—-]{0,12}",
    re.IGNORECASE,
)
_HASHES = re.compile(r"####[ \t]*")
_BOXED = re.compile(r"\\(?:boxed|fbox)[ \t]*(?:\{|(?=[\dA-Za-z\\]))")
LONGEST = 1_000
"""Characters of one statement that are read."""
MOST = 50
"""Statements of one kind that are read: the last ones."""


def statements(text: str) -> tuple[str, ...]:
    """The answers that the text states, in order. Of one within another, the inner is later."""
    found = [*_boxes(text), *_behind(_LABEL, text), *_behind(_HASHES, text)]
    return tuple(said for _, said in sorted(found, key=lambda one: one[0]))


def boxed(text: str) -> tuple[str, ...]:
    """What stands in each `\\boxed{…}` or `\\fbox{…}`, braces balanced, in order."""
    return tuple(said for _, said in _boxes(text))


def labelled(text: str) -> tuple[str, ...]:
    """What stands behind each "Answer:", "The answer is", "La réponse est" …, to the line's end."""
    return tuple(said for _, said in _behind(_LABEL, text))


def field(text: str, name: str) -> str | None:
    r"""The last value that a JSON object of the text gives to `name`, as the model meant it.

    Read without a JSON parser: models break lines within strings, leave the end off, and write
    `"\frac12"`, of which JSON would make a form feed. A value that is cut short is none.
    """
    values = re.findall(
        rf'"{re.escape(name)}"\s*:\s*(?:"((?:[^"\\]|\\.)*)"(?=\s*(?:[,}}]|$))|([^\s"{{\[][^\n,}}]*))',
        text,
        re.DOTALL,
    )
    if not values:
        return None
    quoted, bare = values[-1]
    return re.sub(r'\\(["\\/])', r"\1", quoted).strip() or bare.strip() or None


def begins_json(text: str) -> bool:
    """Whether the reply set out to be a JSON object, bare or fenced, however it went on."""
    return re.match(r"\s*(?:```\w*\s*)?\{\s*\"", text) is not None


def _behind(label: re.Pattern[str], text: str) -> Iterator[tuple[int, str]]:
    """The rest of each line that has the label, or the next line with something on it."""
    for match in deque(label.finditer(text), maxlen=MOST):
        rest = text[match.end() : match.end() + LONGEST].lstrip()
        said = rest.partition("\n")[0].strip()
        if said.strip("*_ "):
            yield match.end(), said


def _boxes(text: str) -> Iterator[tuple[int, str]]:
    for match in deque(_BOXED.finditer(text), maxlen=MOST):
        start = match.end()
        end = _closing(text, start) if match[0].endswith("{") else start + 1
        if end is not None and (said := text[start:end].strip()):
            yield start, said


def _closing(text: str, start: int) -> int | None:
    """Where the brace that was opened before `start` is closed."""
    depth = 1
    for brace in re.finditer(r"(?<!\\)[{}]", text[start : start + LONGEST]):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return start + brace.start()
    return None
