"""That a chart's pixels are read as they were drawn, and that no file of a program's harms us."""

import struct
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visavis.benchmarks.programs.base import UnmetError
from visavis.benchmarks.programs.picture import Bar, Picture, read_picture
from visavis.benchmarks.programs.png import still

WIDTH, HEIGHT = 300, 100
RED, BLUE = (200, 30, 40), (20, 60, 220)


def drawn(*bars: Bar) -> Picture:
    pixels = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    for bar in bars:
        pixels[bar.top : bar.bottom, bar.left : bar.right] = bar.colour
    return Picture(pixels)


widths = st.lists(st.tuples(st.integers(5, 20), st.integers(1, 9), st.integers(1, 90)), max_size=9)


@settings(max_examples=50, deadline=None)
@given(widths)
def test_bars_are_found_where_they_were_drawn(sizes: list[tuple[int, int, int]]) -> None:
    bars, left = [], 2
    for width, gap, height in sizes:
        bars.append(Bar(left, left + width, 95 - height, 95, RED))
        left += width + gap

    assert drawn(*bars).bars == tuple(bars)


def test_bars_that_touch_are_told_apart_by_their_colours() -> None:
    bars = (Bar(10, 30, 20, 90, RED), Bar(30, 50, 40, 90, BLUE))

    assert drawn(*bars).bars == bars


def test_black_and_grey_are_ink_and_no_bars() -> None:
    picture = drawn(Bar(0, 300, 90, 92, (0, 0, 0)), Bar(5, 9, 0, 50, (120, 118, 121)))

    assert picture.bars == ()
    assert picture.ink.sum() == 300 * 2 + 4 * 50


def test_colour_that_is_no_rectangle_is_told() -> None:
    with pytest.raises(UnmetError, match="no whole rectangle"):
        _ = drawn(Bar(10, 30, 20, 40, RED), Bar(10, 30, 60, 90, RED)).bars


def test_a_picture_is_read_back_from_its_file() -> None:
    picture = drawn(Bar(10, 30, 20, 90, BLUE))

    assert (read_picture(still(picture.pixels)).pixels == picture.pixels).all()
    assert picture.white_corners


@pytest.mark.parametrize(
    ("data", "told"),
    [
        pytest.param(b"", "not a PNG", id="nothing"),
        pytest.param(b"\xff\xd8\xff" + bytes(99), "not a PNG", id="another format"),
        pytest.param(still(np.zeros((9, 9, 3), np.uint8))[:45], "broken", id="cut off"),
        pytest.param(
            b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 60_000, 60_000) + bytes(99),
            "60000 by 60000 pixels",
            id="giant",
        ),
        pytest.param(
            b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 0, 9) + bytes(99),
            "0 by 9 pixels",
            id="empty",
        ),
    ],
)
def test_a_file_that_is_no_picture_is_told_and_never_decoded_at_any_price(
    data: bytes, told: str
) -> None:
    with pytest.raises(UnmetError, match=told):
        read_picture(data)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 120))
def test_bytes_of_any_kind_end_in_a_picture_or_in_a_finding(junk: bytes, at: int) -> None:
    good = still(drawn(Bar(10, 30, 20, 90, BLUE)).pixels)
    with suppress(UnmetError):  # anything else would end the run
        assert read_picture(good[:at] + junk + good[at + len(junk) :]).size[0] > 0
