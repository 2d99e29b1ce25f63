"""Small networks with random weights as GGUF files, and a slow reference computation of them.

The reference is float64, one text at a time, one head at a time, from the formulas of the papers;
it shares no code with what it checks. llama.cpp is the other one.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from tests.candidates.tiny_gguf import (
    ARRAY,
    BYTE,
    CONTROL,
    F32,
    I32,
    LETTERS,
    NORMAL,
    STRING,
    U32,
    UNKNOWN,
    Tensor,
    Value,
    gguf,
)
from visavis.core.candidate import Candidate

Array = Any
EPSILON = 1e-5


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What a network is made of."""

    architecture: str = "llama"
    layers: int = 2
    width: int = 64
    heads: int = 4
    key_heads: int = 2
    head_width: int = 16
    feed: int = 96
    tied: bool = False
    biased: bool = False
    normed_heads: bool = False
    rope_factors: bool = False
    context: int = 512


LLAMA = Recipe(rope_factors=True)
QWEN2 = Recipe(architecture="qwen2", biased=True, tied=True, layers=3)
QWEN3 = Recipe(architecture="qwen3", normed_heads=True, head_width=32)

WORDS = [
    ("<unk>", UNKNOWN),
    ("<s>", CONTROL),
    ("</s>", CONTROL),
    ("\u2581", NORMAL),
    *((f"<0x{byte:02X}>", BYTE) for byte in range(256)),
    *((letter, NORMAL) for letter in LETTERS),
]


def weights(recipe: Recipe, seed: int = 5) -> dict[str, Array]:
    """Random tensors by their names in the file, [out, in]."""
    rng = np.random.default_rng(seed)
    wide, narrow = recipe.heads * recipe.head_width, recipe.key_heads * recipe.head_width

    def matrix(*shape: int) -> Array:
        return (rng.standard_normal(shape) * 1.5 / math.sqrt(shape[-1])).astype(np.float32)

    def norm(size: int) -> Array:
        return (1 + rng.standard_normal(size) / 4).astype(np.float32)

    made = {"token_embd.weight": matrix(len(WORDS), recipe.width) * 4}
    for layer in range(recipe.layers):
        at = f"blk.{layer}."
        made |= {
            f"{at}attn_norm.weight": norm(recipe.width),
            f"{at}attn_q.weight": matrix(wide, recipe.width),
            f"{at}attn_k.weight": matrix(narrow, recipe.width),
            f"{at}attn_v.weight": matrix(narrow, recipe.width),
            f"{at}attn_output.weight": matrix(recipe.width, wide),
            f"{at}ffn_norm.weight": norm(recipe.width),
            f"{at}ffn_gate.weight": matrix(recipe.feed, recipe.width),
            f"{at}ffn_up.weight": matrix(recipe.feed, recipe.width),
            f"{at}ffn_down.weight": matrix(recipe.width, recipe.feed),
        }
        if recipe.biased:
            sizes = {"q": wide, "k": narrow, "v": narrow}
            made |= {f"{at}attn_{one}.bias": norm(size) for one, size in sizes.items()}
        if recipe.normed_heads:
            made |= {f"{at}attn_{one}_norm.weight": norm(recipe.head_width) for one in "qk"}
    made["output_norm.weight"] = norm(recipe.width)
    if recipe.rope_factors:
        made["rope_freqs.weight"] = np.linspace(1, 8, recipe.head_width // 2, dtype=np.float32)
    if not recipe.tied:
        made["output.weight"] = matrix(len(WORDS), recipe.width)
    return made


def write(path: Path, recipe: Recipe, more: Mapping[str, Value] = MappingProxyType({})) -> Path:
    tensors = [
        Tensor(name, array.shape[::-1], array.astype("<f4").tobytes())
        for name, array in weights(recipe).items()
    ]
    path.write_bytes(gguf({**metadata(recipe), **more}, tensors))
    return path


def metadata(recipe: Recipe) -> dict[str, Value]:
    numbers = {
        "context_length": recipe.context,
        "embedding_length": recipe.width,
        "block_count": recipe.layers,
        "feed_forward_length": recipe.feed,
        "attention.head_count": recipe.heads,
        "attention.head_count_kv": recipe.key_heads,
        "attention.key_length": recipe.head_width,
        "attention.value_length": recipe.head_width,
        "rope.dimension_count": recipe.head_width,
    }
    arch = recipe.architecture
    return {
        "general.architecture": Value(STRING, arch),
        **{f"{arch}.{name}": Value(U32, number) for name, number in numbers.items()},
        f"{arch}.attention.layer_norm_rms_epsilon": Value(F32, EPSILON),
        f"{arch}.rope.freq_base": Value(F32, 10_000.0),
        "tokenizer.ggml.model": Value(STRING, "llama"),
        "tokenizer.ggml.tokens": Value(ARRAY, [word for word, _ in WORDS], STRING),
        "tokenizer.ggml.scores": Value(ARRAY, [0.0] * len(WORDS), F32),
        "tokenizer.ggml.token_type": Value(ARRAY, [kind for _, kind in WORDS], I32),
        "tokenizer.ggml.unknown_token_id": Value(U32, 0),
        "tokenizer.ggml.bos_token_id": Value(U32, 1),
        "tokenizer.ggml.eos_token_id": Value(U32, 2),
    }


def candidate(file: Path) -> Candidate:
    return Candidate(
        name="tiny", kind="local", route="gguf", model=file.name, snapshot="sha256:0", file=file
    )


def slow_log_probability(
    recipe: Recipe, context: tuple[int, ...], choice: tuple[int, ...]
) -> float:
    """Of all of `choice` after `context`, in float64, by the book."""
    made = {name: array.astype(np.float64) for name, array in weights(recipe).items()}
    tokens = [*context, *choice[:-1]]
    x = made["token_embd.weight"][tokens]
    for layer in range(recipe.layers):
        x = x + _attention(made, f"blk.{layer}.", x, recipe)
        h = _norm(x, made[f"blk.{layer}.ffn_norm.weight"])
        gate = h @ made[f"blk.{layer}.ffn_gate.weight"].T
        up = h @ made[f"blk.{layer}.ffn_up.weight"].T
        x = x + (gate / (1 + np.exp(-gate)) * up) @ made[f"blk.{layer}.ffn_down.weight"].T
    x = _norm(x, made["output_norm.weight"])
    logits = x @ made.get("output.weight", made["token_embd.weight"]).T
    logprobs = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    first = len(context) - 1
    return float(sum(logprobs[first + n, token] for n, token in enumerate(choice)))


def _norm(x: Array, weight: Array) -> Array:
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + EPSILON) * weight


