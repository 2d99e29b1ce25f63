"""The pages of the arena: two replies without names side by side, and what the votes come to.

The server that sends them sends the content policy along: our style and our script by hash, our
own address to send votes to, pictures from within, and nothing else.
"""

import json
from base64 import b64encode
from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from visavis.core.outcome import CLIP, Evidence
from visavis.core.prompt import Image
from visavis.measure.store import StoredCase
from visavis.options import Language
from visavis.report.arena_judged import VotedPair
from visavis.report.language import Words
from visavis.report.page import asset, digest, environment
from visavis.report.text import HIDDEN
from visavis.report.transcripts import sent
from visavis.report.votes import VotesView

_OTHER: dict[Language, tuple[Language, str]] = {"en": ("fr", "Français"), "fr": ("en", "English")}
_ALWAYS = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class Sent(NamedTuple):
    """A page, and the content policy that goes with it."""

    html: str
    policy: str


def arena_page(lang: Language) -> Sent:
    """The page on which votes are given. It holds no reply and no name."""
    style = asset("page.css") + asset("arena.css")
    script = asset("texts.js") + asset("arena.js")
    data = json.dumps({"hidden": HIDDEN, "words": _script_words(lang)}).replace("<", "\\u003c")
    html = _render("arena.html.j2", lang, style, data=Markup(data), script=Markup(script))
    return Sent(
        html,
        f"{_ALWAYS}; style-src '{digest(style)}'; script-src '{digest(script)}'; "
        "connect-src 'self'; img-src data:",
    )


def results_page(
    votes: VotesView | None, run: str, lang: Language, judged: Sequence[VotedPair] = ()
) -> Sent:
    """What the votes come to, with names; `votes` is None where there are none. `judged` is what
    judges said of the replies that the voter has voted on."""
    style = asset("page.css") + asset("arena.css")
    html = _render("arena_results.html.j2", lang, style, votes=votes, run=run, judged=judged)
    return Sent(html, f"{_ALWAYS}; style-src '{digest(style)}'; img-src data:")


class Side(NamedTuple):
    """One reply of a pair."""

    text: str
    seen: tuple[Evidence, ...]
    """What checks saw of it."""


def bout(
    pair: int, asked: StoredCase, benchmark: str, left: Side, right: Side
) -> dict[str, object]:
    """One pair of replies as the page gets it: what tells whose they are is left out, and what
    checks made of what they saw."""
    pictures = [image for message in asked.prompt.messages for image in message.images]
    return {
        "pair": pair,
        "benchmark": benchmark,
        "question": asked.case.question,
        "prompt": sent(asked),
        "pictures": _embedded(pictures),
        "left": left.text,
        "right": right.text,
        "frames": {"left": _frames(left), "right": _frames(right)},
    }


def _frames(side: Side) -> list[list[str]]:
    """Pictures with their names; clips last, since they move."""
    pictures = [one for one in side.seen if one.media_type.startswith("image/")]
    pictures.sort(key=lambda one: one.name.endswith(CLIP))
    return [[one.name, _data(one.media_type, one.data)] for one in pictures]


def _embedded(pictures: Sequence[Image]) -> list[str]:
    return [_data(picture.media_type, picture.data) for picture in pictures]


def _data(media_type: str, content: bytes) -> str:
    return f"data:{media_type};base64,{b64encode(content).decode()}"


def _render(template: str, lang: Language, style: str, **values: object) -> str:
    other, other_named = _OTHER[lang]
    return (
        environment()
        .get_template(template)
        .render(
            lang=lang,
            _=Words(lang),
            other=other,
            other_named=other_named,
            style=Markup(style),
            **values,
        )
    )


def _script_words(lang: Language) -> dict[str, str]:
    _ = Words(lang)
    return {
        "more": _("Show more (%s characters left)"),
        "prompt": _("The whole prompt, as sent"),
        "picture": _("Picture %s of the question"),
        "frame": _("Frame of %s"),
        "silent": _("The reply is empty."),
        "progress": _("%s of %s pairs"),
        "left": _("Kept: A is better."),
        "right": _("Kept: B is better."),
        "tie": _("Kept: a tie."),
        "skip": _("Skipped."),
        "before": _("You had judged this pair before: that vote stands."),
        "undone": _("The last vote was taken back."),
        "back": _("The skipped pairs come again."),
        "lost": _("Nothing was kept: %s. See whether visavis is still running, then try again."),
    }
