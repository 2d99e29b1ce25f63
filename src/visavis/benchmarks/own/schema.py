"""What a user may write in a case file. The published JSON schema is made from these classes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from visavis.benchmarks.own import values
from visavis.benchmarks.own.values import wrong
from visavis.scoring.combined import CHECKS

SCHEMA_FILE = Path(__file__).parent.with_name("own_cases.schema.json")

MECHANICAL = (*CHECKS, "program")
"""Checks that a program makes."""
JUDGED = ("judge", "pairwise")
"""Checks that a model makes."""

Filled = Annotated[str, Field(pattern=r"^\{\{.*\}\}$")]
"""A variable in the place of a number."""
Name = Annotated[str, Field(pattern=r"^[A-Za-z_]\w*$")]
Plain = str | int | float | bool
Variable = Annotated[
    Any, BeforeValidator(values.variable, json_schema_input_type=Plain | dict[str, Plain])
]
Texts = Annotated[
    tuple[str, ...], BeforeValidator(values.texts, json_schema_input_type=str | list[str])
]
Replies = Annotated[
    tuple[str, ...], BeforeValidator(values.replies, json_schema_input_type=str | list[str])
]


class Strict(BaseModel):
    """Nothing that a user wrote is passed over or bent into shape."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        use_attribute_docstrings=True,
        allow_inf_nan=False,
    )


class NumberCheck(Strict):
    """A number and how far from it a reply may be."""

    value: float
    within: Annotated[float, Field(ge=0)] = 0.0
    """Largest distance that still counts as right."""


class AnswerCheck(Strict):
    """What a reply must state as its answer: one of some texts, a number, or a day."""

    texts: Texts | None = None
    """Any of these, but for case and spacing."""
    number: float | None = None
    within: Annotated[float, Field(ge=0)] | None = None
    """Largest distance from the number that still counts as right."""
    date: Annotated[str, BeforeValidator(values.day)] | None = None
    """A day such as 2026-11-22, in whatever English or French writing."""

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if sum(one is not None for one in (self.texts, self.number, self.date)) != 1:
            raise wrong("needs one of 'texts', 'number' and 'date'")
        return self


