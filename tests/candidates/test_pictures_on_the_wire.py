"""A prompt with pictures, as a real server receives it."""

from base64 import b64decode
from typing import Any

from tests.candidates.talk import talk
from tests.drawn import png
from tests.fake_models import say
from visavis.core.prompt import Image, Message, Prompt, Settings, ask

FIRST, SECOND = png(2, 2), png(3, 1)


def picture(mark: str, data: bytes = FIRST) -> Image:
    return Image(media_type="image/png", data=data, mark=mark)


async def sent(content: str, *images: Image) -> Any:
    """What of one message arrives at the server."""
    message = Message(role="user", content=content, images=images)
    system = Message(role="system", content="Look.")
    prompt = Prompt(messages=(system, message), settings=Settings(max_tokens=9))
    (request,) = (await talk(say("B"), [prompt])).requests
    told, asked = request.body["messages"]
    assert told == {"role": "system", "content": "Look."}
    return asked["content"]


def shown(part: Any) -> bytes | str:
    """A text part's text, or a picture part's bytes."""
    if part["type"] == "text":
        assert set(part) == {"type", "text"}
        return str(part["text"])
    assert set(part) == {"type", "image_url"}
    head, _, body = part["image_url"]["url"].partition(",")
    assert head == "data:image/png;base64"
    return b64decode(body, validate=True)


async def test_each_picture_stands_behind_the_words_that_name_it() -> None:
    content = "In <image 2> and <image 1>, which?\nA. <image 1>"
    parts = await sent(content, picture("<image 1>"), picture("<image 2>", SECOND))
    assert [shown(part) for part in parts] == [
        "In <image 2>",
        SECOND,
        " and <image 1>",
        FIRST,
        ", which?\nA. <image 1>",
    ]


async def test_a_picture_that_the_text_does_not_name_comes_last() -> None:
    parts = await sent("Which?", picture("<image 1>"), picture(""))
    assert [shown(part) for part in parts] == ["Which?", FIRST, FIRST]


async def test_a_picture_alone_needs_no_text() -> None:
    assert [shown(part) for part in await sent("", picture(""))] == [FIRST]


async def test_a_prompt_without_pictures_is_plain_text() -> None:
    (request,) = (await talk(say("4"), [ask("2 + 2?", max_tokens=9)])).requests
    assert request.body["messages"] == [{"role": "user", "content": "2 + 2?"}]
