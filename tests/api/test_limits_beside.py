"""What `visavis limits` found, beside a comparison: shown, held against claims, and chosen by."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from html import unescape
from io import StringIO
from pathlib import Path

import jsonschema
import pytest

import visavis
from tests.fake_limits import Truth
from tests.fake_server import FakeServer
from tests.found_limits import UNTIL, context, limits, written, wrote
from tests.made_runs import Say, make
from tests.measure.load.things import new_store
from tests.measure.things import candidate
from visavis.api.around import Surroundings, surroundings
from visavis.api.claims import checked
from visavis.api.comparison import Beside, Comparison
from visavis.api.limits import find_limits, planned
from visavis.api.verdict import chosen
from visavis.cli.show import show
from visavis.cli.verdict import show as show_verdict
from visavis.core.candidate import Candidate, Fact
from visavis.core.errors import OptionError
from visavis.measure.limits.found import Limits
from visavis.options import ClaimsOptions, LimitsOptions, ShowOptions, VerdictOptions
from visavis.report import export
from visavis.report.limits import as_json
from visavis.report.progress import screen

MINI, OTHER = "gpt-4o-mini", "other"
STATED = Fact(name="context_window_tokens", value=128_000.0, source="a list", as_of="2026-05")
REFUSED = context(19_900, 20_084)
BROKEN = {"context": "timeout: no answer"}


def hosted(name: str = MINI, *facts: Fact) -> Candidate:
    """At its maker's."""
    return Candidate(
        name=name,
        kind="hosted",
        route="openai",
        model="gpt-4o-mini-2024-07-18",
        snapshot="gpt-4o-mini-2024-07-18",
        system="gpt-4o-mini",
        facts=facts or (STATED,),
    )


def run(folder: Path, *people: Candidate) -> Path:
    """The second is never right."""
    who = people or (hosted(), hosted(OTHER))
    right = who[0].name
    return make(folder / "run", lambda name, case, repeat: Say(value=float(name == right)), who=who)


def seen(folder: Path, *files: Path, **told: object) -> Comparison:
    return Comparison(folder, beside=Beside(limits=tuple(map(str, files))), **told)  # type: ignore[arg-type]  # `lang` and `policy`


def of(tmp_path: Path, *found: Limits, name: str = "limits.json") -> Path:
    return written(tmp_path / name, *found)


def standings(shown: Comparison) -> Mapping[tuple[str, str], set[str]]:
    told: dict[tuple[str, str], set[str]] = {}
    for one in shown.claims:
        told.setdefault((one.candidate, one.claim.criterion), set()).add(one.standing)
    return told


def test_what_a_server_does_is_found_and_stands_beneath_what_is_stated(tmp_path: Path) -> None:
    truth = Truth(context=6000, output=700, until=date(2024, 5, 1))
    with FakeServer({"gpt-4o-mini-2024-07-18": truth.model}) as server:
        environ = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": server.url}
        wanted = LimitsOptions(repeats=1, lengths=("1000",), budget=9.0, yes=True)
        around = Surroundings(home=tmp_path, environ=environ)
        quiet = screen(StringIO())
        found = find_limits(planned([MINI], wanted, around, quiet), quiet)
    file = tmp_path / "limits.json"
    file.write_bytes(as_json(found))
    shown = seen(run(tmp_path), file)
    rows = {row.label: row.cells for group in shown.view.face.groups for row in group.rows}
    mine, other = rows["longest prompt accepted, tokens"]
    assert 5_900 <= int(mine.value.replace(",", "")) <= 5_984
    assert mine.interval.startswith("refused from about ")
    assert mine.notes == ("the server says 6,000",)
    assert mine.source.startswith("measured here, ")
    assert (other.value, other.known) == ("unknown: not asked for", False)
    assert rows["longest reply written, tokens"][0].value == "at least 700"
    assert "2024" in rows["knowledge cutoff, measured"][0].value
    assert list(rows)[1:7] == [
        "context window, tokens",
        "longest prompt accepted, tokens",
        "longest text in which most facts are found, tokens",
        "largest output, tokens",
        "longest reply written, tokens",
        "knowledge cutoff",
    ]
    assert standings(shown)[MINI, "context_window"] == {"contradicted"}
    assert standings(shown)[OTHER, "context_window"] == {"consistent"}
    assert standings(shown)[MINI, "knowledge_cutoff"] == {"contradicted"}
    for text in (shown.table(), shown.markdown(), shown.article(), shown.html()):
        assert mine.value in text
        assert "longest prompt accepted" in text
    document = json.loads(shown.json())
    schema = Path(export.__file__).with_name("results.schema.json")
    jsonschema.validate(document, json.loads(schema.read_bytes()))
    assert document["limits"][MINI][0]["context"]["server_states_tokens"] == 6000
    assert len(document["limits"][MINI][0]["cutoff"]["facts"]) == 94


def test_nothing_is_said_of_limits_that_nobody_asked_for(tmp_path: Path) -> None:
    shown = seen(run(tmp_path))
    assert "longest prompt accepted" not in shown.html() + shown.markdown() + shown.table()
    assert json.loads(shown.json())["limits"] == {}


