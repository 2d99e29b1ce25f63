"""Where the program is in a reply."""

import pytest

from visavis.scoring.program_text import program_text


@pytest.mark.parametrize(
    ("reply", "program"),
    [
        ("Here:\n```python\nx = 1\n```\nDone.", "x = 1\n"),
        ("```py\nx = 1\n```\n```\nx = 1\ny = 2\n```", "x = 1\ny = 2\n"),
        ("```bash\npip install pygame-ce\n```\n```python\nx\n```", "x\n"),
        ("~~~python\nx = '```'\n~~~", "x = '```'\n"),
        ("```python\nx = (1,\n", "x = (1,\n"),
        ("```python\nlong but ( not python\n```\n```python\nx\n```", "x\n"),
        ("```markdown\nHere:\n```python\nx = 1\n```\n```\n", "x = 1\n"),
        ("```markdown\n```python\nx = 1\n```", "x = 1\n"),
        ("x = 1\n", "x = 1\n"),
        ("I cannot do this.", None),
        ("", None),
    ],
)
def test_the_longest_valid_block_is_the_program(reply: str, program: str | None) -> None:
    assert program_text(reply) == program
