"""Where English sentences end, and their words, as NLTK finds them.

Sentences are found as Punkt does (Kiss and Strunk 2006, "Unsupervised Multilingual Sentence
Boundary Detection"): a full stop ends one unless it belongs to an abbreviation, an initial, a
number or an ellipsis; there the next word decides. Punkt looks that word up among 20,000 that it
learnt from newspapers; ours are a short list, so there the two may differ by a sentence.

Words are cut as in the Penn Treebank: punctuation apart, "don't" into "do" and "n't". NLTK
has changed its mind about dashes; as in its version 3.8, they part no words here.
"""

import re
from collections.abc import Iterator
from itertools import chain


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORD = re.compile(r"(\S+)(\s+(?=\S))?")
"""A run without spaces, and the gap after it where another run follows."""
_INNER_END = re.compile(r"[.?!](?=[)\";}\]*:@'({\[!?])")
_CLOSING = re.compile(r"[\"')\]}]+(?:\s+|$|(?=--))")
"""Quotes and brackets that belong to the sentence before them."""
_TOKEN_EDGE = re.compile(r"[)\";}\]*:@({\[`&#]|--")
_NUMBER = re.compile(r"-?[.,]?\d[\d,.-]*")
_INITIALS = re.compile(r"[^\W\d](?:\.[^\W\d])+")
_FIRST_WORD = re.compile(r"\w+")
_LONGEST_LOOKED_UP = 40
"""Characters of the next word that are looked at."""

_ABBREVIATED = _listed(
    """adm ala ariz aug ave bros calif cie co col colo conn corp cos ct dec dr feb fla fri ft ga
    gen ill inc jan jr kan ky lt ltd maj messrs mg mich minn mr mrs ms nev nov oct ok okla pa
    prof rep reps sen sep sept sr st sw tenn tues va vs vt wash wed wis yr ph.d
    c d e f g h k l m n p r s t v w"""
)
_NOT_ABBREVIATED = _listed("e.g i.e p.s p.p.s")
"""As in Punkt, these and "etc." may end a sentence."""

_STARTERS = _listed(
    """according although among both but despite even he however i if in indeed instead it many
    meanwhile moreover most nevertheless nonetheless nor separately similarly since so some the
    there these they this though thus under when while yet"""
)
"""Words that with a capital begin a sentence even after an abbreviation or an ellipsis."""

_COMMON = _STARTERS | _listed(
    """a an and any are as at by can do each finally first for from given has have her here his how
    is its let my next no not of on one only or our out please remember remind she so such suppose
    take that their then therefore to two up was we what where which who why will with would you
    your"""
)
"""Words that with a capital begin a sentence after a letter alone, which is no name's initial."""

_APART = re.compile(r"\.\.+|--|''|[«“‘„»”’`;@#$%&?!*\[\](){}<>\"]|[:,](?!\d)")
_ENDINGS = re.compile(r"(?<=[^' ])(?='(?:[sSmMdD]|ll|LL|re|RE|ve|VE|) )|(?<=[^' ])(?=n't |N'T )")
_JOINED = re.compile(
    r"\b(?:can(?=not\b)|d(?='ye\b)|(?:gim|lem)(?=me\b)|gon(?=na\b)|got(?=ta\b)|wan(?=na\s)"
    r"|more(?='n\b))",
    re.IGNORECASE,
)
"""Two words written as one: "cannot", "gonna"."""
_AFTER_FULL_STOP = "])}>\"'»”’ \t\n\r"


def sentences(text: str) -> Iterator[str]:
    start, end = 0, len(text.rstrip())
    for stop, after in chain(_stops(text), [(end, end)]):
        closing = _CLOSING.match(text, after, end)
        if closing:
            stop, after = after + len(closing[0].rstrip()), closing.end()
        if start < stop:
            yield text[start:stop]
        start = after


def _stops(text: str) -> Iterator[tuple[int, int]]:
    """Where a sentence stops, and where the next one starts."""
    opens_line = True
    for match in _WORD.finditer(text):
        word, gap = match.groups(default="")
        if gap and word[-1] in ".?!":
            following = text[match.end() : match.end() + _LONGEST_LOOKED_UP]
            if _ends(word, following, opens_line):
                yield match.end(1), match.end()
        elif inner := list(_INNER_END.finditer(word)):
            stop = inner[-1].end()
            if _ends(word[:stop], word[stop], opens_line):
                yield match.start() + stop, match.start() + stop
        opens_line = "\n" in gap


def _ends(before: str, following: str, opens_line: bool) -> bool:
    """Whether the mark at the end of `before` ends a sentence."""
    if before[-1] in "?!" or _INNER_END.search(before):
        return True
    if before.endswith(".."):
        return _first_word_of(following) in _STARTERS
    token = _TOKEN_EDGE.split(before)[-1].lstrip("-,")[:-1]
    if _is_abbreviation(token.lower()):
        return len(token) > 1 and _first_word_of(following) in _STARTERS
    letter = len(token) == 1 and token.isalpha()
    if not (letter or _NUMBER.fullmatch(token)):
        return True
    if following[0].islower() or following[0] in ";:,.!?":
        return False
    initial = letter and token.isupper() and following[0].isupper() and not opens_line
    return not initial or _first_word_of(following) in _COMMON


def _is_abbreviation(token: str) -> bool:
    if token in _ABBREVIATED or token.rpartition("-")[2] in _ABBREVIATED:
        return True
    return _INITIALS.fullmatch(token) is not None and token not in _NOT_ABBREVIATED


def _first_word_of(following: str) -> str:
    """In lower case, if it has a capital; else empty."""
    word = _FIRST_WORD.match(following)
    return word[0].lower() if word and word[0][0].isupper() else ""


def words(text: str) -> Iterator[str]:
    """The words and signs of a text, in the manner of the Penn Treebank."""
    for sentence in sentences(text):
        yield from _words(sentence)


def _words(sentence: str) -> list[str]:
    bare = sentence.rstrip(_AFTER_FULL_STOP)
    if bare.endswith(".") and not bare.endswith(".."):
        sentence = f"{bare[:-1]} . {sentence[len(bare) :]}"
    apart = _APART.sub(r" \g<0> ", sentence) + " "
    return _JOINED.sub(r"\g<0> ", _ENDINGS.sub(" ", apart)).split()
