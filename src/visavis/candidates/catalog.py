"""What visavis knows of models by name: systems, routes, local files. The figures are data.

`catalog.toml` beside this module is written to be reviewed by a person; this module reads it,
checks that it hangs together, and answers by name.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

import msgspec

from visavis.core.candidate import Fact, Lifecycle
from visavis.core.errors import DataError
from visavis.core.registry import unknown
from visavis.pinned.file import HubPlace, PinnedFile, WheelPart


class Route(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place where models can be asked over HTTP."""

    name: str
    title: str
    base_url: str | None = None
    """None where each user has an address of their own: `<ROUTE>_BASE_URL` must say it."""
    key: str
    """Environment variable that holds the key."""
    key_needed: bool = True
    prices: str | None = None
    """The price library's name of this provider."""

    @property
    def address(self) -> str:
        """Environment variable that replaces `base_url`."""
        return f"{self.name.upper()}_BASE_URL"


class Notice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a host has said of how long a snapshot stays; several ways may share it."""

    status: Literal["active", "deprecated", "shut down"]
    source: str
    as_of: str
    shutdown_date: str | None = None
    successor: str | None = None

    @property
    def lifecycle(self) -> Lifecycle:
        return Lifecycle(
            status=self.status,
            shutdown_date=self.shutdown_date,
            successor=self.successor,
            source=self.source,
            as_of=self.as_of,
        )


class Way(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One route to a snapshot."""

    route: str
    model: str
    """The id on the wire."""
    notice: str | None = None
    facts: tuple[Fact, ...] = ()
    """What holds by this way alone: a host may cut the context window."""


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A system as it was on one day, and does not change."""

    name: str
    ways: tuple[Way, ...]
    facts: tuple[Fact, ...] = ()


class Sight(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a system takes of a picture, and what it counts it as: by square tiles."""

    bytes_at_most: int
    """Of one picture's file."""
    long_side_pixels: int
    """It is shrunk to fit into a square of this side before it is looked at …"""
    short_side_pixels: int
    """… and then until its shorter side is no longer than this."""
    tile_pixels: int
    tokens: int
    """Of any picture, before its tiles are counted."""
    tokens_a_tile: int
    source: str
    as_of: str


