"""Finds the function that a model was asked for in what it replied.

EvalPlus's way (Liu et al. 2023, its `sanitize`): the longest run of lines that is valid Python,
of which imports, definitions and assignments are kept as far as the function needs them; calls,
prints and tests of the model's own are left out. That reads fenced and bare code alike, with prose
around it or cut off in the middle.

Departures, all in the model's favour: only runs that define the function are considered;
decorated functions and functions without a `return` are kept; a reply that is only the body is
put under the prompt.
"""

import ast
import re
import warnings
from collections.abc import Iterable, Sequence
from itertools import accumulate
from textwrap import dedent, indent
from threading import Lock

LINES_PARSED = 50_000
"""Lines parsed in search of one function, at most: a second or so, some hundred times what a
reply of ordinary length takes."""

CHARACTERS_READ = 32_768
"""What is beyond is not read: some ten times what 768 tokens hold."""

_QUIET = Lock()
_BLOCK = re.compile(r"^```[^\n`]*\n(.*?)(?:^```|\Z)", re.DOTALL | re.MULTILINE)


def solution(reply: str, *, entry_point: str, prompt: str) -> str | None:
    """Source that defines `entry_point`, or None when the reply holds no such function.

    `prompt` ends in the head of the function; it is used where the reply is only its body.
    """
    text = reply[:CHARACTERS_READ].replace("\r\n", "\n")
    return _longest(text.split("\n"), entry_point) or _completed(text, entry_point, prompt)


def is_python(text: str) -> bool:
    """Whether all of `text` can be compiled."""
    try:
        with _QUIET, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "<program>", "exec", dont_inherit=True, flags=ast.PyCF_ONLY_AST)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _longest(lines: Sequence[str], entry_point: str) -> str | None:
    filled = [0, *accumulate(bool(line.strip()) for line in lines)]
    best, best_count, left = None, 0, LINES_PARSED
    for start in range(len(lines)):
        if filled[-1] - filled[start] <= best_count or left <= 0:
            break
        tree, end, seen = _parsed(lines[start:])
        left -= seen
        count = filled[start + end] - filled[start]
        if count > best_count and _definition(tree, entry_point):
            best, best_count = _needed(tree, lines[start : start + end], entry_point), count
    return best


def _completed(reply: str, entry_point: str, prompt: str) -> str | None:
    """The prompt with the reply, or with its longest block of code, as the function's body."""
    body = dedent(max([*_BLOCK.findall(reply), ""], key=len) or reply).rstrip()
    lines = (prompt.rstrip() + "\n" + indent(body, "    ")).split("\n")
    tree, end, _ = _parsed(lines)
    function = _definition(tree, entry_point)
    return "\n".join(lines[:end]) if function and _returns(function) else None


def _returns(function: ast.stmt) -> bool:
    """Whether the function itself returns something, not only one that is defined in it."""
    left = list(ast.iter_child_nodes(function))
    while left:
        node = left.pop()
        if isinstance(node, ast.Return):
            return True
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            left += ast.iter_child_nodes(node)
    return False


def _parsed(lines: Sequence[str]) -> tuple[ast.Module, int, int]:
    """The longest beginning of `lines` that is valid Python, and how many lines it took to see.

    When the parser stops at a line, no beginning that holds the line is valid: what comes before
    is tried next.
    """
    end, seen = len(lines), 0
    while end > 0:
        try:
            # Odd escapes in a model's strings are none of our user's business.
            with _QUIET, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse("\n".join(lines[:end])), end, seen + end
        except SyntaxError as error:
            stopped = min(error.lineno or 1, end)
        except (ValueError, RecursionError, MemoryError):  # a NUL, a lone surrogate, too deep
            return ast.Module([], []), 0, seen + end
        seen += stopped
        end = stopped - 1
    return ast.Module([], []), 0, seen


def _definition(tree: ast.Module, name: str) -> ast.stmt | None:
    return next((node for node in reversed(tree.body) if name in _bound(node)), None)


def _needed(tree: ast.Module, lines: Sequence[str], entry_point: str) -> str:
    """The imports, and the definitions and assignments that `entry_point` rests on."""
    bound = [(node, _bound(node)) for node in tree.body]
    wanted, queue = {entry_point}, [entry_point]
    while queue:
        name = queue.pop()
        used = {word for node, names in bound if name in names for word in _words(node)}
        queue += used - wanted
        wanted |= used
    kept = [
        node
        for node, names in bound
        if isinstance(node, ast.Import | ast.ImportFrom) or names & wanted
    ]
    rows = sorted({row for node in kept for row in _rows(node)})
    return "\n".join(lines[row] for row in rows)


def _bound(node: ast.stmt) -> set[str]:
    """The names that a statement of the module gives a meaning to."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return {node.name}
        case ast.Assign(targets=targets):
            return set(_stored(targets))
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            return set(_stored([target]))
    return set()


def _stored(targets: Iterable[ast.expr]) -> Iterable[str]:
    return (
        node.id
        for target in targets
        for node in ast.walk(target)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )


def _words(node: ast.stmt) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def _rows(node: ast.stmt) -> range:
    """Where a statement stands, with its decorators; counted from 0."""
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
    return range(first - 1, node.end_lineno or node.lineno)
