"""What a candidate takes of a picture, and how many tokens it counts it as."""

from math import ceil
from typing import Final

from visavis.candidates.catalog import Sight, catalog
from visavis.core.candidate import Candidate
from visavis.core.prompt import Image


def known_sight(candidate: Candidate) -> Sight | None:
    """What the catalog says of this candidate; None where nobody here knows."""
    system = catalog().system(candidate.system)
    return None if system is None else system.sight


def sight_of(candidate: Candidate) -> Sight:
    """What the catalog says; of one it does not know, that of the system that counts the most."""
    return known_sight(candidate) or max(
        (system.sight for system in catalog().systems if system.sight),
        key=lambda sight: sight.tokens_a_tile,
    )


def picture_tokens(image: Image, sight: Sight) -> int:
    """Tokens at high detail; of a picture whose size nobody looked at, the most it can be."""
    width, height = image.pixels or (sight.long_side_pixels, sight.short_side_pixels)
    shrunk = min(
        1.0,
        sight.long_side_pixels / max(width, height),
        sight.short_side_pixels / min(width, height),
    )
    across, down = (ceil(side * shrunk / sight.tile_pixels - _ROUNDING) for side in (width, height))
    return sight.tokens + sight.tokens_a_tile * across * down


_ROUNDING: Final = 1e-9
