"""What `visavis limits` may have found, for tests of what is made of it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import visavis
from visavis.measure.limits.found import (
    SCHEMA,
    SCHEMA_VERSION,
    Asked,
    Context,
    Ends,
    Length,
    Limits,
    LimitsFile,
    Needle,
    Output,
    Seen,
)
from visavis.report.documents import document

UNTIL = Ends(
    at=date(2023, 10, 14),
    low=date(2023, 9, 3),
    high=date(2023, 11, 10),
    before=0.9,
    after=0.02,
    n=94,
    method="made",
)


def context(accepted: int, refused: int | None = None, **further: Any) -> Context:
    told: dict[str, Any] = {
        "longest_tried_tokens": 200_000,
        "cut_to_tokens": None,
        "server_states_tokens": None,
        "stated_tokens": None,
        "slot_tokens": None,
        "tries": 9,
    }
    return Context(accepted_tokens=accepted, refused_tokens=refused, **told | further)


def wrote(tokens: int | None, ended: Any = "the limit asked for", **further: Any) -> Output:
    told: dict[str, Any] = {"asked": 16_384, "turned_down": None, "allowed": None, "numbers": 9}
    return Output(tokens=tokens, ended=ended, **told | further)


def needle(*found_up_to: int, lengths: Sequence[int] = (1000, 4000)) -> Needle:
    """Of ten facts at each length, nine are found as far as that is `found_up_to`, else four."""
    depths = tuple(n / max(1, len(found_up_to) - 1) for n in range(len(found_up_to)))
    return Needle(
        depths=depths,
        found_up_to_tokens=found_up_to,
        lengths=tuple(
            Length(
                tokens=n,
                cells=tuple((9 if n <= up_to else 4, 10) for up_to in found_up_to),
                share=Seen(value=0.9, low=0.6, high=0.98, n=10, method="Wilson"),
                failed=0,
            )
            for n in lengths
        ),
    )


def limits(candidate: str = "m", **further: Any) -> Limits:
    """Of a model at its maker's."""
    told: dict[str, Any] = {
        "kind": "hosted",
        "route": "openai",
        "model": "gpt-4o-mini-2024-07-18",
        "snapshot": "gpt-4o-mini-2024-07-18",
        "system": "gpt-4o-mini",
        "quantisation": None,
        "measured_on": date(2026, 11, 20),
        "asked": Asked(what=("context",), repeats=3, output_tokens=16_384, seed=0),
        "requests": 9,
        "reused": 0,
        "usd": 0.1,
        "unfinished": {},
    }
    return Limits(candidate=candidate, **told | further)


def written(file: Path, *found: Limits) -> Path:
    """As `visavis limits --json` writes it."""
    whole = LimitsFile(
        schema=SCHEMA,
        schema_version=SCHEMA_VERSION,
        visavis=visavis.__version__,
        candidates=found,
    )
    file.write_bytes(document(whole))
    return file
