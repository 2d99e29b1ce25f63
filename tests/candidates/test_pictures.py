"""Pictures that are shown as they are, made to fit, or refused in words."""

import subprocess
import sys
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.drawn import png
from visavis.candidates.grammar import parse
from visavis.candidates.pictures import Limits, UnfitError, fitted, limits_of, prepared
from visavis.candidates.sight import known_sight, picture_tokens, sight_of
from visavis.core.candidate import Candidate
from visavis.core.case import Case
from visavis.core.errors import DataError
from visavis.core.prompt import Image

NO_LIMITS = Limits()


def hosted(text: str) -> Candidate:
    return parse(text, home=Path("/no/home"), environ={"AZURE_BASE_URL": "https://r.example/v1"})


def saved(drawn: PIL.Image.Image, form: str, **how: Any) -> bytes:
    file = BytesIO()
    drawn.save(file, form, **how)
    return file.getvalue()


def picture(data: bytes, mark: str = "<image 1>") -> Image:
    return Image(media_type="image/png", data=data, mark=mark)


def case(*files: bytes) -> Case:
    images = tuple(picture(data, f"<image {n}>") for n, data in enumerate(files, start=1))
    return Case(id="c1", group="g", question="?", target="A", images=images)


def decoded(image: Image) -> PIL.Image.Image:
    opened = PIL.Image.open(BytesIO(image.data))
    opened.load()
    return opened


def noise(width: int, height: int) -> PIL.Image.Image:
    """Hard to pack, so its file is large."""
    return PIL.Image.effect_noise((width, height), 90)


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("PNG", "image/png"),
        ("JPEG", "image/jpeg"),
        ("WEBP", "image/webp"),
        ("GIF", "image/gif"),
    ],
)
def test_a_still_picture_goes_as_its_own_file_under_its_true_type(
    form: str, media_type: str
) -> None:
    data = saved(PIL.Image.new("RGB", (30, 20), "red"), form)
    made, changes = fitted(picture(data), Limits(bytes_at_most=10_000, side_pixels=30))
    assert (made.data, made.media_type, made.pixels) == (data, media_type, (30, 20))
    assert changes == ()
    assert made.mark == "<image 1>"


@pytest.mark.parametrize(
    ("size", "fits"),
    [((4096, 1024), (2048, 512)), ((100, 5000), (41, 2048)), ((2049, 1), (2048, 1))],
)
def test_a_picture_that_is_too_wide_keeps_its_shape(
    size: tuple[int, int], fits: tuple[int, int]
) -> None:
    made, changes = fitted(picture(png(*size, grey=77)), Limits(side_pixels=2048))
    assert (made.pixels, made.media_type, changes) == (fits, "image/png", ("smaller",))
    opened = decoded(made)
    assert opened.size == fits
    assert opened.convert("L").getpixel((0, 0)) == 77


