"""Texts share what was computed of their common beginnings."""

from collections.abc import Iterable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from visavis.candidates.likelihood.prefixes import Prefixes, Run

TOKEN_BYTES = 2 * 2 * 4 * 4


def compute(tree: Prefixes, run: Run) -> list[Run]:
    """Computes what is lacking: the value of a token is the token."""
    lacking = [one for one in run.path() if one.computed is None]
    for one in lacking:
        one.computed = np.zeros((2, 2, len(one.tokens), 4), np.float32)
        one.computed += np.array(one.tokens)[None, None, :, None]
    tree.keep(lacking)
    return lacking


def text(run: Run) -> list[int]:
    return [token for one in run.path() for token in one.tokens]


def held(runs: Iterable[Run]) -> list[float]:
    return [n for one in runs if one.computed is not None for n in one.computed[1, 0, :, 3]]


def test_what_two_texts_share_is_computed_once() -> None:
    tree = Prefixes(1 << 20)
    first, new = tree.place([1, 2, 3, 4])
    assert new == 4
    compute(tree, first)
    second, new = tree.place([1, 2, 9])
    assert new == 1
    assert [one.tokens for one in compute(tree, second)] == [[9]]
    assert second.start == 2


def test_a_text_that_begins_another_ends_within_it() -> None:
    tree = Prefixes(1 << 20)
    whole, _ = tree.place([1, 2, 3])
    part, new = tree.place([1, 2])
    assert new == 0
    assert (text(part), text(whole)) == ([1, 2], [1, 2, 3])


def test_no_text_is_the_beginning_of_all() -> None:
    root, new = Prefixes(1).place([])
    assert (root.path(), new) == ([], 0)


def test_beyond_its_limit_the_longest_unused_ends_go_first() -> None:
    tree = Prefixes(5 * TOKEN_BYTES)
    for tokens in ([1, 2, 3], [1, 2, 4], [1, 2, 5]):
        compute(tree, tree.place(tokens)[0])
    compute(tree, tree.place([1, 2, 3])[0])
    compute(tree, tree.place([1, 2, 6])[0])
    assert tree.bytes == 5 * TOKEN_BYTES
    assert tree.place([1, 2, 3])[1] == 0
    assert tree.place([1, 2, 6])[1] == 0
    assert tree.place([1, 2, 4])[1] == 1


TEXTS = st.lists(st.lists(st.integers(0, 2), max_size=6), max_size=25)


@given(TEXTS, st.integers(0, 20))
def test_whatever_comes_each_text_finds_its_own_tokens_and_values(
    texts: list[list[int]], room: int
) -> None:
    tree = Prefixes(room * TOKEN_BYTES)
    for tokens in texts:
        run, _ = tree.place(tokens)
        path = run.path()
        lacking = [one for one in path if one.computed is None]
        for one in lacking:
            one.computed = np.zeros((2, 2, len(one.tokens), 4), np.float32)
            one.computed += np.array(one.tokens)[None, None, :, None]
        assert text(run) == tokens
        assert held(path) == tokens
        assert [one.start for one in path] == [
            sum(len(above.tokens) for above in path[:n]) for n in range(len(path))
        ]
        tree.keep(lacking)
        assert tree.bytes <= room * TOKEN_BYTES
