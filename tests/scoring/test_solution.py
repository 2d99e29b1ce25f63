"""The function in a reply: found as EvalPlus finds it, whatever stands around it."""

import ast
import time
import warnings

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from visavis.scoring.solution import solution

PROMPT = 'import math\n\n\ndef f(x):\n    """Halves x."""\n'
WHOLE = "def f(x):\n    return x / 2"


def found(reply: str) -> str | None:
    return solution(reply, entry_point="f", prompt=PROMPT)


@pytest.mark.parametrize(
    "reply",
    [
        WHOLE,
        f"```python\n{WHOLE}\n```",
        f"Sure!\n\n```python\n{WHOLE}\n```\n\nIt halves x.",
        f"Here you are.\n```\n{WHOLE}\n\nprint(f(2))\n```",
        f"```python\r\n{WHOLE}\r\n```".replace("\n    ", "\r\n    "),
        f"```python\n{WHOLE}\n",
        f"```python\n{WHOLE}\n\nif __name__ == '__main__':\n    f(input())\n```",
    ],
)
def test_prose_fences_and_the_models_own_tests_are_left_out(reply: str) -> None:
    assert found(reply) == WHOLE


def test_what_the_function_rests_on_is_kept_and_the_rest_is_not() -> None:
    kept = [
        "import math",
        "from functools import cache",
        "HALF: float = 0.5",
        "a, b = 1, 2",
        "a += 1",
        "@cache\ndef helper(x):\n    return x * HALF + a - a",
        "def mend(xs):\n    xs.sort()",
        "class Pair:\n    pass",
        "async def f(x):\n    mend([Pair()])\n    return helper(x)",
    ]
    lost = ["unused = 3", "def main():\n    print(f(1))", "assert True", "print(HALF)"]
    source = found("\n".join([*kept[:5], lost[0], *kept[5:], *lost[1:]]))
    assert source == "\n".join(kept)


@pytest.mark.parametrize(
    "reply",
    [
        "    return x / 2",
        "return x / 2",
        "```python\n    return x / 2\n```",
        "Put this into it:\n```python\nreturn x / 2\n```\nDone.",
    ],
)
def test_a_reply_that_is_only_the_body_is_put_under_the_prompt(reply: str) -> None:
    assert found(reply) == PROMPT + "    return x / 2"


def test_a_cut_reply_is_read_as_far_as_it_is_whole() -> None:
    assert found("```python\ndef f(x):\n    y = x\n    return y\n    z = (1 +") == (
        "def f(x):\n    y = x\n    return y"
    )


def test_the_longer_of_two_tries_is_taken() -> None:
    longer = "def f(x):\n    y = x / 2\n    return y"
    assert found(f"```\n{longer}\n```\nor\n```\n{WHOLE}\n```") == longer


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "I cannot do that.",
        "Sorry",
        "def g(x):\n    return 1",
        "```\nprint(1)\n```",
        "\0def f(x):",
        "(" * 30_000,
        "-" * 30_000 + "1",
        "a" + ".a" * 2_500,
        "\ud800",
    ],
)
def test_a_reply_without_the_function_has_no_solution(reply: str) -> None:
    assert found(reply) is None


def test_odd_escapes_in_a_models_strings_bother_nobody() -> None:
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        assert found('def f(x):\n    return "\\d"') is not None
    assert not heard


def longest_run(text: str) -> str:
    """EvalPlus's own way: every pair of lines is tried. The best run that defines `f`."""
    lines, best, most = text.split("\n"), "", 0
    for i in range(len(lines)):
        for j in range(i, len(lines)):
            run = "\n".join(lines[i : j + 1])
            count = sum(bool(line.strip()) for line in lines[i : j + 1])
            if count > most and defines_f(run):
                best, most = run, count
    return best


def defines_f(run: str) -> bool:
    try:
        body = ast.parse(run).body
    except SyntaxError:
        return False
    return any(isinstance(node, ast.FunctionDef) and node.name == "f" for node in body)


PIECES = [
    "Sure, here it is:",
    "```python",
    "```",
    "def f(x):",
    "    return x",
    "    y = (x +",
    "        1)",
    "    if x:",
    "    else:",
    "        pass",
    '    """Doc.',
    '    """',
    "import math",
    "@cache",
    "try:",
    "finally:",
    "",
    "z = 1",
]


LINES = st.lists(st.sampled_from(PIECES), max_size=7).map("\n".join)


@given(LINES, LINES)
@settings(max_examples=200, deadline=None)
def test_the_run_is_the_one_that_evalplus_finds(before: str, after: str) -> None:
    text = f"{before}\ndef f(x):\n    return z\n{after}"
    assume(run := longest_run(text))
    assert found(text) == found(run)


def test_attributes_of_the_function_do_not_define_it() -> None:
    assert found("f.calls = 0") is None


@pytest.mark.parametrize(
    "reply",
    [
        "a\n" * 16_000 + "def f(x):\n    x x",
        "'''\n" * 8_000 + WHOLE,
        "def f(\n" * 4_000,
        "def f(x): return 1\nx x\n" * 1_300,
        "x = 1\n" * 100_000,
    ],
)
def test_no_reply_takes_long(reply: str) -> None:
    start = time.process_time()
    found(reply)
    assert time.process_time() - start < 15
