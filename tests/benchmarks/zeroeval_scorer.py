"""How ZeroEval's authors score GSM8K and MATH level 5, restated for comparison with ours.

Of the first complete JSON object, else of whatever looks like its field `answer`, the first number
is taken; so is that of the key, and the two are compared. That reproduces their published figures.
"""

import ast
import gzip
import json
import operator
import re
from pathlib import Path
from typing import Any

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_FIELD = (
    (r'"answer"\s*:\s*"([^"]*?)"', 0),
    (r'"answer"\s*:\s*"(.*?)"', re.DOTALL),
    (r'"answer"\s*:\s*([^,\s]*)', 0),
    (r"answer\s*:\s*([^,\s]*)", 0),
)
_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def rows(file: Path) -> list[dict[str, Any]]:
    """The recorded replies of one model."""
    with gzip.open(file, "rt", encoding="utf-8") as text:
        read: list[dict[str, Any]] = json.load(text)
    return read


def authors_mark(model: str, reply: str, key: str) -> bool | None:
    """Their mark; None where they count the reply as no answer."""
    answer = _answer(model, reply)
    if answer is None:
        return None
    said, wanted = (_NUMBER.search(_cleaned(text)) for text in (answer, key.replace("#", "")))
    return bool(said and wanted and float(said[0]) == float(wanted[0]))


def _answer(model: str, reply: str) -> str | None:
    found = _first_object(reply)
    if isinstance(found, dict) and "answer" in found:
        return str(found["answer"])
    for pattern, flags in _FIELD:
        if match := re.search(pattern, reply, flags):
            return match[1]
    boxed = re.search(r"\\boxed{(\w+)}", reply) if "Llama-3.1" in model else None
    return boxed[1] if boxed else None


def _first_object(reply: str) -> Any:
    depth, start = 0, 0
    for place, sign in enumerate(reply):
        if sign == "{":
            start = start if depth else place
            depth += 1
        elif sign == "}" and depth:
            depth -= 1
            if not depth:
                try:
                    return json.loads(reply[start : place + 1].replace("\n", ""))
                except json.JSONDecodeError:
                    return None
    return None


def _cleaned(answer: str) -> str:
    """Without currency and commas; fractions are worked out, as their `eval` does."""
    text = answer.replace("$", "").strip().replace(",", "")
    if "/" in text:
        try:
            return str(float(_worked_out(ast.parse(text.strip(), mode="eval").body)))
        except (SyntaxError, ValueError, ZeroDivisionError):
            pass
    return text


def _worked_out(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_worked_out(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return float(_OPERATORS[type(op)](_worked_out(left), _worked_out(right)))
    raise ValueError("no arithmetic")
