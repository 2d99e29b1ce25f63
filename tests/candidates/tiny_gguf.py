"""Writes GGUF files: any metadata and tensors, or a tiny model that llama.cpp really loads.

The tiny model is a Llama of one layer and 32 dimensions with random weights; its tokens are the
letters, the blank and the bytes. Only letters have weights in its output matrix, so it babbles
letters and never ends by itself.
"""

import random
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

U32, I32, F32, BOOL, STRING, ARRAY, U64 = 4, 5, 6, 7, 8, 9, 10
_FORMS = {U32: "<I", I32: "<i", F32: "<f", BOOL: "<?", U64: "<Q"}
_ALIGNMENT = 32

WIDTH, HEADS, LAYERS, FEED = 32, 2, 1, 64
CONTROL, NORMAL, UNKNOWN, BYTE = 3, 1, 2, 6
LETTERS = "abcdefghijklmnopqrstuvwxyz"

CHATML = (
    "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"
    "{% if add_generation_prompt %}assistant: {% endif %}"
)


@dataclass(frozen=True)
class Value:
    """A metadata value of one of the types above; `of` is the type of an array's items."""

    kind: int
    value: Any
    of: int = U32


@dataclass(frozen=True)
class Tensor:
    name: str
    shape: tuple[int, ...]
    data: bytes
    kind: int = 0
    """ggml's number of the type; 0 is F32."""


def text(value: str) -> bytes:
    raw = value.encode()
    return struct.pack("<Q", len(raw)) + raw


def encode(value: Value) -> bytes:
    match value.kind:
        case 8:
            return text(value.value)
        case 9:
            items = b"".join(encode(Value(value.of, item)) for item in value.value)
            return struct.pack("<IQ", value.of, len(value.value)) + items
    return struct.pack(_FORMS[value.kind], value.value)


def gguf(
    metadata: Mapping[str, Value], tensors: Sequence[Tensor] = (), *, version: int = 3
) -> bytes:
    """The bytes of a GGUF file."""
    head = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(metadata))
    for key, value in metadata.items():
        head += text(key) + struct.pack("<I", value.kind) + encode(value)
    body = b""
    for tensor in tensors:
        head += text(tensor.name) + struct.pack("<I", len(tensor.shape))
        head += struct.pack(f"<{len(tensor.shape)}Q", *tensor.shape)
        head += struct.pack("<IQ", tensor.kind, len(body))
        body += _padded(tensor.data)
    return _padded(head) + body if tensors else head


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % _ALIGNMENT)


def write_tiny_model(path: Path, *, template: str | None = CHATML, context: int = 512) -> Path:
    """A model that llama.cpp loads in milliseconds."""
    path.write_bytes(gguf(_metadata(template, context), list(_weights())))
    return path


def _vocabulary() -> list[tuple[str, int]]:
    special = [("<unk>", UNKNOWN), ("<s>", CONTROL), ("</s>", CONTROL), ("\u2581", NORMAL)]
    return (
        special
        + [(f"<0x{byte:02X}>", BYTE) for byte in range(256)]
        + [(c, NORMAL) for c in LETTERS]
    )


def _metadata(template: str | None, context: int) -> dict[str, Value]:
    words = _vocabulary()
    numbers = {
        "context_length": context,
        "embedding_length": WIDTH,
        "block_count": LAYERS,
        "feed_forward_length": FEED,
        "attention.head_count": HEADS,
        "rope.dimension_count": WIDTH // HEADS,
    }
    model = {
        "general.architecture": Value(STRING, "llama"),
        "general.name": Value(STRING, "Tiny babbler"),
        "general.file_type": Value(U32, 0),
        **{f"llama.{key}": Value(U32, number) for key, number in numbers.items()},
        "llama.attention.layer_norm_rms_epsilon": Value(F32, 1e-5),
        "tokenizer.ggml.model": Value(STRING, "llama"),
        "tokenizer.ggml.tokens": Value(ARRAY, [word for word, _ in words], STRING),
        "tokenizer.ggml.scores": Value(ARRAY, [0.0] * len(words), F32),
        "tokenizer.ggml.token_type": Value(ARRAY, [kind for _, kind in words], I32),
        "tokenizer.ggml.unknown_token_id": Value(U32, 0),
        "tokenizer.ggml.bos_token_id": Value(U32, 1),
        "tokenizer.ggml.eos_token_id": Value(U32, 2),
    }
    if template is not None:
        model["tokenizer.chat_template"] = Value(STRING, template)
    return model


def _weights() -> Iterable[Tensor]:
    rng = random.Random(7)
    words = len(_vocabulary())
    shapes = {"attn_q": (WIDTH, WIDTH), "attn_k": (WIDTH, WIDTH), "attn_v": (WIDTH, WIDTH)}
    shapes |= {"attn_output": (WIDTH, WIDTH), "ffn_gate": (WIDTH, FEED), "ffn_up": (WIDTH, FEED)}
    shapes |= {"ffn_down": (FEED, WIDTH)}
    yield _tensor("token_embd.weight", (WIDTH, words), rng)
    for layer in range(LAYERS):
        for norm in ("attn_norm", "ffn_norm"):
            yield Tensor(
                f"blk.{layer}.{norm}.weight", (WIDTH,), struct.pack("<32f", *[1.0] * WIDTH)
            )
        for name, shape in shapes.items():
            yield _tensor(f"blk.{layer}.{name}.weight", shape, rng)
    yield Tensor("output_norm.weight", (WIDTH,), struct.pack("<32f", *[1.0] * WIDTH))
    letters = _tensor("output.weight", (WIDTH, len(LETTERS)), rng).data
    silent = bytes(4 * WIDTH * (words - len(LETTERS)))
    yield Tensor("output.weight", (WIDTH, words), silent + letters)


def _tensor(name: str, shape: tuple[int, ...], rng: random.Random) -> Tensor:
    count = prod(shape)
    return Tensor(
        name, shape, struct.pack(f"<{count}f", *(rng.gauss(0, 0.5) for _ in range(count)))
    )
