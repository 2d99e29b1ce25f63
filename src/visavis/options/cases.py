"""Every option of the commands that make, check and try cases, once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from visavis.core.numbers import Cases, Level, Seed
from visavis.options import FenceChoice, Language, option

CaseLanguage = Literal["en", "fr", "both"]
EvalsGrader = Literal["match", "includes", "fuzzy-match", "json-match"]


@dataclass(frozen=True, kw_only=True)
class NewCasesOptions:
    """What a new case file begins with."""

    from_: Path | None = option(
        None,
        "Cases to begin with: CSV, JSON Lines, promptfoo's YAML, or samples of OpenAI's evals.",
    )
    grader: EvalsGrader = option(
        "match", "For samples of OpenAI's evals: which of its graders they are meant for."
    )


@dataclass(frozen=True, kw_only=True)
class CheckCasesOptions:
    """How to try the checks of cases."""

    fence: FenceChoice = option(
        "auto", "Fence for checks that run code; `weak` allows one without namespaces."
    )


@dataclass(frozen=True, kw_only=True)
class TryOptions:
    """What to keep of a program that was tried."""

    json: Path | None = option(None, "Also write the findings as JSON to this file.")
    frames: Path | None = option(None, "Folder for what the checks saw: frames, clips, traces.")
    lang: Language = option("en", "Language of the table.")


@dataclass(frozen=True, kw_only=True)
class GenerateOptions:
    """How many cases to make, how hard, and where to put them."""

    n: Cases = option(10, "Cases to make.")
    seed: Seed = option(0, "Another seed makes other cases, the same one the same on any machine.")
    difficulty: Level = option(2, "1 (easy), 2 (medium) or 3 (hard).")
    lang: CaseLanguage = option("both", "Language of the cases; both asks each puzzle in both.")
    out: Path | None = option(
        None, "Write them to this .jsonl or .yaml file as cases of your own; else they are printed."
    )
