"""What other orders than the published one showed, in words: figures, what they mean, and what not.

A fact about a candidate and the order in which a benchmark was published. Never a verdict.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import NamedTuple

import msgspec

from visavis.options import Language
from visavis.report.language import Words
from visavis.report.table import too_few
from visavis.report.text import Numbers, Unit, line
from visavis.stats.estimate import ALPHA, Estimate, TooFew
from visavis.stats.many import holm
from visavis.stats.orders import Likelihood, Sensitivity, Special


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """Questions asked with their options moved on place by place."""

    protocol: str
    n: int
    """Questions answered in every order."""
    left_out: int
    """Questions of which some order brought no reply, or none that could be graded."""
    found: Sensitivity | None
    """None where no question was answered in every order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Texts of which several orders were weighed by their log-probability."""

    protocol: str
    n: int
    left_out: int
    found: Likelihood | None
    """None where of no text every order was weighed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """All that was found of one candidate on one benchmark."""

    candidate: str
    benchmark: str
    whole: int
    """Questions or examples of the benchmark that were at hand."""
    fitting: int
    """Those of them whose order says nothing."""
    turned: Turned | None
    weighed: Weighed | None
    """None where the candidate tells no log-probabilities of a prompt."""
    stands_out: bool = False
    """Whether the published order does, for the better, after Holm's correction over all tests of
    the same command."""

    @property
    def tests(self) -> tuple[Special, ...]:
        """How special the published order is, by answers and by log-probabilities; those with an
        interval."""
        by_answers = self.turned.found.gap if self.turned and self.turned.found else None
        by_likelihood = (
            self.weighed.found.published if self.weighed and self.weighed.found else None
        )
        both = (by_answers, by_likelihood)
        return tuple(one for one in both if one and isinstance(one.advantage, Estimate))


class Row(NamedTuple):
    """One line of the table."""

    label: str
    value: str = ""
    interval: str = ""
    n: str = ""
    p: str = ""


def judged(examined: Sequence[Examined]) -> tuple[Examined, ...]:
    """The same, each with whether the published order stands out in it."""
    tests = [(number, test) for number, one in enumerate(examined) for test in one.tests]
    corrected = holm([test.p_value for _, test in tests])
    shown = {
        number
        for (number, test), p in zip(tests, corrected, strict=True)
        if p < ALPHA and isinstance(test.advantage, Estimate) and test.advantage.value > 0
    }
    return tuple(replace(one, stands_out=number in shown) for number, one in enumerate(examined))


def heads(lang: Language) -> Row:
    """Of the table's columns."""
    _, num = Words(lang), Numbers(lang)
    return Row("", _("measured"), _("{share} interval", share=num.share(1 - ALPHA)), "n", "p")


def rows(one: Examined, lang: Language) -> Iterator[Row]:
    """All figures of one candidate on one benchmark."""
    if one.turned is not None and one.turned.found is not None:
        yield Row(line(one.turned.protocol))
        yield from _sensitivity(one.turned.found, lang)
    if one.weighed is not None and one.weighed.found is not None:
        yield Row(line(one.weighed.protocol))
        yield from _likelihood(one.weighed.found, lang)


def _sensitivity(found: Sensitivity, lang: Language) -> Iterator[Row]:
    _ = Words(lang)
    yield _share(_("score in the published order"), found.published, lang)
    yield _share(_("score in our orders"), found.others, lang)
    yield _special(_("published order less ours, at equal letters"), found.gap, "share", lang)
    label = _("control: one of ours less the others, at equal letters")
    yield _special(label, found.control, "share", lang)
    for place, share in enumerate(found.by_place):
        yield _share(
            _("score where the key is {letter}", letter=chr(ord("A") + place)), share, lang
        )
    yield _share(_("same option in every order"), found.by_content, lang)
    yield _share(_("same letter in every order"), found.by_letter, lang)


def _likelihood(found: Likelihood, lang: Language) -> Iterator[Row]:
    _, num = Words(lang), Numbers(lang)
    yield _special(_("published order less ours, nats"), found.published, "plain", lang)
    label = _("control: one of ours less the others, nats")
    yield _special(label, found.control, "plain", lang)
    label = _("published order the likeliest; {chance} by chance", chance=num.share(found.chance))
    yield _share(label, found.likeliest, lang)


