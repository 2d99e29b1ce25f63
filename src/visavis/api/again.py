"""The line that asks again what a run was asked."""

from collections.abc import Mapping
from dataclasses import fields
from shlex import quote
from typing import Any

from visavis.measure.contamination import is_of_orders
from visavis.measure.spec import RunSpec
from visavis.options import ContaminationOptions

WRITTEN = "python:"
"""Begins the name of a candidate that exists in a Python program alone."""


def again(spec: RunSpec) -> str:
    """The line that asks the same again, and goes on where it was cut off; empty where the run
    does not say what it was asked."""
    if spec.parts:
        out = spec.passed.get("out")
        names = [part.name for part in spec.parts]
        words = ["visavis", "merge", *names, *(("--out", str(out)) if out else ())]
        return " ".join(map(quote, words))
    candidates = spec.passed.get("candidates", ())
    if not candidates:
        return ""
    written = any(name.startswith(WRITTEN) for name in candidates)
    if written or not any(is_of_orders(one.protocol) for one in spec.benchmarks):
        return _compared(spec.passed)
    words = ["visavis", "contamination", *map(quote, candidates)]
    for one in fields(ContaminationOptions):
        value = spec.passed.get(one.name)
        if value is not None and one.name not in ("json", "yes"):
            words += [flag(one.name), quote(_text(value))]
    return " ".join(words)


def _compared(passed: Mapping[str, Any]) -> str:
    if any(name.startswith(WRITTEN) for name in passed["candidates"]):
        names = ", ".join(name.removeprefix(WRITTEN) for name in passed["candidates"])
        return f"visavis.compare([{names}], …), in the Python program that wrote them"
    words = ["visavis", "compare"]
    silent = {"candidates", "out", "json", "yes", "dry_run"}
    if len(passed["candidates"]) == 1:
        words = ["visavis", "cases", "run", *map(quote, passed.get("on", ()))]
        silent |= {"on", "speed"}
    words += map(quote, passed["candidates"])
    for name, value in passed.items():
        if name in silent:
            continue
        option = flag(name)
        if isinstance(value, bool):
            words.append(option if value else f"--no-{name}")
        else:
            several = value if name == "judge" else [_text(value)]  # a file's name may hold a comma
            words += [word for one in several for word in (option, quote(one))]
    return " ".join(words)


def flag(name: str) -> str:
    """An option as one gives it."""
    return "--" + name.replace("_", "-")


def _text(value: object) -> str:
    return ",".join(value) if isinstance(value, list | tuple) else str(value)
