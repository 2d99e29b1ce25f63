"""What judges said of replies, in words, wherever it is shown."""

import json
from dataclasses import replace

from tests.report import packed
from tests.report.fixtures import JUDGEMENT, QWEN, RUN, SMOL, TRIALS
from tests.report.hostile import HOSTILE
from visavis.core.trial import TrialKey
from visavis.report import export, export_trials
from visavis.report.judges_said import MOST_REPLIES, HeardView, heard_view, judged_replies
from visavis.report.markdown import markdown
from visavis.report.page import page
from visavis.report.view import View, view
from visavis.scoring.heard import Heard, Part, Spoken

MARKED = Spoken(
    judge="j1",
    beside="",
    shown_first=True,
    text="It thanks,\nand is short.\nRating: [[7]]",
    read="7",
    earned=1.0,
    because="",
)
FIRST = replace(MARKED, beside=SMOL, text="The first.\n[[A]]", read="A")
SECOND = replace(FIRST, shown_first=False, text="A tie.\n[[C]]", read="C", earned=0.5)
LOST = replace(FIRST, earned=0.0)
SILENT = replace(MARKED, text="", read=None, earned=None, because="the judge said nothing")
TONE = Part(
    name="tone",
    kind="rubric",
    asked="It is friendly.",
    scale=(1, 10),
    pass_mark=6.0,
    weight=1.0,
    earned=1.0,
    because="",
    spoken=(MARKED,),
)
BETTER = replace(
    TONE, name="better", kind="pairwise", scale=None, pass_mark=None, earned=0.75,
    weight=2.5, spoken=(FIRST, SECOND),
)  # fmt: skip
CHECKS = replace(
    TONE, name="checks", kind="checks", asked="", scale=None, pass_mark=None, earned=0.0, spoken=()
)
HEARD = Heard(parts=(CHECKS, TONE, BETTER), share=0.64, needed=0.6)


def told(view: HeardView) -> list[str]:
    return [part.told for part in view.parts]


def voices(*spoken: Spoken, part: Part = TONE) -> list[str]:
    one = replace(part, spoken=spoken)
    (found,) = heard_view(Heard(parts=(one,), share=1.0, needed=None), "en").parts
    return [voice.told for voice in found.voices]


def test_what_a_grade_is_made_of_is_told_part_by_part() -> None:
    seen = heard_view(HEARD, "en")
    assert told(seen) == [
        "the case's other checks: earns 0%",
        "tone: earns 100%",
        "better: earns 75%, weight 2.50",
    ]
    assert [part.asked for part in seen.parts] == ["", "It is friendly.", "It is friendly."]
    assert seen.together == "together 64%, right from 60% on"


def test_of_each_answer_order_and_verdict_are_told() -> None:
    assert voices(MARKED) == ["j1: mark 7, on a scale of 1 to 10, enough"]
    assert voices(replace(MARKED, earned=0.0, read="3")) == [
        "j1: mark 3, on a scale of 1 to 10, not enough"
    ]
    assert voices(FIRST, SECOND, LOST, part=BETTER) == [
        f"j1, shown this reply first, then that of {SMOL}: this reply is better",
        f"j1, shown that of {SMOL} first, then this reply: a tie",
        f"j1, shown this reply first, then that of {SMOL}: the other reply is better",
    ]
    assert voices(SILENT) == ["j1: no verdict: the judge said nothing"]
    assert voices(MARKED, part=replace(TONE, pass_mark=None, scale=None)) == ["j1: mark 7"]


def test_a_part_without_a_verdict_says_why_and_nothing_is_summed() -> None:
    part = replace(TONE, earned=None, because="j1 on tone: was not asked yet", spoken=())
    seen = heard_view(Heard(parts=(CHECKS, part), share=None, needed=0.6), "en")
    assert told(seen)[1] == "tone: no verdict: j1 on tone: was not asked yet"
    assert seen.together == ""
    alone = heard_view(Heard(parts=(TONE,), share=1.0, needed=None), "en")
    assert alone.together == ""


KEYS = [trial.key for trial in TRIALS]


def shown(heard: dict[TrialKey, Heard]) -> View:
    return view(JUDGEMENT, replace(RUN, heard=heard), TRIALS)


def test_markdown_tells_it_and_holds_no_markup_of_a_judge() -> None:
    evil = replace(MARKED, text="\n".join(HOSTILE), judge="<b>j</b>")
    heard = replace(HEARD, parts=(replace(TONE, spoken=(evil,), name="*t*", asked="<i>x</i>"),))
    text = markdown(shown({KEYS[0]: heard}))
    _, _, section = text.partition("## What judges said")
    assert f"- **{KEYS[0].case}**" in section.replace("\\", "")
    assert "<script" not in text.replace("\\<script", "")
    assert "<b>j" not in text
    assert "{{ 7 * 7 }}" in text or "7" in text
    assert "What judges said" not in markdown(view(JUDGEMENT, RUN, TRIALS))