class System(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model as its maker names it. The bare name means its first snapshot."""

    name: str
    title: str
    maker: str
    snapshots: tuple[Snapshot, ...]
    sees_images: bool | None = None
    """None where nobody here knows."""
    sight: Sight | None = None
    facts: tuple[Fact, ...] = ()


class Known(NamedTuple):
    """One way to one snapshot of one system: what the catalog knows of a candidate."""

    system: System
    snapshot: Snapshot
    way: Way

    @property
    def facts(self) -> tuple[Fact, ...]:
        return (*self.way.facts, *self.snapshot.facts, *self.system.facts)


class Wheels(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Wheels that carry a file in `parts` parts, numbered from 1: `{n}`, `{before}` = n - 1."""

    distribution: str
    version: str
    member: str
    parts: int

    def expanded(self) -> tuple[WheelPart, ...]:
        return tuple(
            WheelPart(
                distribution=self.distribution.format(n=n),
                version=self.version,
                member=self.member.format(n=n, before=n - 1),
            )
            for n in range(1, self.parts + 1)
        )


class LocalModel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model that runs on this machine from one file."""

    name: str
    title: str
    maker: str
    file: str
    size: int
    sha256: str
    licence: str
    quantisation: str
    wheels: Wheels
    hub: HubPlace | None = None
    facts: tuple[Fact, ...] = ()

    @property
    def pinned(self) -> PinnedFile:
        return PinnedFile(
            name=self.file,
            size=self.size,
            sha256=self.sha256,
            licence=self.licence,
            hub=self.hub,
            wheels=self.wheels.expanded(),
        )


class Catalog(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole of `catalog.toml`."""

    routes: tuple[Route, ...]
    notices: dict[str, Notice]
    systems: tuple[System, ...]
    locals: tuple[LocalModel, ...]

    def route(self, name: str) -> Route | None:
        return next((route for route in self.routes if route.name == name), None)

    def system(self, name: str | None) -> System | None:
        return next((system for system in self.systems if system.name == name), None)

    def local(self, name: str) -> LocalModel | None:
        return next((local for local in self.locals if local.name == name), None)

    def local_or_error(self, name: str) -> LocalModel:
        """The local model of that name, or the error that suggests the nearest."""
        found = self.local(name)
        if found is None:
            raise unknown("local model", name, [local.name for local in self.locals])
        return found

    def known(self) -> Iterator[Known]:
        """Every way to every snapshot, in the order of the file."""
        for system in self.systems:
            for snapshot in system.snapshots:
                for way in snapshot.ways:
                    yield Known(system, snapshot, way)

    def named(self, name: str) -> list[Known]:
        """The ways to reach what a bare name means: a system's first snapshot, or one named."""
        firsts = {system.name: system.snapshots[0].name for system in self.systems}
        wanted = firsts.get(name, name)
        return [known for known in self.known() if known.snapshot.name == wanted]

    def asked(self, route: str, model: str) -> Known | None:
        """What is known of a model id as a route writes it.

        An id without a date means the first snapshot, as it does at its maker.
        """
        for known in self.known():
            undated = known.way.model.removesuffix(known.snapshot.name) + known.system.name
            if known.way.route == route and model in (known.way.model, undated):
                return known
        return None

    def recognised(self, model: str) -> tuple[str | None, tuple[Fact, ...]]:
        """The system that a log means by a model's name, and what holds of it wherever it ran.

        Of an undated name the system alone is certain. A host's own limits are left out.
        """
        plain = model.rpartition("/")[2].lower()
        for system in self.systems:
            maker = f"{system.maker.lower()}-"
            for snapshot in system.snapshots:
                if snapshot.name in (plain, plain.removeprefix(maker)):
                    return system.name, (*snapshot.facts, *system.facts)
            if system.name == plain:
                return system.name, system.facts
        return None, ()

    def lifecycle(self, known: Known) -> Lifecycle | None:
        notice = known.way.notice
        return None if notice is None else self.notices[notice].lifecycle

    def recorded(self, system: str | None, model: str) -> list[Known]:
        """Ways to the snapshot that a log names; where it names none, to the system's first."""
        known = self.system(system)
        if known is None:
            return []
        plain = model.rpartition("/")[2].lower().removeprefix(f"{known.maker.lower()}-")
        return self.named(plain) or self.named(known.name)

    def names(self) -> list[str]:
        """Every bare name that can be asked for."""
        return [
            *(local.name for local in self.locals),
            *(system.name for system in self.systems),
            *(snapshot.name for system in self.systems for snapshot in system.snapshots),
        ]


@cache
def catalog() -> Catalog:
    """The catalog of this version of visavis."""
    text = files("visavis.candidates").joinpath("catalog.toml").read_text(encoding="utf-8")
    return read(text)


def read(text: str) -> Catalog:
    """A catalog from its TOML text; whatever is wrong with it is named."""
    try:
        found = msgspec.convert(tomllib.loads(text), Catalog)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise DataError(f"the catalog cannot be read: {error}; reinstall visavis") from error
    _check(found)
    return found


def _check(found: Catalog) -> None:
    """Every route and notice that is spoken of exists, every name is given once."""
    for known in found.known():
        way, name = known.way, known.snapshot.name
        if found.route(way.route) is None:
            raise DataError(f"the catalog's {name!r} goes by {way.route!r}, which is no route")
        if way.notice is not None and way.notice not in found.notices:
            raise DataError(f"the catalog's {name!r} has no notice {way.notice!r}")
    if not all(system.snapshots for system in found.systems):
        raise DataError("a system of the catalog has no snapshot")
    names = found.names()
    if len(names) != len(set(names)):
        raise DataError("the catalog gives a name twice")
