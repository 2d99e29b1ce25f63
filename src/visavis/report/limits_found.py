"""What `visavis limits` found of a candidate, for the row beneath what is stated of the same."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from visavis.measure.limits.found import Ends, Length, Limits, NotBefore, Reach, Undecided
from visavis.measure.limits.output import Ended
from visavis.options import Language
from visavis.report.language import N_, Words
from visavis.report.text import Numbers, line


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A limit in words."""

    value: str
    interval: str = ""
    n: str = ""
    notes: tuple[str, ...] = ()
    known: bool = True
    """False where `value` says why there is none."""


class Row(NamedTuple):
    """A limit that can be found."""

    name: str
    label: str
    told: Callable[[Limits, Language], Found | None]
    """None where it was not asked for."""


def found(row: Row, limits: Sequence[Limits], lang: Language) -> tuple[Limits, Found] | None:
    """A limit, and where it comes from."""
    told = ((one, said) for one in limits if (said := row.told(one, lang)) is not None)
    return next(told, None)


def source(one: Limits, candidate: str, lang: Language) -> str:
    """Who says so, and when; of a recording, of whom it was found."""
    _, day = Words(lang), Numbers(lang).day(one.measured_on.isoformat())
    if one.candidate == candidate:
        return _("measured here, {day}", day=day)
    return _("measured here of {name}, {day}", name=line(one.candidate), day=day)


def _context(one: Limits, lang: Language) -> Found | None:
    seen, _, num = one.context, Words(lang), Numbers(lang)
    if seen is None:
        return None
    if not seen.accepted_tokens:
        return Found(value=_("no prompt was accepted"), known=False)
    accepted, notes = num.count(seen.accepted_tokens), []
    window = seen.window
    is_limit = window is not None and window.most is not None
    if seen.slot_tokens is not None:
        slot = num.count(seen.slot_tokens)
        notes.append(_("the slot of {n} tokens was given to it here", n=slot))
    elif not is_limit:
        notes.append(_("no longer one was tried"))
    elif seen.cut_to_tokens is not None:
        cut = num.count(seen.cut_to_tokens)
        notes.append(_("longer ones are cut without a word, to {n} tokens", n=cut))
    if seen.server_states_tokens not in (None, seen.stated_tokens) and seen.slot_tokens is None:
        notes.append(_("the server says {n}", n=num.count(seen.server_states_tokens or 0)))
    refused = num.count(seen.refused_tokens or 0)
    return Found(
        value=_reached(accepted, window, lang),
        interval=_("refused from about {n} on", n=refused) if is_limit else "",
        n=num.n(seen.tries),
        notes=(*notes, *_unfinished(one, "context", lang)),
    )


def _reached(tokens: str, reach: Reach | None, lang: Language) -> str:
    """How far it came; that is the limit only where little more was refused."""
    is_limit = reach is not None and reach.is_settled
    return tokens if is_limit else Words(lang)("at least {n}", n=tokens)


def _needle(one: Limits, lang: Language) -> Found | None:
    seen, _, num = one.needle, Words(lang), Numbers(lang)
    if seen is None:
        return None
    if any(not asked for _hit, asked in seen.lengths[0].cells):
        return Found(value=_("too few replies to tell"), known=False)
    reached, last = min(seen.found_up_to_tokens), seen.lengths[-1]
    at = next((length for length in seen.lengths if length.tokens == reached), seen.lengths[0])
    value = num.count(reached) if reached else _("not at every depth, even in the shortest")
    notes = []
    if last is not at:
        notes = [_("in {n} tokens: {share}", n=num.count(last.tokens), share=_share(last, lang))]
    return Found(
        value=_("at least {n}", n=value) if reached == last.tokens else value,
        interval=_share(at, lang),
        n=num.n(sum(asked for _hit, asked in at.cells)),
        notes=(*notes, *_unfinished(one, "needle", lang)),
    )


def _share(length: Length, lang: Language) -> str:
    """Of the facts hidden in texts of one length, over all depths."""
    _, num, share = Words(lang), Numbers(lang), length.share
    if share is None:
        return _("too few replies to tell")
    ends = num.between(num.share(share.low), num.share(share.high))
    return _("{share} found, {interval}", share=num.share(share.value), interval=ends)


_ENDED: Mapping[Ended, str] = MappingProxyType(
    {
        "the model stopped": N_("the model stopped there"),
        "the limit asked for": N_("no longer one was asked for"),
        "the server's limit": N_("the server ended it there"),
        "another end": N_("it ended for another reason"),
    }
)


def _output(one: Limits, lang: Language) -> Found | None:
    _, num, reply = Words(lang), Numbers(lang), one.longest_reply
    if not one.output:
        return None
    if reply is None:
        return Found(value=_("its server counts no tokens"), known=False)
    written = num.count(reply.tokens or 0)
    notes = [_(_ENDED[reply.ended])]
    if reply.allowed is not None:
        notes = [_("the server allows {n}", n=num.count(reply.allowed))]
    elif reply.turned_down is not None:
        notes.append(_("the server does not allow {n}", n=num.count(reply.turned_down)))
    return Found(
        value=_reached(written, one.reach("largest_output_tokens"), lang),
        n=num.n(len(one.output)),
        notes=(*notes, *_unfinished(one, "output", lang)),
    )


def _cutoff(one: Limits, lang: Language) -> Found | None:
    seen, _, num = one.cutoff, Words(lang), Numbers(lang)
    broken = tuple(_unfinished(one, "cutoff", lang))
    match seen:
        case Ends():
            low, high = (num.day(day.isoformat()) for day in (seen.low, seen.high))
            shares = {"before": num.share(seen.before), "after": num.share(seen.after)}
            return Found(
                value=num.day(seen.at.isoformat()),
                interval=_("between {low} and {high}", low=low, high=high),
                n=num.n(seen.n),
                notes=(_("knows {before} of facts before, {after} after", **shares), *broken),
            )
        case NotBefore():
            return Found(
                value=_("not before {day}", day=num.day(seen.low.isoformat())),
                n=num.n(seen.n),
                notes=(_("knows {share} of the facts asked", share=num.share(seen.share)), *broken),
            )
        case Undecided():
            share = num.share(seen.share)
            said = _("undecided: knows {share} of the facts asked", share=share)
            return Found(value=said, notes=broken, known=False)
    return None


def _unfinished(one: Limits, what: str, lang: Language) -> Iterator[str]:
    if what in one.unfinished:
        yield Words(lang)("not brought to its end")


BENEATH: Mapping[str, tuple[Row, ...]] = MappingProxyType(
    {
        "context_window_tokens": (
            Row("accepted_prompt_tokens", N_("longest prompt accepted, tokens"), _context),
            Row(
                "facts_found_tokens",
                N_("longest text in which most facts are found, tokens"),
                _needle,
            ),
        ),
        "largest_output_tokens": (
            Row("written_reply_tokens", N_("longest reply written, tokens"), _output),
        ),
        "knowledge_cutoff": (Row("known_until", N_("knowledge cutoff, measured"), _cutoff),),
    }
)
"""What can be found, by the fact that states the same."""
