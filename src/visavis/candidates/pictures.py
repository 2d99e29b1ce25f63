"""Pictures as all candidates of a run take them: decoded once, made smaller where they must be.

Every candidate is shown the same pixels, so the limits of the strictest one hold for all. A
picture is sent as its own file wherever that is a still PNG, JPEG, WebP or GIF within the limits.
"""

import struct
import warnings
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING, Final, Literal

from visavis.candidates.catalog import Sight
from visavis.candidates.sight import known_sight
from visavis.core.candidate import Candidate
from visavis.core.case import Case
from visavis.core.errors import DataError, OptionError
from visavis.core.prompt import Image

if TYPE_CHECKING:
    import PIL.Image

FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF")

_MEDIA_TYPES: Final[dict[str, Literal["image/png", "image/jpeg", "image/webp", "image/gif"]]] = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",  # a JPEG file with a second view behind the first
    "WEBP": "image/webp",
    "GIF": "image/gif",
}
_DECODING: Final = (
    *(OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, ArithmeticError),
    *(MemoryError, struct.error, zlib.error),
)
"""What Pillow's decoders raise of files that are not what they seem."""
_JPEG_QUALITY: Final = 95
_STEP: Final = 0.8
"""By how much the sides shrink at each try to make a file small enough."""

_SMALLER, _STILL, _COLOURS = "smaller", "still", "colours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the strictest of several candidates takes. 0 is no limit that we know."""

    bytes_at_most: int = 0
    side_pixels: int = 0
    whose: str = ""
    """The candidate's name."""


def limits_of(candidates: Sequence[Candidate]) -> Limits:
    known = [(one, sight) for one in candidates if (sight := known_sight(one)) is not None]
    if not known:
        return Limits()

    def strictness(pair: tuple[Candidate, Sight]) -> tuple[int, int]:
        return pair[1].long_side_pixels, pair[1].bytes_at_most

    strictest, _ = min(known, key=strictness)
    return Limits(
        bytes_at_most=min(sight.bytes_at_most for _, sight in known),
        side_pixels=min(sight.long_side_pixels for _, sight in known),
        whose=strictest.name,
    )


def prepared(
    cases: Sequence[Case],
    candidates: Sequence[Candidate],
    *,
    of: str,
    note: Callable[[str], None],
) -> tuple[Case, ...]:
    """The cases with pictures that every candidate takes; what was changed is noted once.

    Nothing is looked at where no candidate is a live one. `of` names the benchmark.
    """
    pictured = any(case.images for case in cases)
    if not (pictured and any(one.kind in ("hosted", "local") for one in candidates)):
        return tuple(cases)
    _need_pillow(of)
    limits = limits_of(candidates)
    changed: Counter[str] = Counter()
    made = tuple(_prepared(case, limits, changed) for case in cases)
    for text in _told(changed, limits, of):
        note(text)
    return made


def _prepared(case: Case, limits: Limits, changed: Counter[str]) -> Case:
    images = []
    for number, image in enumerate(case.images, start=1):
        try:
            made, why = fitted(image, limits)
        except UnfitError as error:
            raise DataError(
                f"picture {number} of case {case.id!r} {error}; mend the file or leave the case out"
            ) from error
        images.append(made)
        changed.update(why)
    return replace(case, images=tuple(images))


class UnfitError(ValueError):
    """A picture that cannot be shown to anyone; the text ends a sentence about it."""


def fitted(image: Image, limits: Limits) -> tuple[Image, tuple[str, ...]]:
    """The picture as it can be sent, its size known; and in which ways it was changed."""
    opened = _opened(image.data)
    changes = tuple(_changes(opened, image.data, limits))
    kind = _MEDIA_TYPES[opened.format or ""]
    if not changes:
        return replace(image, media_type=kind, pixels=opened.size), ()
    lossy = kind == "image/jpeg"
    data, pixels = _redrawn(opened, lossy, limits)
    drawn = replace(image, media_type="image/jpeg" if lossy else "image/png", pixels=pixels)
    return replace(drawn, data=data), changes


def _opened(data: bytes) -> "PIL.Image.Image":
    """The first frame, decoded to its last pixel."""
    import PIL.Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of harmless oddities of a file
        warnings.simplefilter("error", PIL.Image.DecompressionBombWarning)
        try:
            opened = PIL.Image.open(BytesIO(data), formats=FORMATS)
            opened.load()
        except PIL.UnidentifiedImageError:
            raise UnfitError("is no whole PNG, JPEG, WebP or GIF file") from None
        except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning):
            raise UnfitError("has more pixels than can be decoded safely") from None
        except _DECODING as error:
            raise UnfitError(f"cannot be decoded ({_one_line(error)})") from error
    return opened


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:80] or type(error).__name__


def _changes(opened: "PIL.Image.Image", data: bytes, limits: Limits) -> Iterator[str]:
    if getattr(opened, "is_animated", False) and opened.format != "MPO":
        yield _STILL
    if opened.mode in ("CMYK", "LAB", "HSV"):
        yield _COLOURS
    too_wide = limits.side_pixels and max(opened.size) > limits.side_pixels
    if too_wide or (limits.bytes_at_most and len(data) > limits.bytes_at_most):
        yield _SMALLER


def _redrawn(
    opened: "PIL.Image.Image", lossy: bool, limits: Limits
) -> tuple[bytes, tuple[int, int]]:
    """A new file, JPEG or PNG, and its size: smaller and smaller until it is small enough."""
    from PIL import ImageOps

    if opened.mode.startswith("I;16"):  # Pillow's own way to 8 bits would cut off, not scale
        opened = opened.point(lambda tone: tone * (1 / 256)).convert("L")
    drawn = ImageOps.exif_transpose(opened).convert("RGB" if lossy else "RGBA")
    if limits.side_pixels:
        drawn.thumbnail((limits.side_pixels, limits.side_pixels))
    data = _file(drawn, lossy=lossy)
    while limits.bytes_at_most and len(data) > limits.bytes_at_most and drawn.size != (1, 1):
        width, height = (max(1, int(side * _STEP)) for side in drawn.size)
        drawn = drawn.resize((width, height))
        data = _file(drawn, lossy=lossy)
    return data, drawn.size


def _file(drawn: "PIL.Image.Image", *, lossy: bool) -> bytes:
    file = BytesIO()
    if lossy:
        drawn.save(file, "JPEG", quality=_JPEG_QUALITY)
    else:
        drawn.save(file, "PNG")
    return file.getvalue()


def _told(changed: Counter[str], limits: Limits, of: str) -> Iterator[str]:
    if changed[_SMALLER]:
        yield (
            f"{_counted(changed[_SMALLER])} of {of!r} larger than {limits.whose!r} takes "
            f"({limits.side_pixels:,} pixels a side, {limits.bytes_at_most / 1e6:g} MB): "
            "made smaller, for all candidates alike"
        )
    if changed[_STILL]:
        yield f"{_counted(changed[_STILL])} of {of!r} animated: the first frame is shown"
    if changed[_COLOURS]:
        yield f"{_counted(changed[_COLOURS])} of {of!r} in printers' colours: turned into RGB"


def _counted(number: int) -> str:
    return "1 picture" if number == 1 else f"{number:,} pictures"


def _need_pillow(of: str) -> None:
    try:
        import PIL.Image  # noqa: F401  # only whether it is there
    except ImportError as error:
        raise OptionError(
            f"{of!r} shows pictures, which need Pillow; install it: pip install 'visavis[data]'"
        ) from error
