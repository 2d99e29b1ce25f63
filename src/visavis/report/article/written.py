"""The article: what was measured, what was published beside it, whom to choose, and questions.

In the shape of the articles that compare models: introduction, specifications, benchmarks, tests,
prices, verdict, questions; and, as those lack, where it all comes from. Every sentence says what
the run shows and no more; whatever others wrote is quoted or escaped, so it can only be read.
"""

import re
from collections.abc import Iterator
from shlex import join, quote, split

from visavis.report.article.choosing import Choosing
from visavis.report.article.practical import cases
from visavis.report.article.quoting import heading, item
from visavis.report.article.tables import benchmarks, prices, specifications
from visavis.report.claims import CRITERIA, claim_view
from visavis.report.faq.asked import Answered
from visavis.report.faq.trust import held
from visavis.report.language import Words
from visavis.report.markdown import code, escaped
from visavis.report.run_facts import RunFacts
from visavis.report.subjects import title
from visavis.report.text import Numbers, line
from visavis.report.token_prices import per_solved
from visavis.report.view import View
from visavis.verdict.compare import Judgement

_SHORT = 2
"""Sentences of an answer that make one paragraph; of more, all but the first are a list."""
_FOLDERS = re.compile(r"(?:(?<=[=:])|^)/(?!/)(?:[^/]*/)*")
"""Those of an absolute path, also of one in `gguf:/…`; what stands in an address stays."""


def article(view: View, judgement: Judgement, run: RunFacts) -> str:
    """Markdown that can be published as it is."""
    _ = Words(view.lang)
    names = [line(one.name) for one in run.spec.candidates]
    choosing = Choosing(judgement=judgement, run=run, view=view)
    sections = (
        (_("Specifications"), _specified(view)),
        (_("Benchmarks"), _measured(view, run)),
        (_("Practical tests"), cases(view, run)),
        (_("Prices"), _priced(view, judgement, run)),
        (_("Do the published figures hold?"), _claims(view, run)),
        (_("Verdict: which to choose?"), choosing.written()),
        (_("Frequently asked questions"), _questions(view, run)),
        (_("Method and source"), _method(view, run)),
    )
    parts = [heading(_("{names}: which to choose?", names=_either(names, _)), 1)]
    parts += [*_introduction(view, run)]
    for head, section in sections:
        written = [part for part in section if part]
        parts += [heading(head), *written] if written else []
    return "\n\n".join(part for part in parts if part) + "\n"


def _either(names: list[str], _: Words) -> str:
    """`A, B or C`."""
    return _("{first} or {last}", first=", ".join(names[:-1]), last=names[-1])


def _introduction(view: View, run: RunFacts) -> Iterator[str]:
    _, num = Words(view.lang), Numbers(view.lang)
    names = [line(one.name) for one in run.spec.candidates]
    listed = [
        _("{title} ({n})", title=title(spec, view.lang), n=num.count(spec.cases))
        for spec in run.spec.benchmarks
    ]
    n = sum(spec.cases for spec in run.spec.benchmarks)
    yield escaped(view.day)
    yield " ".join(
        escaped(text)
        for text in (
            _.plural(
                "This article puts {names} face to face on the same case of {benchmarks}.",
                "This article puts {names} face to face on the same {n} cases: {benchmarks}.",
                n,
                names=_.listed(names),
                n=num.count(n),
                benchmarks=_.listed(listed),
            ),
            _origin(view, run),
            _(
                "With each figure stands its {share} interval, the range in which the truth is "
                "to be sought. Better is what was shown to be better; whatever the measurements "
                "leave open is called undecided.",
                share=num.share(0.95),
            ),
        )
    )
    yield f"**{escaped(view.headline)}**"
    yield from (f"> {escaped(warning)}" for warning in view.warnings)


def _origin(view: View, run: RunFacts) -> str:
    """Whether they were asked for this, or somebody had asked them before."""
    _, kinds = Words(view.lang), {one.kind for one in run.spec.candidates}
    if kinds == {"recorded"}:
        return _("Their replies were recorded elsewhere and published; here they were graded anew.")
    if "recorded" in kinds:
        return _("Some of the replies were recorded elsewhere; all were graded in the same way.")
    return _("Each got the very same questions, and all replies were graded in the same way.")


def _specified(view: View) -> Iterator[str]:
    _, made = Words(view.lang), specifications(view)
    if made:
        yield escaped(_("What is stated of the models, and what was measured of them here:"))
        yield made


def _measured(view: View, run: RunFacts) -> Iterator[str]:
    _, made = Words(view.lang), benchmarks(view, run)
    if made:
        yield made
        yield escaped(
            _(
                "In bold: shown better than all the others. A published figure that was measured "
                "by another procedure is not held against ours."
            )
        )


def _priced(view: View, judgement: Judgement, run: RunFacts) -> Iterator[str]:
    _, made = Words(view.lang), list(prices(view, run))
    yield from made
    yield "\n".join(map(item, per_solved(judgement, run, view.lang)))
    if not made and all(one.kind == "local" for one in run.spec.candidates):
        yield escaped(
            _(
                "They run on one's own machine and have no price per token: they cost what the "
                "machine, its power and its time cost."
            )
        )


def _claims(view: View, run: RunFacts) -> Iterator[str]:
    """How many hold; then each that does not, with what speaks against it."""
    _ = Words(view.lang)
    if not run.claims:
        return
    yield escaped(held(run.claims, view.lang))
    doubted = [
        one for one in run.claims if one.standing in ("contradicted", "contradicts another claim")
    ]
    yield "\n".join(
        item(
            _(
                "{name}, {label}: {printed} ({source}) {stands}",
                name=line(one.candidate),
                label=_(CRITERIA[one.claim.criterion][0]),
                printed=seen.printed,
                source=seen.source,
                stands=seen.told,
            )
        )
        for one in doubted
        for seen in [claim_view(one, view.lang)]
    )
    if view.face.sources:
        sources = _("; ").join(view.face.sources)
        yield escaped(_("Who printed them: {sources}.", sources=sources))


def _questions(view: View, run: RunFacts) -> Iterator[str]:
    for number, one in enumerate(view.faq, 1):
        yield f"**{escaped(_numbered(number, one, view))}**"
        first = len(one.answer) if len(one.answer) <= _SHORT else 1
        yield escaped(" ".join(one.answer[:first]))
        yield "\n".join(map(item, one.answer[first:]))
        if one.command and quote(line(run.label)) not in one.command:
            yield code(one.command)


def _numbered(number: int, one: Answered, view: View) -> str:
    _, n = Words(view.lang), Numbers(view.lang).count(number)
    return _("Q{number}: {question}", number=n, question=one.question)


def _method(view: View, run: RunFacts) -> Iterator[str]:
    _ = Words(view.lang)
    listed = []
    for spec, known in zip(run.spec.benchmarks, view.benchmarks, strict=True):
        name = title(spec, view.lang)
        told = _("{label}: {value}", label=name, value=known.protocol)
        listed.append(item(_("{first}; {second}", first=told, second=known.lines[0].text)))
    wanted = {_("versions"), _("machine"), _("begun"), _("policy")}
    listed += [
        item(_("{label}: {value}", label=one.label, value=one.value))
        for one in view.provenance
        if one.label in wanted
    ]
    yield "\n".join(listed)
    yield escaped(" ".join(view.reading[1:]))
    yield escaped(_("Run it again:"))
    yield code(_without_folders(view.command))


def _without_folders(command: str) -> str:
    """The command as anyone may read it: of a path of this machine, its last part."""
    return join(_FOLDERS.sub("", word) for word in split(command))
