"""Frames as PNG files, read back by another program."""

from io import BytesIO

import numpy as np
import pytest

from visavis.benchmarks.programs.png import clip, still

image = pytest.importorskip("PIL.Image", reason="the extra 'data' is not installed")


def test_a_frame_comes_back_as_it_was() -> None:
    frame = np.random.default_rng(1).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    with image.open(BytesIO(still(frame))) as read:
        assert (np.asarray(read.convert("RGB")) == frame).all()


def test_a_clip_shows_each_frame_in_turn() -> None:
    frames = [np.zeros((6, 8, 3), np.uint8) for _ in range(4)]
    frames[1][2:4, 3:5] = 200
    frames[3][0, 0] = 9
    with image.open(BytesIO(clip(frames, 0.15))) as read:
        assert read.n_frames == 4
        for number, frame in enumerate(frames):
            read.seek(number)
            assert (np.asarray(read.convert("RGB")) == frame).all()
            assert read.info["duration"] == 150
