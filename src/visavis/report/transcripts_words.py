"""What the transcripts' script says, in one language."""

from typing import get_args

from visavis.core.outcome import FailureKind
from visavis.options import Language
from visavis.report.judges_said import heard_words
from visavis.report.language import Words
from visavis.report.marks import MARKS


def transcript_words(lang: Language) -> dict[str, object]:
    """By the names that `transcripts.js` knows them by; `%s` is filled in there."""
    _ = Words(lang)
    return {
        "marks": {mark: _(text) for mark, text in MARKS.items()},
        "failures": {kind: _(kind) for kind in get_args(FailureKind)},
        "tokens": [_.plural("{n} token", "{n} tokens", n, n="%s") for n in (1, 2)],
        "score": _("score {share}", share="%s"),
        "truncated": _("cut off at its longest"),
        "reused": _("reused from an earlier run"),
        "key": _("Key"),
        "prompt": _("The whole prompt, as sent"),
        "reasoning": _("Its reasoning, not graded"),
        "more": _("Show more (%s characters left)"),
        "silent": _("The reply is empty."),
        "none": _("No case is like this."),
        "heard": heard_words(lang),
        "shown": _("%s of %s cases"),
        "searching": _("%s searched, %s found so far"),
        "stopped": _("Stopped: %s found, with %s searched."),
        "page": _("page %s of %s"),
        "unasked": _("Not asked."),
        "frame": _("Frame of %s"),
        "clips": _("Play the clips"),
        "differ": _("%s of %s words differ from those of %s."),
        "same": _("Word for word what %s says."),
        "longer": _("Too long to be held against another."),
        "missing": _(
            "The transcripts lie in the folder “%s”, which is not beside this page, or is that of "
            "another page. Put it there, or write the page again."
        ),
        "unread": _("The transcripts cannot be read: %s."),
        "old": _("This browser is too old to open the transcripts; all else on this page is here."),
    }