@pytest.mark.parametrize(
    ("found", "standing"),
    [
        (limits(MINI, context=REFUSED), "contradicted"),
        (limits(MINI, context=context(127_400, 128_300)), "consistent"),
        (limits(MINI, context=context(9_000)), "consistent"),
        (limits(MINI, context=context(9_000, 40_000), unfinished=BROKEN), "contradicted"),
        (limits(MINI, context=context(9_000, 190_000), unfinished=BROKEN), "consistent"),
    ],
)
def test_a_promise_is_broken_by_what_the_makers_own_server_refused(
    tmp_path: Path, found: Limits, standing: str
) -> None:
    shown = seen(run(tmp_path), of(tmp_path, found))
    assert standings(shown)[MINI, "context_window"] == {standing}


def test_a_short_reply_confirms_no_longer_one(tmp_path: Path) -> None:
    """50 tokens were written, and 32,768 turned down: that is no word on 16,000."""
    short = wrote(50, "the model stopped", turned_down=32_768)
    shown = seen(run(tmp_path), of(tmp_path, limits(MINI, output=(short,))))
    (claim,) = {
        one.claim.value: one
        for one in shown.claims
        if (one.candidate, one.claim.criterion) == (MINI, "max_output")
    }.values()
    assert claim.standing == "consistent"
    assert "measured here" not in {known.source for known in claim.by}
    rows = {row.label: row.cells for group in shown.view.face.groups for row in group.rows}
    assert rows["longest reply written, tokens"][0].value == "at least 50"


def test_neither_a_slot_of_ours_nor_another_host_breaks_a_promise(tmp_path: Path) -> None:
    """Nor does it keep one: any model takes the slot that it is given."""
    local = replace(hosted(), kind="local", route="gguf", facts=(), quantisation="Q4_K_M")
    other = replace(hosted(OTHER), route="openrouter", facts=())
    told = {"kind": "local", "route": "gguf", "quantisation": "Q4_K_M"}
    shown = seen(
        run(tmp_path, local, other),
        of(
            tmp_path,
            limits(MINI, context=context(4_080, 4_100, slot_tokens=4_096), **told),
            limits(OTHER, route="openrouter", context=REFUSED),
        ),
    )
    assert standings(shown)[MINI, "context_window"] == {"consistent"}  # as its maker says
    assert standings(shown)[OTHER, "context_window"] == {"consistent"}
    known = {
        one.candidate: [each.decides for each in one.known if each.source == "measured here"]
        for one in shown.claims
        if one.claim.criterion == "context_window"
    }
    assert known == {MINI: [], OTHER: [False]}
    assert "the slot of 4,096 tokens was given to it here" in shown.markdown()


RECORDED = Candidate(
    name="gpt-4o-mini-2024-07-18",
    kind="recorded",
    route="recorded",
    model="openai/gpt-4o-mini-2024-07-18",
    snapshot="sha256:abc",
    system="gpt-4o-mini",
    facts=(STATED,),
)


def test_a_recording_has_the_limits_of_its_model_and_says_whose(tmp_path: Path) -> None:
    file = of(tmp_path, limits(MINI, context=REFUSED))
    folder = run(tmp_path, RECORDED, candidate("b"))
    shown = seen(folder, file)
    assert "measured here of gpt-4o-mini, 20\u00a0November 2026" in shown.markdown()
    assert standings(shown)[RECORDED.name, "context_window"] == {"contradicted"}
    hosts = limits("elsewhere", route="openrouter", context=context(4_000, 4_050))
    both = seen(folder, of(tmp_path, hosts, limits(MINI, context=REFUSED)))
    assert "measured here of gpt-4o-mini" in both.markdown()
    assert "measured here of elsewhere" not in both.markdown()
    newer = of(tmp_path, limits(MINI, snapshot="gpt-4o-mini-2026-01-01", context=REFUSED))
    with pytest.raises(OptionError, match="none of them is in this comparison"):
        seen(folder, newer).facts  # noqa: B018  # it is read here


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            limits(MINI, snapshot="gpt-4o-mini-2026-01-01", context=REFUSED),
            r"tells of 'gpt-4o-mini' as 'openai gpt-4o-mini-2026-01-01', and this comparison asked "
            r"'openai gpt-4o-mini-2024-07-18'; find the limits of the same snapshot",
        ),
        (limits(MINI, route="azure", context=REFUSED), "as 'azure gpt-4o-mini-2024-07-18'"),
        (
            limits("gpt-5", context=REFUSED),
            r"tells of 'gpt-5', and none of them is in this comparison; name a file of its",
        ),
    ],
)
def test_what_was_found_of_another_is_refused(tmp_path: Path, found: Limits, said: str) -> None:
    folder, file = run(tmp_path), of(tmp_path, found)
    with pytest.raises(OptionError, match=said):
        seen(folder, file).table()


