"""The view as one self-contained page: no network, no script but ours, nothing a model wrote runs.

Autoescape writes our words, and the transcripts travel packed, as letters and digits that the
script only ever turns into text nodes. The content policy names our style and our script by hash
and forbids all else, so that markup which slipped through would still be dead; where transcripts
lie beside the page, it allows what our script loads (`strict-dynamic`), which is their folder.
"""

import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from visavis.options import Language
from visavis.report.charts.gaps import panels
from visavis.report.glance import glance
from visavis.report.language import N_, Words
from visavis.report.money_export import for_script
from visavis.report.text import HIDDEN, figure_words
from visavis.report.traces import place, showing
from visavis.report.transcripts_packed import Aside, Packed, pack
from visavis.report.transcripts_words import transcript_words
from visavis.report.view import View

_TEMPLATES = Path(__file__).with_name("templates")
CHOOSE = ("choose_worlds.js", "choose_verdict.js", "choose.js")
TRANSCRIPTS = (
    "transcripts_store.js",
    "transcripts_diff.js",
    "transcripts_judged.js",
    "transcripts.js",
)
MONEY = ("money_sums.js", "money_chart.js", "money.js")
STYLES = (
    "page.css",
    "view.css",
    "choose.css",
    "face.css",
    "money.css",
    "charts.css",
    "transcripts.css",
)
SCRIPTS = ("texts.js", "figures.js", *CHOOSE, "traces.js", *MONEY, *TRANSCRIPTS, "page.js")
"""What the page is made of beside its sections, in this order; `page.js` starts the others."""
SECTIONS = {
    "verdict": N_("Verdict"),
    "choose": N_("Choose"),
    "face": N_("Face to face"),
    "charts": N_("Charts"),
    "money": N_("Money"),
    "faq": N_("Questions and answers"),
    "behind": N_("Behind the scores"),
    "votes": N_("Votes"),
    "benchmarks": N_("Benchmarks"),
    "transcripts": N_("Transcripts"),
    "source": N_("Where this comes from"),
}
"""Templates in `sections/`, in the page's order, each with the name that its link has. One that
writes nothing is left out."""
LANGUAGES: dict[Language, str] = {"en": "English", "fr": "Français"}


def page(view: View, *others: View, aside: Aside | None = None) -> str:
    """The whole report as an HTML page, live in `view`'s language; of `others`, the same run in
    other languages, each waits in the page until a reader switches to it. Transcripts that are too
    many for a page go to `aside`."""
    style, script = ("".join(map(asset, names)) for names in (STYLES, SCRIPTS))
    languages = [each.lang for each in (view, *others)]
    packed = pack(view.exchanges, len(view.heads), aside)
    first, *rest = (_Spoken(each, _spoken(each, sorted(languages))) for each in (view, *others))
    return (
        environment()
        .get_template("page.html.j2")
        .render(
            first=first,
            others=rest,
            data=_data(view, packed),
            chunks=map(Markup, packed.embedded),
            beside=bool(packed.index["folder"]),
            style=Markup(style),
            script=Markup(script),
            style_hash=digest(style),
            script_hash=digest(script),
        )
    )


class _Spoken(NamedTuple):
    """A view, and the page's body in its language."""

    view: View
    html: Markup


class _Section(NamedTuple):
    name: str
    title: str
    html: Markup


def _spoken(view: View, languages: Sequence[Language]) -> Markup:
    template = environment().get_template("view.html.j2")
    return Markup(
        template.render(
            view=view,
            _=Words(view.lang),
            sections=[*_sections(view)],
            languages=languages,
            language_names=LANGUAGES,
        )
    )


def _sections(view: View) -> Iterator[_Section]:
    """Those that have something to say of this run."""
    _, drawn, seen = Words(view.lang), panels(view), glance(view)
    words = transcript_words(view.lang)
    for name, title in SECTIONS.items():
        template = environment().get_template(f"sections/{name}.html.j2")
        html = template.render(view=view, _=_, panels=drawn, glance=seen, script_words=words)
        if html.strip():
            yield _Section(name, _(title), Markup(html))


def _data(view: View, packed: Packed) -> dict[str, object]:
    """What scripts go by, the same in every language: `dataFor(name)` in a script."""
    heads = [head.name for head in view.heads]
    return {
        "figures": {lang: figure_words(lang) for lang in LANGUAGES},
        **({"choose": view.choose.data} if view.choose else {}),
        "transcripts": {"heads": heads, "hidden": HIDDEN, **packed.index},
        **({"money": for_script(view.money.reckoned)} if view.money else {}),
    }


def fragment(view: View) -> str:
    """Verdict and table for a notebook: no script, no page around it."""
    template = environment().get_template("fragment.html.j2")
    return template.render(view=view, _=Words(view.lang), style=Markup(asset("fragment.css")))


@cache
def environment() -> Environment:
    """Where the templates are; what is not ours is escaped."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["embedded"] = embedded
    made.globals.update(showing=showing, place=place)
    return made


@cache
def asset(name: str) -> str:
    """Style or script, as a page holds it."""
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def digest(text: str) -> str:
    """As the content policy names it."""
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


def embedded(thing: object) -> Markup:
    """JSON inside a script element, in ASCII: no character in it can end the element."""
    return Markup(json.dumps(thing, separators=(",", ":")).replace("<", "\\u003c"))