def _attention(made: dict[str, Array], at: str, x: Array, recipe: Recipe) -> Array:
    h, size = _norm(x, made[f"{at}attn_norm.weight"]), recipe.head_width
    parts = {}
    for one in "qkv":
        parts[one] = h @ made[f"{at}attn_{one}.weight"].T + made.get(f"{at}attn_{one}.bias", 0.0)
    mixed = []
    for head in range(recipe.heads):
        shared = head * recipe.key_heads // recipe.heads
        q = parts["q"][:, head * size : (head + 1) * size]
        k = parts["k"][:, shared * size : (shared + 1) * size]
        v = parts["v"][:, shared * size : (shared + 1) * size]
        if recipe.normed_heads:
            q = _norm(q, made[f"{at}attn_q_norm.weight"])
            k = _norm(k, made[f"{at}attn_k_norm.weight"])
        q, k = (_rotated(one, made.get("rope_freqs.weight"), recipe) for one in (q, k))
        rows = []
        for n in range(len(x)):
            scores = np.array([q[n] @ k[m] / math.sqrt(size) for m in range(n + 1)])
            share = np.exp(scores) / np.exp(scores).sum()
            rows.append(sum(share[m] * v[m] for m in range(n + 1)))
        mixed.append(np.array(rows))
    return np.concatenate(mixed, -1) @ made[f"{at}attn_output.weight"].T


def _rotated(x: Array, factors: Array | None, recipe: Recipe) -> Array:
    """Llama turns neighbours, the others the two halves of a head."""
    size, turned = recipe.head_width, x.copy()
    for pair in range(size // 2):
        angle = 10_000.0 ** (-2 * pair / size) / (1 if factors is None else factors[pair])
        near = recipe.architecture == "llama"
        one, two = (2 * pair, 2 * pair + 1) if near else (pair, pair + size // 2)
        for n in range(len(x)):
            cos, sin = math.cos(n * angle), math.sin(n * angle)
            turned[n, one] = x[n, one] * cos - x[n, two] * sin
            turned[n, two] = x[n, two] * cos + x[n, one] * sin
    return turned
