"""Claims as they are written down: those that come with the program, and a user's own file.

A user writes YAML or, as those that come with the program are, TOML, which is read much sooner:

sources:
  blog: {title: "Which model?", published: 2026-10-01}
claims:
  - {system: gpt-4o-mini, criterion: mmlu, value: 82.0, unit: percent, source: blog}
"""

import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from visavis.core.errors import OptionError
from visavis.core.registry import unknown
from visavis.verdict.claims import CRITERIA, MONTH, Claim, Source

SHIPPED = Path(__file__).with_name("claims.toml")
LARGEST_BYTES = 1 << 20
LARGEST = 1e21
"""More than anybody prints, and less than a number can hold in any unit."""


class _Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    title: str
    published: date | None = None
    language: str = ""


class _Claim(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    system: str
    criterion: str
    value: int | float | str
    source: str
    unit: str = ""
    protocol: str = ""
    note: str = ""


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    sources: dict[str, _Source]
    claims: list[_Claim]


@cache
def shipped() -> tuple[Claim, ...]:
    """What the two articles print."""
    return read(SHIPPED)


def read(path: Path) -> tuple[Claim, ...]:
    """The claims of a file; what is wrong with it is told in one line."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise OptionError(f"claims file {str(path)!r} is larger than 1 MiB; split it")
        text = path.read_text(encoding="utf-8")
        written = tomllib.loads(text) if path.suffix == ".toml" else _yaml(text)
        found = msgspec.convert(written, _File)
    except OSError as error:
        raise OptionError(f"claims file {str(path)!r} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise OptionError(f"claims file {str(path)!r} is no UTF-8 text; save it as such") from error
    except (ValueError, RecursionError) as error:
        said = " ".join(str(error).replace("`$.", "`").replace("`$`", "the file").split())
        raise OptionError(f"claims file {str(path)!r}: {said[:200]}") from error
    return tuple(_claims(found, path))


def _yaml(text: str) -> Any:
    from ruamel.yaml import YAML  # slow to import
    from ruamel.yaml.error import YAMLError

    try:
        return YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        raise ValueError(str(error)) from error


def _claims(found: _File, path: Path) -> Iterator[Claim]:
    sources = {
        name: Source(
            name=name,
            title=one.title,
            published=one.published.isoformat() if one.published else "",
        )
        for name, one in found.sources.items()
    }
    for number, one in enumerate(found.claims, 1):
        where = f"claims file {str(path)!r}, claim {number}"
        if one.source not in sources:
            raise OptionError(f"{where}: {unknown('source', one.source, sources)}")
        if one.criterion not in CRITERIA:
            raise OptionError(f"{where}: {unknown('criterion', one.criterion, CRITERIA)}")
        _check_figure(one, where)
        yield Claim(
            system=one.system,
            criterion=one.criterion,
            value=one.value,
            unit=one.unit,
            source=sources[one.source],
            note=one.note,
            protocol=one.protocol,
        )


def _check_figure(one: _Claim, where: str) -> None:
    """A figure in a unit that nobody knows would be held against figures in another."""
    if not isinstance(one.value, str) and not abs(one.value) <= LARGEST:
        raise OptionError(f"{where}: {str(one.value)[:20]} is no figure")
    units = CRITERIA[one.criterion].units
    if not units:
        return
    if one.unit not in units:
        raise OptionError(f"{where}: {one.criterion} is printed in {' or '.join(units)}")
    if isinstance(one.value, str) and one.unit != MONTH:
        raise OptionError(f"{where}: {one.value!r} is no figure; leave the unit to 'unit'")