def test_several_files_are_taken_together_but_not_for_the_same(tmp_path: Path) -> None:
    first = of(tmp_path, limits(MINI, context=REFUSED), limits("gpt-5", context=REFUSED))
    second = of(tmp_path, limits(MINI, cutoff=UNTIL), name="second.json")
    folder = run(tmp_path)
    shown = visavis.load(folder, limits=[first, second])
    assert "19,900" in shown.table()
    assert "14\u00a0October 2023" in shown.table()
    left = "limits file 'limits.json' also tells of 'gpt-5', not in this comparison: left out"
    assert left in unescape(shown.html())
    with pytest.raises(OptionError, match="the context of 'gpt-4o-mini' is told by"):
        visavis.load(folder, limits=[first, first]).table()
    assert "19,900" in visavis.load(folder, limits=str(first)).table()


@pytest.mark.parametrize(
    ("stated", "found", "met"),
    [
        ((STATED,), None, "met"),
        ((STATED,), REFUSED, "missed"),
        ((STATED,), context(9_000), "met"),
        ((STATED,), context(31_900, 32_200), "may be missed"),
        ((STATED, replace(STATED, value=20_000.0)), REFUSED, "missed"),
        ((replace(STATED, value=8_192.0),), context(40_000, 41_000), "met"),
        ((replace(STATED, value=8_192.0),), context(9_000), "may be missed"),
        ((replace(STATED, name="parameters"),), None, "not known"),
        ((replace(STATED, name="parameters"),), context(9_000), "may be missed"),
        ((replace(STATED, name="parameters"),), context(33_000), "met"),
        ((STATED,), context(4_080, 4_100, slot_tokens=4_096), "met"),
        ((STATED,), context(5_000, 30_000), "missed"),
    ],
)
def test_what_must_hold_goes_by_what_was_found_where_that_decides(
    tmp_path: Path, stated: tuple[Fact, ...], found: object, met: str
) -> None:
    policy = tmp_path / "mine.yaml"
    policy.write_text("name: mine\nmust: [context_window_tokens >= 32000]")
    folder = run(tmp_path, hosted(MINI, *stated), hosted(OTHER))
    files = [str(of(tmp_path, limits(MINI, context=found)))] if found else []
    choice = chosen(folder, str(policy), files)
    assert [[*one.musts.values()] for one in choice.standings] == [[met], ["met"]]
    assert all(flip.at < 1e9 for flip in choice.limits)


def test_the_page_chooses_by_the_same(tmp_path: Path) -> None:
    folder = run(tmp_path)
    file = of(tmp_path, limits(MINI, context=REFUSED, output=(wrote(5_000, "the model stopped"),)))
    choices = seen(folder, file).choices
    assert choices is not None
    (research,) = (one for one in choices.taken if one.policy.name == "research")
    assert (research.chosen, research.because) == (OTHER, "only one is left")
    (long,) = (one for one in choices.taken if one.policy.name == "long-outputs")
    assert [[*one.musts.values()] for one in long.standings] == [["may be missed"], ["not known"]]
    assert "19,900" in seen(folder, file).html()


def test_claims_are_held_against_a_file_without_any_run(tmp_path: Path) -> None:
    around = surroundings({"VISAVIS_HOME": str(tmp_path)})
    file = of(tmp_path, limits("whatever", context=REFUSED, cutoff=UNTIL))
    told = checked(["gpt-4o-mini"], ClaimsOptions(limits=(str(file),)), around)
    found = {one.claim.criterion: one for one in told}
    assert found["context_window"].standing == "contradicted"
    assert found["knowledge_cutoff"].standing == "consistent"
    assert [known.as_of for known in found["context_window"].by] == ["2026-11-20"]
    other = of(tmp_path, limits("whatever", context=context(127_400, 128_300)), name="other.json")
    with pytest.raises(OptionError, match="the context of 'whatever' is told by"):
        checked(["gpt-4o-mini"], ClaimsOptions(limits=(str(file), str(other))), around)


def test_the_commands_take_files_of_limits(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, file = run(tmp_path), of(tmp_path, limits(MINI, context=REFUSED))
    environ = {"VISAVIS_HOME": str(tmp_path)}
    show(str(folder), ShowOptions(limits=(str(file),), lang="fr"), environ)
    assert "19\u202f900" in capsys.readouterr().out
    show_verdict(str(folder), VerdictOptions(policy="research", limits=(str(file),)), environ)
    assert "it alone meets what must hold" in capsys.readouterr().out
    with new_store(tmp_path / "speed", [candidate("a")], "at once 1"):
        pass
    with pytest.raises(OptionError, match="a speed run shows no limits"):
        show(str(tmp_path / "speed"), ShowOptions(limits=(str(file),)), environ)


def test_names_of_others_act_on_no_page(tmp_path: Path) -> None:
    bad = "<script>alert(1)</script>\u202e"
    file = of(tmp_path, limits(bad, context=REFUSED))
    shown = seen(run(tmp_path, replace(RECORDED, name="r"), candidate("b")), file)
    for text in (shown.html(), shown.markdown(), shown.table()):
        assert "\u202e" not in text
    assert "<script>alert(1)" not in shown.html() + shown.markdown()
