"""Observations sorted by benchmark, measure and candidate."""

from dataclasses import replace

from tests.verdict.seen import seen
from visavis.verdict.methods import FIXED, tabulate
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
