"""Every option of the commands for several runs, once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from visavis.options import Language, option

Prefer = Literal["all", "first", "newest"]


@dataclass(frozen=True, kw_only=True)
class RunsOptions:
    """What to say of all runs."""

    verdicts: bool = option(False, "Judge also those runs whose verdict is not known yet.")
    json: bool = option(False, "Print the list as JSON.")
    lang: Language = option("en", "Language of the list.")


@dataclass(frozen=True, kw_only=True)
class DiffOptions:
    """What to compare of two runs, and by what."""

    candidate: tuple[str, ...] = option(
        (), "Candidate to compare with itself, or `A=B`: A of the old run with B of the new one."
    )
    policy: str = option("default", "What difference matters: a policy's name, or a YAML file.")
    json: Path | None = option(None, "Also write what changed as JSON to this file.")
    lang: Language = option("en", "Language of the report.")


@dataclass(frozen=True, kw_only=True)
class MergeOptions:
    """Where one run of several is to be, and what to keep of what they have twice."""

    out: Path | None = option(
        None, "Folder of the merged run; a new one under VISAVIS_HOME when not given."
    )
    prefer: Prefer = option(
        "all", "Of a trial that several runs have: all of them as further tries, or which one."
    )


@dataclass(frozen=True, kw_only=True)
class GateOptions:
    """By what to let a candidate pass, and what to leave for the build."""

    policy: str = option("default", "What loss matters: a policy's name, or a YAML file.")
    junit: Path | None = option(None, "Also write the outcome as JUnit's XML to this file.")
    markdown: Path | None = option(None, "Also write a summary in Markdown to this file.")
    json: Path | None = option(None, "Also write the outcome as JSON to this file.")
    lang: Language = option("en", "Language of table and summary.")
