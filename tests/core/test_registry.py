"""Things by name: once each, and a slip is answered with the nearest."""

import pytest

from visavis.core.errors import UnknownNameError
from visavis.core.registry import Registry


def test_a_thing_is_found_by_its_name_and_names_keep_their_order() -> None:
    tools: Registry[int] = Registry("tool")
    assert tools.add("saw", 1) == 1
    tools.add("axe", 2)
    assert (tools.get("axe"), list(tools)) == (2, ["saw", "axe"])


def test_a_name_is_given_once() -> None:
    tools: Registry[int] = Registry("tool")
    tools.add("saw", 1)
    with pytest.raises(ValueError, match="tool 'saw' is registered twice"):
        tools.add("saw", 2)


def test_a_slip_is_answered_with_the_nearest_name_and_nonsense_with_all() -> None:
    tools: Registry[int] = Registry("tool")
    for name in ("hammer", "saw"):
        tools.add(name, 0)
    with pytest.raises(UnknownNameError, match=r"no tool is called 'hamer'; try hammer$"):
        tools.get("hamer")
    with pytest.raises(UnknownNameError, match="try hammer, saw"):
        tools.get("xyzzy")
