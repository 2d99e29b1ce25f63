"""Writes the letter statistics by which languages are told apart, from langdetect's own profiles.

    python -m tools.write_languages PROFILES

PROFILES is the folder `langdetect/profiles` of langdetect 1.0.9, which only this script reads.
The file's format is told in `visavis.scoring.instructions.language`.
"""

import json
import lzma
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from math import log1p
from pathlib import Path

from visavis.scoring.instructions.language import IDEOGRAPH, IDEOGRAPHS, PROFILES, STEPS

UNSEEN = 0.5 / 10_000
"""What langdetect adds to every frequency."""
RAREST = 3e-5
"""Sequences rarer than this in a language weigh next to nothing and are left out."""

NOTICE = (
    "Letter statistics of 54 languages, made from the profiles of langdetect 1.0.9",
    "Copyright 2014-2015 Michal Danilak; Copyright 2010-2014 Cybozu Labs, Inc.",
    "Licensed under the Apache License, Version 2.0; changed: weighed, rounded and abridged.",
)


def frequencies(folder: Path) -> Mapping[str, Counter[str]]:
    """How frequent each sequence is among those of its length, by language."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    files = sorted(file for file in folder.iterdir() if file.suffix != ".py")
    shared = Counter(file.name.partition("-")[0] for file in files)
    for file in files:
        profile = json.loads(file.read_text(encoding="utf-8"))
        language = file.name.partition("-")[0]  # both writings of Chinese are one here
        for sequence, count in profile["freq"].items():
            total = profile["n_words"][len(sequence) - 1] * shared[language]
            found[language][re.sub(IDEOGRAPHS, IDEOGRAPH, sequence)] += count / total
    return found


def lines(found: Mapping[str, Counter[str]]) -> Iterator[str]:
    yield from (f"# {line}" for line in NOTICE)
    for language, sequences in found.items():
        by_weight = defaultdict(list)
        for sequence, frequency in sequences.items():
            if frequency >= RAREST:
                by_weight[round(STEPS * log1p(frequency / UNSEEN))].append(sequence)
        for weight in sorted(by_weight, reverse=True):
            yield f"{language} {weight} {'|'.join(sorted(by_weight[weight]))}"


if __name__ == "__main__":
    text = "\n".join(lines(frequencies(Path(sys.argv[1]))))
    PROFILES.write_bytes(lzma.compress(text.encode("utf-8"), preset=9))
