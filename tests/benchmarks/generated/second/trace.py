"""Programs by running them: Python itself says what is printed."""

import re
from contextlib import redirect_stdout
from io import StringIO


def proven(question: str, language: str) -> str:
    found = re.search(r"```python\n(.+?)\n```", question, re.DOTALL)
    assert found, question
    printed = StringIO()
    with redirect_stdout(printed):
        exec(compile(found[1], "traced", "exec"), {})
    return printed.getvalue().strip()
