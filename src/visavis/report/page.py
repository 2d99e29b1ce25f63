"""The view as one self-contained page: no network, no script but ours, nothing a model wrote runs.

Autoescape writes our words, and the transcripts travel as JSON that the script only ever turns
into text nodes. The content policy names our style and our script by hash and forbids all else,
so that markup which slipped through would still be dead.
"""

import json
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from visavis.report.chart import panels
from visavis.report.language import Words
from visavis.report.text import HIDDEN
from visavis.report.transcripts import MARKS, Exchange, Shot
from visavis.report.view import View

_TEMPLATES = Path(__file__).with_name("templates")
STYLES = ("page.css",)
SCRIPTS = ("texts.js", "page.js")
"""What the page is made of beside its sections, in this order."""


def page(view: View) -> str:
    """The whole view with every transcript, as an HTML page."""
    style, script = ("".join(map(asset, names)) for names in (STYLES, SCRIPTS))
    return (
        environment()
        .get_template("page.html.j2")
        .render(
            view=view,
            _=Words(view.lang),
            panels=panels(view),
            style=Markup(style),
            script=Markup(script),
            style_hash=digest(style),
            script_hash=digest(script),
            transcripts=Markup(_json(view)),
        )
    )


def fragment(view: View) -> str:
    """Verdict and table for a notebook: no script, no page around it."""
    template = environment().get_template("fragment.html.j2")
    return template.render(view=view, _=Words(view.lang), style=Markup(asset("fragment.css")))


@cache
def environment() -> Environment:
    """Where the templates are; what is not ours is escaped."""
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def asset(name: str) -> str:
    """Style or script, as a page holds it."""
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def digest(text: str) -> str:
    """As the content policy names it."""
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


def _json(view: View) -> str:
    """The transcripts for the script, in ASCII: no character in it can end the element."""
    document = {
        "heads": [head.name for head in view.heads],
        "hidden": HIDDEN,
        "words": _script_words(view),
        "cases": [_case(exchange) for exchange in view.exchanges],
    }
    return json.dumps(document, separators=(",", ":")).replace("<", "\\u003c")


def _case(exchange: Exchange) -> list[object]:
    """Lists, not objects: of 20,000 trials, names would be a third."""
    return [
        exchange.benchmark,
        exchange.case,
        exchange.question,
        exchange.target,
        exchange.prompt,
        [
            [
                reply.candidate,
                reply.mark,
                reply.because,
                reply.text,
                reply.reasoning,
                reply.measured,
                *([list(map(_shot, reply.shots))] if reply.shots else []),
            ]
            for reply in exchange.replies
        ],
    ]


def _shot(shot: Shot) -> list[object]:
    return [shot.name, shot.holds, shot.moves, b64encode(shot.png).decode()]


def _script_words(view: View) -> dict[str, str]:
    _ = Words(view.lang)
    return {mark: _(text) for mark, text in MARKS.items()} | {
        "key": _("Key"),
        "question": _("Question"),
        "prompt": _("The whole prompt, as sent"),
        "reasoning": _("Its reasoning, not graded"),
        "more": _("Show more (%s characters left)"),
        "silent": _("The reply is empty."),
        "none": _("No case is like this."),
        "shown": _("%s of %s cases"),
        "page": _("page %s of %s"),
        "unasked": _("Not asked."),
        "frame": _("Frame of %s"),
        "clips": _("Play the clips"),
    }
