"""Replies that try to be more than text, and a run in which both candidates gave them."""

from dataclasses import replace

from tests.report.fixtures import JUDGEMENT, QWEN, RUN, SMOL, UNPARSED, reply, stored, trial
from visavis.measure.store import StoredCase
from visavis.report.view import View, view

HOSTILE = (
    "<script>alert('script')</script>",
    "</script><script>alert('closed')</script>",
    "<img src=x onerror=\"alert('img')\">",
    "<svg onload=alert(1)><a href=javascript:alert(1)>x</a>",
    "[click](javascript:alert('link')) ![x](http://127.0.0.1:9/pixel.png)",
    '"><iframe srcdoc="<script>alert(1)</script>">',
    "<!-- <script>",
    "{{ 7 * 7 }} {% for x in y %} ${alert(1)}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "left \u202eright\u202c, zero\u200bwidth, nul\x00, escape\x1b[2J, \u2028 line",
    "tags \U000e0001\U000e0041",
    "half \ud83d a pair",
    "<style>*{display:none}</style><meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'>",
    "%s of %s $& $1",
)
LONG = "x" * 2_000_000


def hostile(*, apart: bool = False) -> View:
    """A view of which every reply is hostile, and the last one two megabytes on one line; if so
    told, each candidate begins at another of them."""
    texts = (*HOSTILE, LONG)
    said = {QWEN: texts, SMOL: (*texts[1:-1], texts[0], texts[-1]) if apart else texts}
    cases = tuple(stored("logic", n) for n in range(len(texts)))
    evil = tuple(
        StoredCase(replace(case, question=text[:3000], target=text[:80]), prompt)
        for (case, prompt), text in zip(cases, texts, strict=True)
    )
    trials = [
        trial(name, "logic", n, replace(reply(text), reasoning=text[:3000]), UNPARSED)
        for name, of in said.items()
        for n, text in enumerate(of)
    ]
    run = replace(RUN, cases={"logic": evil}, notes=HOSTILE, command=HOSTILE[1])
    return view(JUDGEMENT, run, trials)
