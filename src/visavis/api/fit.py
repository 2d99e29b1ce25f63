"""`visavis fit`: what a model needs, and which machines hold it."""

from visavis.api.around import Surroundings
from visavis.candidates import gguf
from visavis.candidates.catalog import catalog
from visavis.candidates.fit import (
    Machine,
    Need,
    machines,
    need_of_file,
    need_of_size,
    parameters_in,
)
from visavis.candidates.grammar import parse
from visavis.core.errors import OptionError
from visavis.options import FitOptions


def need(model: str, options: FitOptions, around: Surroundings) -> Need:
    """What `model` needs: a GGUF file or a local model that is here, or a size such as `8B`."""
    tokens, streams, kv = options.context, options.streams, options.kv
    size = parameters_in(model)
    if size is None and catalog().named(model.lower()):
        size = _published_size(model)
    if size is not None:
        return need_of_size(size, options.quant, tokens=tokens, streams=streams, kv=kv)
    candidate = parse(model, home=around.home, environ=around.environ)
    if candidate.file is None or candidate.route != "gguf":
        raise OptionError(f"{model!r} is no local model; name a GGUF file, or a size such as '8B'")
    if not candidate.file.exists():
        raise OptionError(f"{model!r} is not here yet; 'visavis models pull {model}' fetches it")
    return need_of_file(gguf.read(candidate.file), tokens=tokens, streams=streams, kv=kv)


def holders(needed: Need) -> tuple[tuple[Machine, bool], ...]:
    """Common machines, and whether each holds it."""
    return tuple((machine, machine.holds(needed.least)) for machine in machines())


def _published_size(model: str) -> float:
    for known in catalog().named(model.lower()):
        for fact in known.facts:
            if fact.name == "parameters" and isinstance(fact.value, int | float):
                return float(fact.value)
    raise OptionError(
        f"the maker of {model!r} does not say how many parameters it has, so nobody can reckon "
        "its memory; to judge a guess, give a size: 'visavis fit 200B --quant F16'"
    )
