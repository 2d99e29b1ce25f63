"""Log-probabilities computed for many questions at once, against a slow computation of each."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.candidates.likelihood.networks import (
    GEMMA3,
    LLAMA,
    QWEN2,
    QWEN3,
    WORDS,
    Recipe,
    slow_log_probability,
    weights,
    write,
)
from visavis.candidates import gguf
from visavis.candidates.gguf import GgufHeader
from visavis.candidates.likelihood.choosing import Chooser, Question
from visavis.candidates.likelihood.network import float32_bytes, load, why_not

CLOSE = 2e-4
"""Of float32 to float64, where logits reach tens."""


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as threads:
        yield threads


def chooser(
    folder: Path, recipe: Recipe, pool: ThreadPoolExecutor, kept_bytes: int = 1 << 24
) -> Chooser:
    file = write(folder / "net.gguf", recipe)
    header = gguf.read(file)
    assert why_not(header) is None
    return Chooser(load(file, header, pool), pool, kept_bytes=kept_bytes)


def drawn(rng: np.random.Generator, size: int) -> tuple[int, ...]:
    return tuple(int(token) for token in rng.integers(0, len(WORDS), size))


def questions(seed: int = 3) -> list[Question]:
    """Beginnings shared by some, choices of one and of several tokens, one of them the beginning
    of another, and one question that is asked twice."""
    rng = np.random.default_rng(seed)
    stem, longer = drawn(rng, 20), drawn(rng, 90)
    one, two = drawn(rng, 1), drawn(rng, 2)
    asked = [
        (stem + drawn(rng, 5), (one, two, drawn(rng, 1))),
        (stem + drawn(rng, 3), (two, (*two, 7), (*two, 9, 11))),
        (stem, (one, drawn(rng, 4))),
        (stem[:1], (stem[1:12],)),
        (longer, (one, two)),
        (longer[:70] + drawn(rng, 2), (one,)),
    ]
    asked.append(asked[0])
    return [Question(number, *one) for number, one in enumerate(asked)]


def check(found: dict[int, tuple[float, ...]], recipe: Recipe, asked: list[Question]) -> None:
    for question in asked:
        slow = [slow_log_probability(recipe, question.context, c) for c in question.choices]
        assert found[question.number] == pytest.approx(slow, abs=CLOSE)


@pytest.mark.parametrize(
    "recipe", [LLAMA, QWEN2, QWEN3, GEMMA3], ids=lambda recipe: recipe.architecture
)
def test_many_questions_at_once_get_what_each_gets_alone(
    recipe: Recipe, tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    asked = questions()
    found = {a.number: a.logprobs for a in chooser(tmp_path, recipe, pool).answers(asked)}
    check(found, recipe, asked)


def test_one_after_another_they_get_the_same_from_what_was_kept(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    asked, net = questions(4), chooser(tmp_path, QWEN2, pool)
    answers = [answer for question in asked for answer in net.answers([question])]
    check({a.number: a.logprobs for a in answers}, QWEN2, asked)
    assert answers[1].reused == 20  # what the first one shares with it
    assert answers[-1].reused == 24  # all but the last token, whose probabilities are asked


def test_without_room_to_keep_anything_they_get_the_same(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    asked, net = questions(5), chooser(tmp_path, LLAMA, pool, kept_bytes=0)
    answers = [answer for question in asked for answer in net.answers([question])]
    check({a.number: a.logprobs for a in answers}, LLAMA, asked)


def test_more_than_one_pass_holds_is_answered_in_several(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    rng = np.random.default_rng(8)
    net = chooser(tmp_path, Recipe(layers=1), pool)
    asked = [Question(n, drawn(rng, 100), ((5,),)) for n in range(90)]
    together = {answer.number: answer.logprobs for answer in net.answers(asked)}
    (alone,) = net.answers([asked[77]])
    assert len(together) == 90
    assert together[77] == pytest.approx(alone.logprobs, abs=1e-5)


def test_a_whole_text_is_one_long_choice(tmp_path: Path, pool: ThreadPoolExecutor) -> None:
    text = drawn(np.random.default_rng(2), 60)
    (whole,) = chooser(tmp_path, LLAMA, pool).answers([Question(0, (1,), (text,))])
    assert whole.logprobs[0] == pytest.approx(slow_log_probability(LLAMA, (1,), text), abs=1e-3)


def test_the_memory_of_the_weights_is_known_beforehand(tmp_path: Path) -> None:
    for recipe in (LLAMA, QWEN2):
        header = gguf.read(write(tmp_path / "net.gguf", recipe))
        looked_up = 0 if recipe.tied else len(WORDS) * recipe.width
        size = sum(array.size for array in weights(recipe).values())
        assert float32_bytes(header) == 4 * (size - looked_up)


def odd(header: GgufHeader, **tensors: str) -> GgufHeader:
    """With one tensor more, of that type."""
    place = header.tensors["output_norm.weight"]
    more = {name: place._replace(kind=kind) for name, kind in tensors.items()}
    return replace(header, tensors={**header.tensors, **more})


def told(header: GgufHeader, **values: str | float) -> GgufHeader:
    more = {f"llama.{name.replace('__', '.')}": value for name, value in values.items()}
    return replace(header, values={**header.values, **more})


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (lambda h: replace(h, architecture="mamba"), "its architecture is mamba"),
        (lambda h: told(h, rope__scaling__type="yarn"), "its positions are scaled (yarn)"),
        (lambda h: told(h, final_logit_softcapping=30.0), "its logits are capped"),
        (lambda h: told(h, rope__dimension_count=8), "it turns a part of each head only"),
        (lambda h: told(h, block_count="two"), "the file does not say its block_count"),
        (lambda h: odd(h, **{"blk.0.exp_probs_b": "F32"}), "it has a tensor 'blk.0.exp_probs_b'"),
        (lambda h: odd(h, **{"output.weight": "IQ4_XS"}), "it is stored as IQ4_XS"),
    ],
)
def test_why_a_network_is_not_computed_here_is_told(
    changed: Callable[[GgufHeader], GgufHeader], reason: str, tmp_path: Path
) -> None:
    header = gguf.read(write(tmp_path / "net.gguf", LLAMA))
    assert why_not(changed(header)) == reason
