"""Whole reports as text, to be read by a person whenever they change.

`python -m tests.report.whole` writes them anew.
"""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from tests.report.fixtures import JUDGEMENT, RUN, TRIALS
from tests.report.speed.things import figures
from visavis.options import Language
from visavis.report.markdown import markdown
from visavis.report.speed.markdown import speed_markdown
from visavis.report.speed.terminal import show_speed
from visavis.report.speed.view import speed_view
from visavis.report.terminal import show
from visavis.report.view import view

FOLDER = Path(__file__).with_name("snapshots")
LANGUAGES: tuple[Language, ...] = ("en", "fr")


def reports() -> Iterator[tuple[str, str]]:
    """File name and text of each."""
    for lang in LANGUAGES:
        seen = view(JUDGEMENT, RUN, TRIALS, lang)
        for columns in (120, 72, 40):
            file = StringIO()
            show(seen, file, columns=columns)
            yield f"terminal-{columns}-{lang}.txt", file.getvalue()
        yield f"markdown-{lang}.md", markdown(seen)
        under_load = speed_view(figures(), lang)
        for columns in (120, 72):
            file = StringIO()
            show_speed(under_load, file, columns=columns)
            yield f"speed-{columns}-{lang}.txt", file.getvalue()
        yield f"speed-markdown-{lang}.md", speed_markdown(under_load)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in reports():
        (FOLDER / name).write_text(text, encoding="utf-8")
