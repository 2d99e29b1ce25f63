"""Where our grade of a recorded answer is not the source's own, as Markdown or JSON lines."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from visavis.core.errors import OptionError
from visavis.measure.imports.tally import Disagreement, Kind, Tally
from visavis.options import Language
from visavis.report.language import N_, Words
from visavis.report.markdown import escaped
from visavis.report.retold import retold
from visavis.report.text import Numbers, line
from visavis.report.text import escaped as plain

FORMS = (".md", ".jsonl")
_HEAD = 300
"""Characters of a question that are shown."""
_TAIL = 400
"""Characters of a reply's end that are shown: there it states its answer."""

_KINDS: Mapping[Kind, tuple[str, str]] = {
    "read differently": (
        N_("read differently"),
        N_("Both took an answer out of the reply, and not the same one."),
    ),
    "read alike, judged differently": (
        N_("read alike, judged differently"),
        N_("Both took the same answer out of the reply, and part on whether it is the key's."),
    ),
    "nothing read by us": (
        N_("nothing read by us"),
        N_("We found no answer in the reply."),
    ),
    "no reading by the source": (
        N_("no reading by the source"),
        N_("The source found no answer in the reply, or does not say which."),
    ),
}
"""The name of each, and what it means."""


def check_form(file: Path) -> None:
    if file.suffix.lower() not in FORMS:
        raise OptionError(f"--disagreements {str(file)!r} must end in {' or '.join(FORMS)}")


def listed(tallies: Sequence[Tally], file: Path, lang: Language = "en") -> bytes:
    """All disagreements, in the form that the file's name asks for."""
    lines = _json(tallies) if file.suffix.lower() == ".jsonl" else _markdown(tallies, lang)
    return "".join(f"{one}\n" for one in lines).encode()


def _json(tallies: Sequence[Tally]) -> Iterator[str]:
    for tally in tallies:
        for one in tally.disagreements:
            row = {
                "recording": one.name,
                "protocol": one.protocol,
                "case": one.case.id,
                "key": one.case.target,
                "ours": one.ours.value,
                "read_by_us": one.ours.read,
                "source": one.theirs.value,
                "read_by_source": one.theirs.read,
                "kind": one.kind,
                "because": one.because,
                "question": one.case.question,
                "reply": one.reply,
            }
            yield plain(json.dumps(row, ensure_ascii=False))


def _markdown(tallies: Sequence[Tally], lang: Language) -> Iterator[str]:
    _, num = Words(lang), Numbers(lang)
    yield "# " + _("Where our grade is not the source's")
    yield "\n" + _(
        "Each answer here is right by one and wrong by the other. Ours is visavis' own grade; the "
        "source's is the verdict in its log, or its published rule, applied again."
    )
    for tally in tallies:
        kinds = Counter(one.kind for one in tally.disagreements)
        yield f"\n## {escaped(tally.share.name)}, {escaped(tally.share.protocol)}\n"
        yield _(
            "{n} of {of} answers. Right by our grader: {ours}, by {source}: {theirs}.",
            n=num.count(len(tally.disagreements)),
            of=num.count(tally.marked),
            ours=num.decimal(tally.ours_marked, _places(tally.ours_marked)),
            source=escaped(tally.by or _("the source")),
            theirs=num.decimal(tally.theirs_marked, _places(tally.theirs_marked)),
        )
        for kind, count in kinds.most_common():
            name, meaning = map(_, _KINDS[kind])
            yield f"\n### {name} ({num.count(count)})\n\n{meaning}\n"
            for one in tally.disagreements:
                if one.kind == kind:
                    yield from _item(one, lang)


def _places(right: float) -> int:
    """Decimals of so many right answers: some graders give a part of one."""
    return 0 if right.is_integer() else 1


def _item(one: Disagreement, lang: Language) -> Iterator[str]:
    _ = Words(lang)
    said = (
        _("**{case}**, right by ours alone; key {key}.")
        if one.ours.value > one.theirs.value
        else _("**{case}**, right by the source alone; key {key}.")
    )
    yield "- " + said.format(case=escaped(one.case.id), key=escaped(one.case.target))
    yield "  " + _because(one, lang)
    asked = line(one.case.question)
    shown = escaped(f"{asked[:_HEAD]}…" if len(asked) > _HEAD else asked)
    yield "  " + _("{label}: {value}", label=_("Question"), value=shown)
    tail = line(one.reply)
    cut = escaped(f"…{tail[-_TAIL:]}" if len(tail) > _TAIL else tail)
    yield "  " + _("{label}: {value}", label=_("Reply"), value=cut or _("empty"))


def _because(one: Disagreement, lang: Language) -> str:
    """Both readings, and how each came to be."""
    _ = Words(lang)
    ours = escaped(retold(one.ours.because, lang).text)
    read = one.theirs.read
    theirs = _("no reading") if read is None else _("read {answer}", answer=escaped(read))
    how = f", {escaped(retold(one.theirs.how, lang).text)}" if one.theirs.how else ""
    return _("Ours: {ours}; source: {theirs}.", ours=ours, theirs=theirs + how)