def test_a_long_answer_is_cut_in_markdown_and_many_replies_are_counted() -> None:
    long = replace(MARKED, text="word " * 500)
    heard = dict.fromkeys(KEYS, replace(HEARD, parts=(replace(TONE, spoken=(long,)),)))
    more = {key._replace(repeat=n): one for n in range(9) for key, one in heard.items()}
    section = markdown(shown(more)).partition("## What judges said")[2].partition("\n## ")[0]
    assert section.count("word …") + section.count("wor…") + section.count("word…") >= MOST_REPLIES
    assert len(max(section.splitlines(), key=len)) < 500
    assert f"{len(more) - MOST_REPLIES} more replies: on the page" in section
    few = judged_replies({KEYS[0]: HEARD}, "en")
    assert few is not None
    assert few.left_out == ""
    assert judged_replies({}, "en") is None


def test_the_page_has_all_of_it_with_the_reply_and_as_nothing_but_text() -> None:
    evil = replace(MARKED, text="\n".join(HOSTILE))
    heard = replace(HEARD, parts=(replace(TONE, spoken=(evil,)), BETTER))
    html = page(shown({KEYS[0]: heard}))
    assert "alert('script')" not in html
    replies = [reply for case in packed.cases(html) for reply in case[5]]
    (own,) = [reply for reply in replies if len(reply) > 8]
    share, needed, (tone, better) = own[8]
    assert own[7] == []  # no frames
    assert (share, needed) == (0.64, 0.6)
    assert tone[:8] == ["tone", "rubric", "It is friendly.", [1, 10], 6, 1, 1, ""]
    assert tone[8] == [["j1", "", True, "\n".join(HOSTILE), "7", 1, ""]]
    assert [one[2] for one in better[8]] == [True, False]


def test_the_data_have_it_trial_by_trial() -> None:
    run = replace(RUN, heard={KEYS[0]: HEARD})
    rows = json.loads(export.results(JUDGEMENT, run, TRIALS))["trials"]
    assert [row["judged"] != [] for row in rows] == [True] + [False] * (len(rows) - 1)
    checks, tone, better = rows[0]["judged"]
    assert checks["kind"] == "checks"
    assert tone["spoken"][0]["text"] == MARKED.text
    assert (better["spoken"][1]["shown_first"], better["spoken"][1]["earned"]) == (False, 0.5)


def test_a_frame_has_it_as_plain_values() -> None:
    frame = export_trials.to_polars(TRIALS, {KEYS[0]: HEARD})
    first, second = frame["judged"].to_list()[:2]
    assert [part["name"] for part in first] == ["checks", "tone", "better"]
    assert second == []
    assert export_trials.to_pandas(TRIALS)["judged"].map(len).sum() == 0
    assert QWEN in set(frame["candidate"])


def test_why_there_is_no_verdict_is_said_in_the_readers_language() -> None:
    why = "nobody counted its tokens"  # which is in the catalogue
    silent = replace(SILENT, because=why)
    part = replace(TONE, earned=None, because=why, spoken=(silent,))
    (seen,) = heard_view(Heard(parts=(part,), share=None, needed=None), "fr").parts
    assert why not in seen.told + seen.voices[0].told
    html = page(shown({KEYS[0]: Heard(parts=(part,), share=None, needed=None)}))
    (own,) = [reply for case in packed.cases(html) for reply in case[5] if len(reply) > 8]
    ((*_, because, spoken),) = own[8][2]
    assert because == spoken[0][6]
    assert set(because) == {"en", "fr"}


def test_replies_to_one_try_of_a_case_stand_together() -> None:
    keys = [KEYS[0]._replace(candidate=name, case=case) for name in "ab" for case in ("x", "y")]
    seen = judged_replies(dict.fromkeys(keys, HEARD), "en", most=3)
    assert seen is not None
    assert [(one.case, one.candidate) for one in seen.replies] == [
        ("x", "a"),
        ("x", "b"),
        ("y", "a"),
    ]
    assert seen.left_out == "1 more reply: on the page"


def test_a_run_that_holds_an_odd_verdict_is_shown_all_the_same() -> None:
    """Its folder may be anybody's."""
    odd = [replace(FIRST, earned=value) for value in (0.7, 0.5, 0.2, 7.0)]
    said = [voice.rpartition(": ")[2] for voice in voices(*odd, part=BETTER)]
    assert said == [
        "this reply is better",
        "a tie",
        "the other reply is better",
        "this reply is better",
    ]
