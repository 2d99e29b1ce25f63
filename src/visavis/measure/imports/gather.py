"""From logs to recordings: who answered which case of which protocol, and whether all of it fits.

Nothing is written here, and nothing guessed: a task whose grading is not plain, two answers to one
case, one id for two cases are said and end the import.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from visavis.benchmarks import choose
from visavis.benchmarks.imported import known_check, same
from visavis.candidates.recordings import NAME
from visavis.core.case import Case
from visavis.core.errors import DataError, OptionError
from visavis.measure.imports.base import Entry, Log
from visavis.measure.imports.reading import LogFile
from visavis.options import ImportOptions

SHOWN = 80
"""Characters of a question or a key that an error quotes."""
LONGEST_ID = 200


@dataclass(slots=True)
class Share:
    """The answers of one recording to one protocol."""

    name: str
    protocol: str
    tool: str
    model: str
    files: list[LogFile] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    """By case id, those without a reply among them."""


@dataclass(slots=True)
class Gathered:
    """Everything that one import brings."""

    shares: dict[tuple[str, str], Share] = field(default_factory=dict)
    """By recording and protocol."""
    cases: dict[str, dict[str, Case]] = field(default_factory=dict)
    """By protocol and id."""
    rewords: dict[str, int] = field(default_factory=dict)
    """Cases that were put in other words to one model than to another, by protocol."""

    def meet(self, protocol: str, coming: Mapping[str, Case]) -> None:
        """Add cases; the same id for two different ones is refused."""
        known = self.cases.setdefault(protocol, {})
        shared = [(known[name], case) for name, case in coming.items() if name in known]
        odd = [(one, other) for one, other in shared if not same(one, other)]
        if odd:
            raise _conflict(protocol, odd, len(shared))
        reworded = sum(one.question != other.question for one, other in shared)
        self.rewords[protocol] = self.rewords.get(protocol, 0) + reworded
        self.cases[protocol] = {**coming, **known}


def gather(logs: Sequence[tuple[LogFile, Log]], options: ImportOptions) -> Gathered:
    """All entries by recording and protocol; conflicts are refused."""
    _check_single(logs, options)
    found = Gathered()
    for file, log in logs:
        for entry in log.entries:
            protocol = options.protocol or protocol_of(entry.task, log.tool)
            name = options.name or name_of(entry.model)
            key = (name, protocol)
            share = found.shares.setdefault(
                key, Share(name=name, protocol=protocol, tool=log.tool, model=entry.model)
            )
            if share.model != entry.model:
                raise OptionError(
                    f"{share.model!r} and {entry.model!r} would both be called {name!r}; "
                    "import them one by one, each with a --name"
                )
            if file not in share.files:
                share.files.append(file)
                share.settings |= log.settings
            _add(share, file, _checked(entry, protocol, options))
    for share in found.shares.values():
        coming = {name: entry.case for name, entry in share.entries.items()}
        found.meet(share.protocol, coming)
    return found


def name_of(model: str) -> str:
    """What a recording of this model is called: without the maker before a slash."""
    return _slug(model.rpartition("/")[2])


def protocol_of(task: str, tool: str) -> str:
    """What cases of this task are called."""
    return f"{_slug(task)}@{_slug(tool)}"


def _slug(text: str) -> str:
    """Letters, digits and a few signs: whatever a log says, it names one file in one folder."""
    return re.sub(r"[^\w.+-]+", "-", text).strip("-.+")[:100] or "unnamed"


def _conflict(protocol: str, odd: Sequence[tuple[Case, Case]], of: int) -> DataError:
    one, other = odd[0]
    what, before, now = _difference(one, other)
    others = f", and of {_listed(case.id for case, _ in odd[1:])}" if odd[1:] else ""
    return DataError(
        f"{len(odd):,} of {of:,} cases of {protocol!r} are not those known by the same id: "
        f"the {what} of {one.id!r} is {now!r}, it was {before!r}{others}; "
        "are these other cases, import them by '--protocol FAMILY@OTHER'"
    )


def _difference(one: Case, other: Case) -> tuple[str, str, str]:
    if one.target != other.target:
        return "key", _short(one.target), _short(other.target)
    if one.fields.get("check") != other.fields.get("check"):
        return "check", one.fields.get("check", ""), other.fields.get("check", "")
    return "question", _short(one.question), _short(other.question)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}…"


def _check_single(logs: Sequence[tuple[LogFile, Log]], options: ImportOptions) -> None:
    """One name for two models, or one protocol for two tasks, would mix what is not the same."""
    models = {entry.model for _, log in logs for entry in log.entries}
    tasks = {(entry.task, log.tool) for _, log in logs for entry in log.entries}
    if options.name and len(models) > 1:
        raise OptionError(
            f"--name is for one model; these files hold {_listed(models)}: import them one by one"
        )
    if options.protocol and len(tasks) > 1:
        raise OptionError(
            f"--protocol is for one task; these files hold {_listed(t for t, _ in tasks)}: "
            "import them one by one"
        )
    if options.name and not NAME.fullmatch(options.name):
        raise OptionError(
            f"no recording can be called {options.name!r}; use letters, digits and '. _ + -'"
        )
    family, _, source = options.protocol.partition("@")
    if options.protocol and not (NAME.fullmatch(family) and NAME.fullmatch(source)):
        raise OptionError(
            f"--protocol {options.protocol!r} is none; write FAMILY@SOURCE, such as 'gsm8k@ours'"
        )
    if choose.known(options.protocol) is not None:
        raise OptionError(
            f"--protocol {options.protocol!r} is one of ours, with cases of its own; "
            f"name the source: '{family}@OTHER'"
        )


def _listed(names: Iterable[str]) -> str:
    """Quoted as Python does, so that nothing in them acts unseen on a terminal."""
    known = sorted(set(names))
    return ", ".join(map(repr, known[:5])) + (
        f" and {len(known) - 5} more" if len(known) > 5 else ""
    )


def _checked(entry: Entry, protocol: str, options: ImportOptions) -> Entry:
    """The entry with the check by which its case is graded."""
    nothing = entry.check == "none" and not entry.case.target
    told = "" if options.check == "auto" or nothing else options.check
    check = (
        told or entry.check or known_check(protocol.partition("@")[0]) or known_check(entry.task)
    )
    if check is None:
        raise OptionError(
            f"how answers to {entry.task!r} are graded is not known here; say it by --check: "
            "equals, contains, number, letter, math, json, or none to grade nothing"
        )
    fields = {**entry.case.fields, "check": check}
    return replace(entry, case=replace(entry.case, fields=MappingProxyType(fields)))


def _add(share: Share, file: LogFile, entry: Entry) -> None:
    case = entry.case
    if not case.id.isprintable() or not case.id.strip() or len(case.id) > LONGEST_ID:
        raise file.wrong(f"holds a case id that cannot be shown: {case.id[:SHOWN]!r}")
    if not case.target and case.fields["check"] not in ("none", "ifeval"):
        raise file.wrong(f"holds no key for case {case.id!r}; import it with '--check none'")
    before = share.entries.setdefault(case.id, entry)
    if before.text != entry.text or not same(before.case, case):
        raise file.wrong(
            f"answers case {case.id!r} of {share.protocol!r} again, and otherwise, for "
            f"{share.name!r}; are these two models, give one another --name"
        )