@pytest.mark.parametrize(("form", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_a_file_that_is_too_large_shrinks_until_it_fits(form: str, media_type: str) -> None:
    data = saved(noise(300, 200), form)
    limits = Limits(bytes_at_most=len(data) // 3, side_pixels=2048)
    made, changes = fitted(picture(data), limits)
    assert changes == ("smaller",)
    assert 0 < len(made.data) <= limits.bytes_at_most
    assert decoded(made).size == made.pixels
    assert made.media_type == media_type
    assert made.pixels is not None
    assert made.pixels[0] / made.pixels[1] == pytest.approx(1.5, rel=0.05)


def test_no_limit_is_too_small_to_come_to_an_end() -> None:
    made, _ = fitted(picture(saved(noise(40, 30), "PNG")), Limits(bytes_at_most=1))
    assert made.pixels == (1, 1)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_of_an_animated_picture_the_first_frame_is_shown(form: str) -> None:
    red, blue = (PIL.Image.new("RGB", (8, 8), tone) for tone in ("red", "blue"))
    data = saved(red, form, save_all=True, append_images=[blue], lossless=True)
    made, changes = fitted(picture(data), NO_LIMITS)
    assert (made.media_type, changes) == ("image/png", ("still",))
    assert decoded(made).convert("RGB").getpixel((0, 0)) == (255, 0, 0)


def test_printers_colours_become_those_of_a_screen() -> None:
    data = saved(PIL.Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG")
    made, changes = fitted(picture(data), NO_LIMITS)
    assert (made.media_type, changes) == ("image/jpeg", ("colours",))
    shown = decoded(made)
    assert shown.mode == "RGB"
    red, green, blue = shown.tobytes()[:3]
    assert red > 200
    assert max(green, blue) < 60


def test_sixteen_bits_of_grey_are_scaled_and_not_cut_off() -> None:
    data = saved(PIL.Image.new("I;16", (64, 64), 0x8000), "PNG")
    made, _ = fitted(picture(data), Limits(side_pixels=32))
    assert decoded(made).convert("L").getpixel((0, 0)) == 0x80


def test_a_picture_that_is_redrawn_stands_upright() -> None:
    exif = PIL.Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    data = saved(PIL.Image.new("RGB", (100, 50)), "JPEG", exif=exif)
    assert fitted(picture(data), NO_LIMITS)[0].pixels == (100, 50)
    assert fitted(picture(data), Limits(side_pixels=60))[0].pixels == (30, 60)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is no whole PNG, JPEG, WebP or GIF file"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is no whole PNG, JPEG, WebP or GIF file"),
        (saved(PIL.Image.new("L", (4, 4)), "BMP"), "is no whole PNG, JPEG, WebP or GIF file"),
        (png(40, 40)[:-30], "cannot be decoded"),
        (saved(noise(64, 64), "JPEG")[:900], "cannot be decoded"),
        (png(30_000, 3_000), "more pixels than can be decoded safely"),
        (png(100_000, 3_000), "more pixels than can be decoded safely"),
    ],
    ids=["empty", "svg", "bmp", "cut png", "cut jpeg", "trap", "larger trap"],
)
def test_what_no_one_can_be_shown_is_refused_and_the_case_is_named(data: bytes, said: str) -> None:
    with pytest.raises(DataError, match=f"^picture 2 of case 'c1' .*{said}.*; mend the file"):
        prepared([case(png(), data)], [hosted("gpt-4o")], of="mmmu", note=lambda _: None)


@given(
    st.sampled_from([png(9, 9), saved(noise(9, 9), "JPEG"), saved(noise(9, 9), "GIF")]),
    st.integers(0, 400),
    st.binary(min_size=1, max_size=9),
)
def test_a_damaged_file_is_shown_or_refused_but_never_breaks(
    data: bytes, at: int, damage: bytes
) -> None:
    damaged = data[:at] + damage + data[at + len(damage) :]
    with suppress(UnfitError):
        made, _ = fitted(picture(damaged), Limits(bytes_at_most=150, side_pixels=4))
        assert decoded(made).size == made.pixels


def notes_of(files: list[bytes], *candidates: str) -> list[str]:
    notes: list[str] = []
    who = [hosted(text) for text in candidates]
    prepared([case(data) for data in files], who, of="mmmu", note=notes.append)
    return notes


def test_what_was_changed_is_told_once() -> None:
    two = [PIL.Image.new("L", (8, 8), tone) for tone in (0, 255)]
    moving = saved(two[0], "GIF", save_all=True, append_images=two[1:])
    printed = saved(PIL.Image.new("CMYK", (8, 8)), "JPEG")
    files = [png(3000, 9), png(9, 3000), png(9, 9), moving, printed]
    assert notes_of(files, "http://127.0.0.1:1/v1#any", "gpt-4o") == [
        "2 pictures of 'mmmu' larger than 'gpt-4o' takes (2,048 pixels a side, 20 MB): "
        "made smaller, for all candidates alike",
        "1 picture of 'mmmu' animated: the first frame is shown",
        "1 picture of 'mmmu' in printers' colours: turned into RGB",
    ]


def test_where_no_limits_are_known_a_large_picture_stays_as_it_is() -> None:
    assert notes_of([png(3000, 9)], "http://127.0.0.1:1/v1#any") == []


def test_cases_that_no_live_candidate_is_shown_are_left_alone() -> None:
    cases = [case(b"no picture")]
    who = [Candidate(name="r", kind="recorded", route="recorded", model="r", snapshot="r")]
    assert prepared(cases, who, of="mmmu", note=lambda _: None) == tuple(cases)


def test_cases_without_pictures_need_no_library() -> None:
    plain = [case()]
    assert prepared(plain, [hosted("gpt-4o")], of="logic", note=lambda _: None) == tuple(plain)


def test_who_sees_is_known_of_the_systems_of_the_catalog() -> None:
    seeing = {
        name: hosted(name).sees_images
        for name in ("gpt-4o", "azure:gpt-4o-mini", "llama-3.1-8b", "openai:gpt-9")
    }
    assert seeing == {
        "gpt-4o": True,
        "azure:gpt-4o-mini": True,
        "llama-3.1-8b": False,
        "openai:gpt-9": None,
    }


@pytest.mark.parametrize(
    ("pixels", "tokens"),
    [
        ((1024, 1024), 765),  # the two examples of OpenAI's guide
        ((2048, 4096), 1105),
        ((128, 64), 255),
        ((512, 512), 255),
        ((513, 512), 425),
        (None, 1445),
    ],
)
def test_tokens_are_those_of_openais_guide(pixels: tuple[int, int] | None, tokens: int) -> None:
    image = Image(media_type="image/png", data=b"", pixels=pixels)
    assert picture_tokens(image, sight_of(hosted("gpt-4o"))) == tokens


def test_the_mini_counts_a_picture_as_its_users_were_billed() -> None:
    image = Image(media_type="image/png", data=b"", pixels=(128, 64))
    assert picture_tokens(image, sight_of(hosted("gpt-4o-mini"))) == 8512 - 12  # and 12 of text


@given(st.integers(1, 9000), st.integers(1, 9000))
def test_a_picture_of_unknown_size_counts_as_the_largest(width: int, height: int) -> None:
    sight = sight_of(hosted("gpt-4o-mini"))
    known = Image(media_type="image/png", data=b"", pixels=(width, height))
    unknown = Image(media_type="image/png", data=b"")
    assert picture_tokens(known, sight) <= picture_tokens(unknown, sight)


def test_of_an_unknown_system_a_picture_counts_as_of_the_dearest_known_one() -> None:
    unknown = hosted("openai:gpt-9")
    assert known_sight(unknown) is None
    assert sight_of(unknown) == known_sight(hosted("gpt-4o-mini"))


def test_the_strictest_of_all_candidates_decides() -> None:
    limits = limits_of([hosted("gpt-4o-mini"), hosted("openai:gpt-9")])
    assert limits == Limits(bytes_at_most=20_000_000, side_pixels=2048, whose="gpt-4o-mini")


def test_a_lacking_library_is_one_line() -> None:
    code = (
        "import sys; sys.modules['PIL'] = None\n"
        "from pathlib import Path\n"
        "from visavis.candidates.grammar import parse\n"
        "from visavis.candidates.pictures import prepared\n"
        "from visavis.core.case import Case\n"
        "from visavis.core.errors import OptionError\n"
        "from visavis.core.prompt import Image\n"
        "image = Image(media_type='image/png', data=b'')\n"
        "case = Case(id='c', group='g', question='?', target='A', images=(image,))\n"
        "who = [parse('gpt-4o', home=Path('/no/home'), environ={})]\n"
        "try: prepared([case], who, of='mmmu', note=print)\n"
        "except OptionError as error: print(error)\n"
    )
    told = subprocess.check_output([sys.executable, "-c", code], text=True)
    assert told == (
        "'mmmu' shows pictures, which need Pillow; install it: pip install 'visavis[data]'\n"
    )
