"""Where our grade of a recorded answer is not the source's own, as Markdown or JSON lines."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from visavis.core.errors import OptionError
from visavis.measure.imports.tally import Disagreement, Kind, Tally
from visavis.report.markdown import escaped
from visavis.report.text import counted, line
from visavis.report.text import escaped as plain

FORMS = (".md", ".jsonl")
_HEAD = 300
"""Characters of a question that are shown."""
_TAIL = 400
"""Characters of a reply's end that are shown: there it states its answer."""

_MEANING: Mapping[Kind, str] = {
    "read differently": "Both took an answer out of the reply, and not the same one.",
    "read alike, judged differently": "Both took the same answer out of the reply, and part on "
    "whether it is the key's.",
    "nothing read by us": "We found no answer in the reply.",
    "no reading by the source": "The source found no answer in the reply, or does not say which.",
}


def check_form(file: Path) -> None:
    if file.suffix.lower() not in FORMS:
        raise OptionError(f"--disagreements {str(file)!r} must end in {' or '.join(FORMS)}")


def listed(tallies: Sequence[Tally], file: Path) -> bytes:
    """All disagreements, in the form that the file's name asks for."""
    lines = _json(tallies) if file.suffix.lower() == ".jsonl" else _markdown(tallies)
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


def _markdown(tallies: Sequence[Tally]) -> Iterator[str]:
    yield "# Where our grade is not the source's"
    yield (
        "\nEach answer here is right by one and wrong by the other. Ours is visavis' own "
        "grade; the source's is the verdict in its log, or its published rule, applied again."
    )
    for tally in tallies:
        kinds = Counter(one.kind for one in tally.disagreements)
        yield f"\n## {escaped(tally.share.name)}, {escaped(tally.share.protocol)}\n"
        yield (
            f"{counted(len(tally.disagreements))} of {counted(tally.marked)} answers. "
            f"Right by our grader: {tally.ours_marked:g}, by {escaped(tally.by or 'the source')}: "
            f"{tally.theirs_marked:g}."
        )
        for kind, count in kinds.most_common():
            yield f"\n### {kind} ({counted(count)})\n\n{_MEANING[kind]}\n"
            for one in tally.disagreements:
                if one.kind == kind:
                    yield from _item(one)


def _item(one: Disagreement) -> Iterator[str]:
    judged = "right by ours" if one.ours.value > one.theirs.value else "right by the source"
    yield f"- **{escaped(one.case.id)}**, {judged} alone; key {escaped(one.case.target)}."
    yield f"  {escaped(one.because)}."
    asked = line(one.case.question)
    yield f"  Question: {escaped(f'{asked[:_HEAD]}…' if len(asked) > _HEAD else asked)}"
    tail = line(one.reply)
    cut = f"…{tail[-_TAIL:]}" if len(tail) > _TAIL else tail
    yield f"  Reply: {escaped(cut) or 'empty'}"
