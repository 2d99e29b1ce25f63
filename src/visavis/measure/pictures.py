"""Pictures of prompts kept once, by their content, however many prompts show them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256

from visavis.core.prompt import Image, Prompt


def pictures_of(prompt: Prompt) -> Iterator[tuple[bytes, bytes]]:
    """Digest and content of each picture."""
    for message in prompt.messages:
        for image in message.images:
            yield sha256(image.data).digest(), image.data


def by_digest(prompt: Prompt) -> Prompt:
    """The prompt with digests in the place of its pictures' content."""
    return _with_data(prompt, lambda data: sha256(data).digest())


def with_pictures(prompt: Prompt, content: Callable[[bytes], bytes]) -> Prompt:
    """What `by_digest` was made from; `content` gives what has a digest."""
    return _with_data(prompt, content)


def _with_data(prompt: Prompt, data: Callable[[bytes], bytes]) -> Prompt:
    if not any(message.images for message in prompt.messages):
        return prompt

    def changed(image: Image) -> Image:
        return replace(image, data=data(image.data))

    return replace(
        prompt,
        messages=tuple(
            replace(message, images=tuple(map(changed, message.images)))
            for message in prompt.messages
        ),
    )
