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
BASE, NEAR_BASE = 500_000.0, 10_000.0
HEAD_NORMS = ("attn_q_norm.weight", "attn_k_norm.weight")
AFTER = ("post_attention_norm.weight", "post_ffw_norm.weight")


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
    window: int | None = None
    """Tokens that five layers of six see; then a network is Gemma's in other ways, too."""
    context: int = 512


LLAMA = Recipe(rope_factors=True)
QWEN2 = Recipe(architecture="qwen2", biased=True, tied=True, layers=3)
QWEN3 = Recipe(architecture="qwen3", normed_heads=True, head_width=32)
GEMMA3 = Recipe(
    architecture="gemma3", layers=7, key_heads=1, normed_heads=True, tied=True, window=9
)

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
        sizes = {
            **({"attn_q.bias": wide} if recipe.biased else {}),
            **({"attn_k.bias": narrow, "attn_v.bias": narrow} if recipe.biased else {}),
            **(dict.fromkeys(HEAD_NORMS, recipe.head_width) if recipe.normed_heads else {}),
            **(dict.fromkeys(AFTER, recipe.width) if recipe.window else {}),
        }
        made |= {f"{at}{name}": norm(size) for name, size in sizes.items()}
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
    if recipe.window:
        numbers["attention.sliding_window"] = recipe.window
    arch = recipe.architecture
    return {
        "general.architecture": Value(STRING, arch),
        **{f"{arch}.{name}": Value(U32, number) for name, number in numbers.items()},
        f"{arch}.attention.layer_norm_rms_epsilon": Value(F32, EPSILON),
        f"{arch}.rope.freq_base": Value(F32, BASE),
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
    if recipe.window:
        x = x * math.sqrt(recipe.width)
    for layer in range(recipe.layers):
        at = f"blk.{layer}."
        x = x + _after(_attention(made, layer, x, recipe), made, at + AFTER[0])
        h = _norm(x, made[f"{at}ffn_norm.weight"])
        gate, up = (h @ made[f"{at}ffn_{one}.weight"].T for one in ("gate", "up"))
        fed = _bent(gate, recipe) * up @ made[f"{at}ffn_down.weight"].T
        x = x + _after(fed, made, at + AFTER[1])
    x = _norm(x, made["output_norm.weight"])
    logits = x @ made.get("output.weight", made["token_embd.weight"]).T
    logprobs = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    first = len(context) - 1
    return float(sum(logprobs[first + n, token] for n, token in enumerate(choice)))


def _norm(x: Array, weight: Array) -> Array:
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + EPSILON) * weight


def _after(x: Array, made: dict[str, Array], name: str) -> Array:
    return _norm(x, made[name]) if name in made else x


def _bent(gate: Array, recipe: Recipe) -> Array:
    if recipe.window:
        inner = math.sqrt(2 / math.pi) * (gate + 0.044715 * gate**3)
        return gate / 2 * (1 + np.tanh(inner))
    return gate / (1 + np.exp(-gate))


def _attention(made: dict[str, Array], layer: int, x: Array, recipe: Recipe) -> Array:
    at, size = f"blk.{layer}.", recipe.head_width
    near = recipe.window if layer % 6 != 5 else None
    base = NEAR_BASE if near else BASE
    h, parts = _norm(x, made[f"{at}attn_norm.weight"]), {}
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
        q, k = (_rotated(one, base, made.get("rope_freqs.weight"), recipe) for one in (q, k))
        rows = []
        for n in range(len(x)):
            seen = range(max(0, n + 1 - (near or n + 1)), n + 1)
            scores = np.array([q[n] @ k[m] / math.sqrt(size) for m in seen])
            share = np.exp(scores) / np.exp(scores).sum()
            rows.append(sum(one * v[m] for one, m in zip(share, seen, strict=True)))
        mixed.append(np.array(rows))
    return np.concatenate(mixed, -1) @ made[f"{at}attn_output.weight"].T


def _rotated(x: Array, base: float, factors: Array | None, recipe: Recipe) -> Array:
    """Llama turns neighbours, the others the two halves of a head."""
    size, turned = recipe.head_width, x.copy()
    for pair in range(size // 2):
        angle = base ** (-2 * pair / size) / (1 if factors is None else factors[pair])
        near = recipe.architecture == "llama"
        one, two = (2 * pair, 2 * pair + 1) if near else (pair, pair + size // 2)
        for n in range(len(x)):
            cos, sin = math.cos(n * angle), math.sin(n * angle)
            turned[n, one] = x[n, one] * cos - x[n, two] * sin
            turned[n, two] = x[n, two] * cos + x[n, one] * sin
    return turned