class Bounds(Strict):
    """From how many to how many."""

    at_least: Annotated[int, Field(ge=0)] | None = None
    at_most: Annotated[int, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise wrong("needs 'at_least' or 'at_most'")
        if None not in (self.at_least, self.at_most) and self.at_least > self.at_most:  # type: ignore[operator]  # neither is None
            raise wrong("has 'at_least' above 'at_most'")
        return self


Between = Annotated[
    Bounds, BeforeValidator(values.bounds, json_schema_input_type=int | Filled | Bounds)
]


class LengthCheck(Strict):
    """How long a reply must be: a number, or bounds."""

    words: Between | None = None
    characters: Between | None = None
    sentences: Between | None = None
    lines: Between | None = None
    """Lines that are not blank."""

    @model_validator(mode="after")
    def _says_of_what(self) -> Self:
        if not self.model_fields_set:
            raise wrong("needs 'words', 'characters', 'sentences' or 'lines'")
        return self


class LatencyCheck(Strict):
    """How long a reply may take, in seconds from sending the request."""

    first_token_s: Annotated[float, Field(gt=0)] | None = None
    """To the first text of the answer."""
    total_s: Annotated[float, Field(gt=0)] | None = None
    """To its end."""

    @model_validator(mode="after")
    def _says_of_what(self) -> Self:
        if not self.model_fields_set:
            raise wrong("needs 'first_token_s' or 'total_s'")
        return self


class PriceCheck(Strict):
    """What a reply may cost."""

    usd: Annotated[float, Field(ge=0)]


class Criterion(Strict):
    """What a judge, itself a model, holds a reply against."""

    text: Annotated[str, Field(pattern=r"\S")]
    """What makes a reply good."""
    name: Annotated[str, Field(pattern=r"^\S.{0,59}$")] | None = None
    """Shown beside the mark; `judge` when not given."""
    weight: Annotated[float, Field(gt=0)] | None = None
    """Beside the case's other checks, which weigh 1 together where they have no weights."""
    reference: str | None = None
    """An answer known to be good, shown to the judge."""


class MarkedCriterion(Criterion):
    """What a judge marks a reply by."""

    lowest: int = 1
    highest: int = 10
    """The scale of a mark, both ends included."""
    pass_mark: float | None = None
    """From this mark on a reply is right; its place on the scale is the score when not given."""

    @model_validator(mode="after")
    def _has_a_scale(self) -> Self:
        if self.lowest >= self.highest:
            raise wrong("needs 'lowest' below 'highest'")
        if self.pass_mark is not None and not self.lowest <= self.pass_mark <= self.highest:
            raise wrong("has a 'pass_mark' that is not on its scale")
        return self


class Turn(Strict):
    """One message of the conversation before the question: `user: Hello.`"""

    role: Literal["system", "user", "assistant"]
    content: Annotated[str, Field(pattern=r"\S")]
    images: Texts | None = None
    """Picture files, as for the case."""


class WrittenTurn(Strict):
    """A message in its short form, for editors."""

    system: str | None = None
    user: str | None = None
    assistant: str | None = None
    images: str | list[str] | None = None


class Checks(Strict):
    """What a right reply passes."""

    equals: Texts | None = None
    """The reply is this text, or one of these, but for case, spacing and a final full stop."""
    contains: Texts | None = None
    """The reply contains this text, or all of these, whatever its case and spacing."""
    matches: Annotated[str, Field(min_length=1), BeforeValidator(values.pattern)] | None = None
    """A Python regular expression that is found in the reply, within two seconds."""
    number: Annotated[
        NumberCheck | None,
        BeforeValidator(values.number, json_schema_input_type=float | Filled | NumberCheck),
    ] = None
    """The last number in the reply, in English or French writing."""
    json_schema: Annotated[dict[str, Any], BeforeValidator(values.json_schema)] | None = None
    """A JSON schema for the JSON in the reply."""
    python: Annotated[str, BeforeValidator(values.code)] | None = None
    """Python that defines `check(reply)`; runs inside the fence, for five seconds at most."""
    lacks: Texts | None = None
    """The reply contains neither this text nor any of these, whatever its case and spacing."""
    answer: Annotated[
        AnswerCheck | None,
        BeforeValidator(
            values.answer, json_schema_input_type=float | str | list[str] | AnswerCheck
        ),
    ] = None
    """What the reply states as its answer ("Answer: 42", "Réponse : 42"): a text, a number, or a
    day such as 2026-11-22."""
    length: LengthCheck | None = None
    """How many words, characters, sentences or lines the reply has."""
    language: Annotated[str, BeforeValidator(values.language)] | None = None
    """The language that the reply is written in, in two letters: `en`, `fr`."""
    latency: LatencyCheck | None = None
    """How long the reply may take, in seconds. Replies of earlier runs are not reused then."""
    price: Annotated[
        PriceCheck | None,
        BeforeValidator(values.usd, json_schema_input_type=float | Filled | PriceCheck),
    ] = None
    """What the reply may cost, in USD, by the provider's list."""
    program: Annotated[str, BeforeValidator(values.program)] | None = None
    """A program task, such as `arkanoid`: the program in the reply is run, and each of the task's
    requirements is tried on it."""
    judge: Annotated[
        list[MarkedCriterion] | None,
        BeforeValidator(
            values.rubrics,
            json_schema_input_type=str | MarkedCriterion | list[str | MarkedCriterion],
        ),
    ] = None
    """What a judge, itself a model, marks the reply by."""
    pairwise: Annotated[
        list[Criterion] | None,
        BeforeValidator(
            values.rubrics, json_schema_input_type=str | Criterion | list[str | Criterion]
        ),
    ] = None
    """By what a judge says which of two candidates' replies is better."""

    def made(self) -> dict[str, Any]:
        """The checks that a program makes, in plain JSON."""
        return self.model_dump(mode="json", include=set(MECHANICAL), exclude_none=True)

    def judged(self) -> Iterator[tuple[str, Criterion]]:
        """The checks that a model makes, with their kind."""
        yield from (("judge", one) for one in self.judge or ())
        yield from (("pairwise", one) for one in self.pairwise or ())

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(kind for kind in ALL_CHECKS if getattr(self, kind) is not None)


ALL_CHECKS = (*MECHANICAL, *JUDGED)


class WeighedCheck(Checks):
    """One check, and what it counts."""

    weight: Annotated[float, Field(gt=0)] = 1.0
    """Beside the other checks of the case."""

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if len(self.kinds) != 1:
            raise wrong(f"needs one check, not {len(self.kinds)}: write each as its own '- '")
        return self


class Asked(Strict):
    """One prompt, and what goes with it."""

    id: Annotated[str, Field(pattern=r"^[^\s].{0,199}$")]
    """Names the case in tables and pairs candidates; never reuse one for another question."""
    prompt: Annotated[str, Field(pattern=r"\S")] | None = None
    """What is asked, word for word. `{{name}}` stands for a variable where there are any."""
    system: str | None = None
    """A system message for this case; that of the file when not given."""
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    """Tokens after which a reply is cut; that of the file when not given."""
    group: Annotated[str, Field(min_length=1)] | None = None
    """Cases that rise and fall together: variants of one question, questions on one text."""
    turns: (
        list[
            Annotated[Turn, BeforeValidator(values.turn, json_schema_input_type=WrittenTurn | Turn)]
        ]
        | None
    ) = None
    """A conversation before the prompt, the same for every candidate."""
    images: Texts | None = None
    """Picture files beside this file or below it: PNG, JPEG, WebP or GIF, 20 MB at most."""
    tags: Annotated[
        tuple[str, ...] | None,
        BeforeValidator(values.tags, json_schema_input_type=str | list[str]),
    ] = None
    """Words by which scores are broken down, and cases chosen: `--on cases.yaml#WORD`."""
    vars: dict[Name, Variable] | None = None
    """Variables for `{{name}}` in any text of this case; of a mapping, `{{name.key}}`."""
    matrix: dict[Name, Annotated[list[Variable], Field(min_length=1)]] | None = None
    """Variables with several values: one case for each combination, all in one group."""
    threshold: Annotated[float, Field(gt=0, le=1)] | None = None
    """Share of the checks' weight from which on a reply is right (1), below it wrong (0)."""
    checks: Annotated[list[WeighedCheck], Field(min_length=1)] | None = None
    """Checks with weights of their own; the score is the share of the weight that holds."""
    good: Replies | None = None
    """Replies that must pass; `visavis cases check` tries them."""
    bad: Replies | None = None
    """Replies that must not pass; `visavis cases check` tries them."""


class OwnCase(Checks, Asked):
    """One prompt, and the checks that a right reply passes: all of them."""

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [
                {"anyOf": [{"required": [check]} for check in (*ALL_CHECKS, "checks")]},
                {"anyOf": [{"required": ["prompt"]}, {"required": ["turns"]}]},
            ]
        }
    )

    @property
    def tags_or_none(self) -> tuple[str, ...]:
        return self.tags or ()


class OwnFile(Strict):
    """A file of cases, with what they share."""

    cases: Annotated[list[OwnCase], Field(min_length=1)]
    system: str | None = None
    """A system message for every case that has none of its own."""
    max_tokens: Annotated[int, Field(ge=1)] = 512
    """Tokens after which a reply is cut, for every case that does not say."""
    repeats: Annotated[int, Field(ge=1, le=1000)] = 1
    """Times each case is asked, where --repeats does not say."""
    vars: dict[Name, Variable] | None = None
    """Variables for every case."""


def published() -> str:
    """The JSON schema of a case file, as `SCHEMA_FILE` must hold it."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **OwnFile.model_json_schema(mode="validation"),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
