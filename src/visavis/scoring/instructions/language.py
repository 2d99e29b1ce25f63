"""Which language a text is in, as langdetect sees it: the detector of IFEval's authors.

Both weigh the text's sequences of one to three letters by how frequent they are in 54 languages
(naive Bayes). langdetect draws sequences at random until it is sure, so short texts may come out
differently from one run to the next; here every sequence counts, so the answer is always the
same, and the one to which langdetect's drawing tends.

`languages.txt.xz` holds lines of language, weight and sequences parted by `|`. A weight is the
logarithm of (1 + frequency / 0.00005), in steps of a tenth. `tools/write_languages.py` makes it.
"""

import lzma
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path

PROFILES = Path(__file__).with_name("languages.txt.xz")
STEPS = 10
"""Steps of a weight to one natural logarithm."""

LONGEST = 10_000
"""Characters that are looked at, as upstream."""
_BEFORE_CUTTING = 4 * LONGEST
"""Addresses are taken out of so much text, before it is cut."""

_ADDRESS = re.compile(
    r"https?://[-_.?&~;+=/#0-9A-Za-z]+|[-_.0-9A-Za-z]{1,64}@[-_.0-9A-Za-z]{1,255}"
)
_TONED = re.compile(r"[A-Za-z\u00c0-\u01b0][\u0300-\u0323]")
_LATIN = re.compile(r"[A-z]")
_OTHER_SCRIPT = re.compile(r"[\u0300-\u1dff\u1f00-\U0010ffff]")

IDEOGRAPHS, IDEOGRAPH = r"[\u4e00-\u9fff]", "一"
_ALIKE = (
    (re.compile(r"[\x00-@\[-`{-\x7f\xa0\xab\xb0\xbb\u2000-\u206f]+"), " "),
    (re.compile(r"[\u1ea0-\u1eff]"), "\u1ec3"),
    (re.compile(r"[\u3040-\u309f]"), "あ"),
    (re.compile(r"[\u30a0-\u30ff]"), "ア"),
    (re.compile(r"[\uac00-\ud7af]"), "가"),
    (re.compile(IDEOGRAPHS), IDEOGRAPH),
    (re.compile("\u0219"), "\u015f"),
    (re.compile("\u021b"), "\u0163"),
    (re.compile("\u06cc"), "\u064a"),
    (re.compile(" +"), " "),
)
"""Characters that count as one: signs as a space, every syllable of a script as the same."""


def language_of(text: str, among: Collection[str] | None = None) -> str | None:
    """ISO 639-1 code of the likeliest language; None for a text without a known letter.

    A short text is told the better the fewer languages it may be in: those of `among`.
    """
    scores: Counter[str] = Counter()
    known = _known()
    for sequence, count in _sequences(_plain(text)).items():
        for language, weight in known.get(sequence, ()):
            if among is None or language in among:
                scores[language] += count * weight
    return max(sorted(scores), key=scores.__getitem__, default=None)


def _plain(text: str) -> str:
    text = _ADDRESS.sub(" ", text[:_BEFORE_CUTTING])[:LONGEST]
    text = _TONED.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)
    if 2 * len(_LATIN.findall(text)) < len(_OTHER_SCRIPT.findall(text)):
        text = _LATIN.sub("", text)
    for pattern, sign in _ALIKE:
        text = pattern.sub(sign, text)
    return text


def _sequences(text: str) -> Counter[str]:
    """One to three letters of a word, with the space before or after it as a letter.

    Capitals after a capital are left out, as upstream: of a word in capitals the first letter is
    what counts.
    """
    found: Counter[str] = Counter()
    text = " " + text.removeprefix(" ")
    for end in range(1, len(text)):
        last, before = text[end], text[end - 1]
        if last.isupper() and before.isupper():
            continue
        found[before + last] += 1
        if last != " ":
            found[last] += 1
        if before != " ":
            found[text[end - 2 : end + 1]] += 1
    return found


def known_languages() -> frozenset[str]:
    """Every language that can be told."""
    return frozenset(language for known in _known().values() for language, _ in known)


@cache
def _known() -> Mapping[str, Sequence[tuple[str, int]]]:
    """By sequence the languages that have it, and its weight in each."""
    known = defaultdict(list)
    with lzma.open(PROFILES, "rt", encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                language, weight, sequences = line.rstrip("\n").split(" ", 2)
                for sequence in sequences.split("|"):
                    known[sequence].append((language, int(weight)))
    return known
