"""`visavis fit`: memory part by part, and the machines that hold it."""

import json
from collections.abc import Mapping
from dataclasses import asdict

from visavis.api.around import check_writable, surroundings
from visavis.api.fit import holders, need
from visavis.api.shown import save
from visavis.cli.screen import out
from visavis.options import FitOptions
from visavis.report.text import Numbers


def show(model: str, options: FitOptions, environ: Mapping[str, str]) -> None:
    """One line a part, then one a machine."""
    if options.json is not None:
        check_writable(options.json)
    needed, num = need(model, options, surroundings(environ)), Numbers("en")
    shape = needed.shape
    streams = f"{num.count(options.streams)} x " if options.streams > 1 else ""
    out(f"{model} at {needed.quantisation}, {streams}{num.count(options.context)} tokens")
    parts = {
        "weights": (needed.weights, f"{num.big(needed.parameters)} parameters"),
        "KV cache": (
            needed.kv_cache,
            f"{shape.layers} layers, {shape.kv_heads} KV heads of {shape.head}, {options.kv}",
        ),
        "engine": (needed.engine, "the process, its vocabulary, intermediate results"),
    }
    for name, (size, of) in parts.items():
        out(f"  {name:<10} {num.size(size):>9}   {of}")
    out(f"  {'in all':<10} {num.size(needed.least):>9}")
    if needed.second_copy:
        out(
            f"  On a processor the engine keeps {num.size(needed.second_copy)} of the weights "
            f"twice: {num.size(needed.total)} where there is room."
        )
    if needed.assumed:
        out(f"  Assumed: {needed.assumed}.")
    for machine, held in holders(needed):
        out(f"{'fits' if held else 'no':<5} {machine.name}")
    if options.json is not None:
        document = {
            **asdict(needed),
            "least": needed.least,
            "total": needed.total,
            "machines": {machine.name: held for machine, held in holders(needed)},
        }
        save(options.json, f"{json.dumps(document, indent=1)}\n".encode())
