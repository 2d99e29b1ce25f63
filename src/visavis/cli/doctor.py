"""`visavis doctor`: what this machine can do, each line with what to do where it cannot."""

from collections.abc import Mapping

from visavis.api.around import surroundings
from visavis.candidates.catalog import catalog
from visavis.candidates.llama_settings import (
    build_of,
    check_cpu,
    leaves_unused,
    own_server,
    threads,
)
from visavis.candidates.weights import listed
from visavis.cli.screen import out
from visavis.core.errors import VisavisError
from visavis.measure.probe import probe
from visavis.report.text import Numbers
from visavis.scoring.fence.pool import open_fence
from visavis.scoring.fence.stage import Stage


def show(environ: Mapping[str, str]) -> None:
    """One line a subject."""
    home = surroundings(environ).home
    machine = probe()
    memory = Numbers("en").size(machine["memory_bytes"])
    here = [line.model.name for line in listed(home) if line.present]
    keys = [route.key for route in catalog().routes if environ.get(route.key, "").strip()]
    lines = {
        "visavis": f"{machine['visavis']}, {machine['python']}, {machine['system']}",
        "machine": f"{machine['cpu']}, {machine['cores']} cores, {memory} of memory",
        "kept in": str(home),
        "fence": _fence(),
        "programs": _programs(),
        "engine": _engine(environ),
        "models here": ", ".join(here)
        or "none yet; 'visavis models pull smollm2-135m' fetches one",
        "keys set": ", ".join(keys) or "none; OPENAI_API_KEY and kin are read from the environment",
    }
    for subject, said in lines.items():
        out(f"{subject:<12} {said}")


def _fence() -> str:
    try:
        with open_fence("auto"):
            return "code that models write can be run safely"
    except VisavisError as error:
        return str(error)


def _programs() -> str:
    try:
        with Stage(packages=("pygame",)):
            return "games that models write can be tried"
    except VisavisError as error:
        return str(error)


def _engine(environ: Mapping[str, str]) -> str:
    try:
        server = own_server(environ)
        if server is not None:
            return f"GGUF files can be run by your {build_of(server)}, on {threads()} threads"
        check_cpu()
    except VisavisError as error:
        return str(error)
    more = "; one built for AVX-512 would read prompts faster" if leaves_unused() else ""
    return f"GGUF files can be run, on {threads()} threads{more}"
