"""Single cases, shown as they went: a puzzle, a program. They illustrate and prove nothing."""

from collections.abc import Iterator
from itertools import islice

from visavis.report.article.quoting import heading, quoted
from visavis.report.language import Words
from visavis.report.markdown import escaped
from visavis.report.marks import MARKS
from visavis.report.run_facts import RunFacts
from visavis.report.subjects import field_of, title
from visavis.report.transcripts import Exchange, ReplyView
from visavis.report.view import View

_FIELDS = ("reasoning", "code", "mathematics")
"""Of which a case is shown, in this order; one's own cases come first."""
_MOST = 2
_LONGEST_QUESTION = 1500
"""Characters; a longer one cannot be quoted whole."""
_LONGEST_KEY = 60
"""Characters of a right answer that is told; tests of a program are longer."""


def cases(view: View, run: RunFacts) -> Iterator[str]:
    """Up to two cases on which the candidates part, each with what they replied."""
    _ = Words(view.lang)
    shown = list(_chosen(view, run))
    if not shown:
        return
    yield _(
        "One case proves nothing, whoever solves it. These are the first of the run, in the order "
        "asked, on which the candidates part."
    )
    titles = {spec.name: title(spec, view.lang) for spec in run.spec.benchmarks}
    for exchange in shown:
        yield heading(titles[exchange.benchmark], 3)
        yield escaped(_("The question:"))
        yield quoted(exchange.question, _LONGEST_QUESTION)
        if len(exchange.target) <= _LONGEST_KEY and exchange.target.isprintable():
            yield escaped(_("The right answer: {key}", key=exchange.target))
        for reply in exchange.replies:
            name, mark = view.heads[reply.candidate].name, _(MARKS[reply.mark])
            told = escaped(_("{label}: {value}", label=name, value=mark))
            yield f"**{told}**"
            yield quoted(reply.text or _("The reply is empty."))


def _chosen(view: View, run: RunFacts) -> Iterator[Exchange]:
    """The first that tells of each benchmark, of at most so many benchmarks."""
    fields = {spec.name: field_of(spec.protocol) for spec in run.spec.benchmarks}
    wanted = [name for each in (None, *_FIELDS) for name, of in fields.items() if of == each]
    found: dict[str, Exchange] = {}
    for one in view.exchanges:
        if one.benchmark not in found and _tells(one, len(view.heads)):
            found[one.benchmark] = one
            if found.keys() >= {*wanted}:
                break
    return islice((found[name] for name in wanted if name in found), _MOST)


def _tells(one: Exchange, candidates: int) -> bool:
    """A case tried once by each, that some solved and others did not."""
    return (
        len(one.question) <= _LONGEST_QUESTION
        and [reply.candidate for reply in one.replies] == [*range(candidates)]
        and {_solved(reply) for reply in one.replies} == {True, False}
        and all(reply.mark not in ("failed", "ungraded") for reply in one.replies)
    )


def _solved(reply: ReplyView) -> bool:
    return reply.mark == "solved"