def _share(label: str, found: Estimate | TooFew, lang: Language) -> Row:
    num = Numbers(lang)
    if isinstance(found, TooFew):
        return Row(label, too_few(found, lang))
    value = num.share(found.value, found.high - found.low)
    return Row(label, value, num.interval("share", found), num.count(found.n))


def _special(label: str, found: Special | None, unit: Unit, lang: Language) -> Row:
    num = Numbers(lang)
    if found is None:
        return Row(label, too_few(TooFew(groups=0, needed=2), lang))
    if isinstance(found.advantage, TooFew):
        return Row(label, too_few(found.advantage, lang))
    value, interval = num.gap(unit, found.advantage)
    return Row(label, value, interval, num.count(found.advantage.n), _p(found.p_value, num))


def _p(p_value: float, num: Numbers) -> str:
    if p_value < 0.001:
        return f"< {num.decimal(0.001, 3)}"
    return num.decimal(p_value, 3 if p_value < 0.1 else 2)


def told(one: Examined, lang: Language) -> Iterator[str]:
    """What was asked of one candidate on one benchmark, and what it comes to."""
    _, num = Words(lang), Numbers(lang)
    yield _("{label}: {value}", label=line(one.candidate), value=line(one.benchmark))
    if one.turned is not None:
        yield _(
            "{fitting} of {whole} questions have options that could as well stand in another "
            "order; {n} of them were asked.",
            fitting=num.count(one.fitting),
            whole=num.count(one.whole),
            n=num.count(one.turned.n + one.turned.left_out),
        )
    missing = (one.turned.left_out if one.turned else 0, one.weighed.left_out if one.weighed else 0)
    if any(missing):
        yield _.plural(
            "{n} text is left out: not every order of it has a reply.",
            "{n} texts are left out: not every order of them has a reply.",
            sum(missing),
            n=num.count(sum(missing)),
        )
    if one.weighed is None:
        yield _(
            "No order was weighed: {name} tells no log-probabilities of a prompt. Local models do, "
            "and servers such as vLLM.",
            name=line(one.candidate),
        )


def conclusion(one: Examined, lang: Language) -> str:
    """Whether the published order stands out."""
    _ = Words(lang)
    if not one.tests:
        return _("Nothing can be said of {name}: too few answers.", name=line(one.candidate))
    if one.stands_out:
        return _(
            "The published order stands out: to {name} it is not one of many. Memory of the "
            "published text would show so; it is not proven by this.",
            name=line(one.candidate),
        )
    return _(
        "The published order does not stand out: no memory of it was shown. That is no proof that "
        "{name} never read it.",
        name=line(one.candidate),
    )


def reading(examined: Sequence[Examined], lang: Language) -> Iterator[str]:
    """What the figures mean, and what they do not."""
    _, num = Words(lang), Numbers(lang)
    if any(one.turned for one in examined):
        yield _(
            "Each question was asked in as many orders as it has options, so that the key stood "
            "once at each letter. To pick the same letter in every order is a habit of many "
            "models, and no trace of memory. At equal letters: less what all questions score with "
            "the key at the same letter, so that a liking for a letter is not taken for memory."
        )
    if any(one.weighed for one in examined):
        yield _(
            "Nats: log-probability of the published order less the mean of others of the same "
            "text; one nat more is {times} as likely.",
            times=num.times(2.718, 0.05),
        )
    tests = sum(len(one.tests) for one in examined)
    if not tests:
        return
    yield _.plural(
        "p is two-sided. The published order stands out where it does better with p below {alpha}; "
        "there was {n} such test.",
        "p is two-sided. The published order stands out where it does better with p below {alpha} "
        "after Holm's correction over all {n} tests.",
        tests,
        alpha=num.decimal(ALPHA, 2),
        n=num.count(tests),
    )
    yield _(
        "Control: one of our own orders in the place of the published one. It was drawn here, so "
        "what is seen there is chance."
    )
    yield _(
        "Other reasons why it may stand out: authors choose an order that reads well, and models "
        "like it too. Options that are sorted, are numbers or speak of one another were left out; "
        "finer habits remain. A model that cannot have read the benchmark shows how much they do."
    )
    yield _(
        "Reasons why it may not, although the benchmark was read: few texts, and copies in other "
        "words, in another order or in another language, which leave no such trace."
    )


def as_json(examined: Iterable[Examined]) -> bytes:
    """Quantities bare; shares from 0 to 1, log-probabilities in nats."""
    return (
        msgspec.json.format(msgspec.json.encode([asdict(one) for one in examined]), indent=1)
        + b"\n"
    )
