"""Observations sorted by benchmark, measure and candidate."""

from dataclasses import replace

from tests.verdict.seen import seen
from visavis.stats.paired import PairedTest
from visavis.verdict.methods import FIXED, PRICE, RowKey, tabulate
from visavis.verdict.tries import Tries, sorted_out


def test_every_value_of_a_unit_is_there_and_their_mean() -> None:
    tries = Tries()
    for unit, value in (("x", 1.0), ("y", 0.5), ("x", 0.0), ("x", 0.5)):
        tries.add(unit, value)
    assert {unit: tries[unit] for unit in tries} == {"x": [1.0, 0.0, 0.5], "y": [0.5]}
    assert tries.means() == {"x": 0.5, "y": 0.5}
    assert "x" in tries
    assert "z" not in tries
    assert tries.repeated


def test_units_keep_the_group_in_which_they_were_met() -> None:
    first = seen("a", [1, 0])
    later = [replace(one, candidate="b", group="another") for one in first]
    found = sorted_out([*first, *later], FIXED)
    assert found.groups["logic"] == {one.unit_id: one.group for one in first}
    assert [name for *_, name in found.tries] == ["a", "b"]
    assert not any(tries.repeated for tries in found.tries.values())


def test_a_sheet_names_groups_only_where_units_share_them() -> None:
    alone = seen("a", [1, 0, 1])
    (sheet,) = tabulate(alone).values()
    assert not sheet.groups
    (sheet,) = tabulate([replace(one, group="both") for one in alone]).values()
    assert set(sheet.groups.values()) == {"both"}


def test_tokens_and_prices_of_who_tried_oftener_count_as_many_tries() -> None:
    once, again = range(100, 200), [4096.0] * 100
    tokens = [
        *seen("a", once, measure="output_tokens"),
        *seen("b", once[::-1], measure="output_tokens"),
        *seen("b", again, measure="output_tokens"),
    ]
    paid = [replace(one, measure="usd", value=one.value / 1e6) for one in tokens]
    solved = [replace(one, measure="score", value=one.value % 2) for one in tokens]
    sheets = tabulate([*tokens, *paid, *solved])
    for measure in ("output_tokens", PRICE):
        found = sheets[RowKey("logic", measure)].two("a", "b")
        assert isinstance(found, PairedTest)
        assert round(found.gap.value, 6) == 1.0
