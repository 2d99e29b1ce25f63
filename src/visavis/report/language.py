"""The words of the report in the language asked: English in the source, the others by gettext.

French lives in `locales/fr/LC_MESSAGES/visavis.po`; a test extracts every text of this room and
fails when one has no translation or when the compiled catalogue is stale.
"""

import gettext
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from visavis.options import Language

DOMAIN = "visavis"
LOCALES = Path(__file__).with_name("locales")


def N_(text: str) -> str:  # noqa: N802  # gettext's customary name for "translate this later"
    """Mark a text of a module-level table for translation."""
    return text


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802  # as above, for two forms
    """Mark a singular and a plural of a module-level table for translation."""
    return one, many


@cache
def _catalogue(lang: Language) -> gettext.NullTranslations:
    if lang == "en":
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, LOCALES, languages=[lang])


@dataclass(frozen=True, slots=True)
class Words:
    """Says a text in one language. Called `_` where it is used, as gettext's tools expect."""

    lang: Language

    def __call__(self, text: str, /, **fields: object) -> str:
        """`text` in this language, its `{fields}` filled in."""
        said = _catalogue(self.lang).gettext(text) if text else ""  # else: the file's own head
        return said.format(**fields) if fields else said

    def plural(self, one: str, many: str, n: int, /, **fields: object) -> str:
        """The form of `one` or `many` that this language uses for `n` things."""
        return _catalogue(self.lang).ngettext(one, many, n).format(**fields)

    def listed(self, things: list[str]) -> str:
        """`a`, `a and b`, `a, b and c`."""
        if len(things) < 2:
            return "".join(things)
        _ = self
        return _("{first} and {last}", first=", ".join(things[:-1]), last=things[-1])
