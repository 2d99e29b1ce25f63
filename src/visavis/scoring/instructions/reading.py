"""Reads how far a reply follows its instructions, strictly and loosely, as IFEval does.

Zhou et al. 2023, "Instruction-Following Evaluation for Large Language Models". The loose reading
lets a reply pass where it would without its first line, its last line, or its asterisks: "Sure,
here it is:" and markdown are forgiven.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args, get_type_hints

from visavis.scoring.instructions.kinds import KINDS, Relation


@dataclass(frozen=True, slots=True)
class Instruction:
    """One of the 25 kinds, with what it asks for."""

    kind: str
    arguments: Mapping[str, object]

    def followed_by(self, text: str) -> bool:
        """A blank text follows nothing, not even `no_comma`."""
        return bool(text.strip()) and KINDS[self.kind](text, **self.arguments)


@dataclass(frozen=True, slots=True)
class Reading:
    """Whether each instruction was followed, in their order."""

    strict: tuple[bool, ...]
    loose: tuple[bool, ...]


def read(instructions: Sequence[Instruction], reply: str) -> Reading:
    strict = tuple(one.followed_by(reply) for one in instructions)
    variants = () if all(strict) else loosened(reply)
    return Reading(
        strict=strict,
        loose=tuple(
            held or any(map(one.followed_by, variants))
            for one, held in zip(instructions, strict, strict=True)
        ),
    )


def loosened(reply: str) -> tuple[str, ...]:
    """The reply without its first line, its last, both; and all that without asterisks."""
    lines = reply.split("\n")
    cut = ["\n".join(part).strip() for part in (lines[1:], lines[:-1], lines[1:-1])]
    plain = [text.replace("*", "") for text in (reply, *cut)]
    return tuple(dict.fromkeys(text for text in (*cut, *plain) if text != reply))


def instruction(kind: object, arguments: Mapping[str, object]) -> Instruction:
    """Checks upstream's writing of an instruction; an argument that is null is none.

    Raises ValueError, its text one that can follow a file's name and line.
    """
    if not (isinstance(kind, str) and kind in KINDS):
        raise ValueError(f"{kind!r} is no kind of instruction")
    given = {name: value for name, value in arguments.items() if value is not None}
    wanted = {
        name: type_
        for name, type_ in get_type_hints(KINDS[kind]).items()
        if name not in ("text", "return")
    }
    if given.keys() != wanted.keys():
        raise ValueError(f"{kind!r} takes {_listed(wanted)}, not {_listed(given)}")
    for name, value in given.items():
        if not _CHECKS.get(name, _CHECKS_BY_TYPE[wanted[name]])(value):
            raise ValueError(f"{kind!r} cannot have {value!r} for {name!r}")
    return Instruction(kind, given)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_text, value))


_CHECKS_BY_TYPE: Mapping[object, Callable[[object], bool]] = {
    int: _is_count,
    str: _is_text,
    Sequence[str]: _is_texts,
    Relation: lambda value: value in get_args(Relation),
}
_CHECKS: Mapping[str, Callable[[object], bool]] = {
    "letter": lambda value: _is_text(value) and len(str(value)) == 1,
    "nth_paragraph": lambda value: _is_count(value) and value != 0,
}


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(names) or "no argument"
