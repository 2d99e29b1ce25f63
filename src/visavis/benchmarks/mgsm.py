"""MGSM: 250 problems of GSM8K in eleven languages, translated by people.

Shi et al. 2022, "Language Models are Multilingual Chain-of-Thought Reasoners", arXiv 2210.03057.
`mgsm@native-0cot`: a chat without examples, reasoning and the form of the answer asked for in the
problem's own language, in the words of OpenAI's simple-evals. A problem's eleven twins share a
group: they rise and fall together.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Final

from visavis.benchmarks.base import BENCHMARKS, Benchmark, Figure, Graded, LoadOptions, in_order
from visavis.benchmarks.data import Upstream
from visavis.benchmarks.figures import STRICT, divided, macro
from visavis.benchmarks.tables import tsv_rows
from visavis.benchmarks.two_readers import TwoReaders, same_number
from visavis.core.case import Case
from visavis.core.errors import DataError
from visavis.core.prompt import Prompt, ask
from visavis.core.tell import tell
from visavis.pinned.upstream import MGSM as PINNED
from visavis.scoring.numbers import Number, last_number, stated_number

UPSTREAM = Upstream(
    name="mgsm",
    title="MGSM",
    licence="CC BY 4.0",
    home="github.com/google-research/url-nlp",
    pinned=PINNED,
)
MAX_TOKENS = 2048
"""What simple-evals allow."""

WORDING: Final = {
    "bn": "এই গণিতের সমস্যাটি সমাধান করুন। চূড়ান্ত উত্তর দেওয়ার আগে যুক্তিসম্পন্ন পদক্ষেপ প্রদান করুন। "
    'চূড়ান্ত উত্তরটি একক সংখ্যা হিসাবে "উত্তর:" এর পরে শেষ লাইনে দিন। "উত্তর:" এর পরে অন্য কিছু '
    "যুক্ত করবেন না।.",
    "de": "Löse dieses Mathematikproblem. Gib die Schritte zur Begründung an, bevor du die "
    'endgültige Antwort in der letzten Zeile alleine im Format "Antwort:" gibst. Füge nichts '
    'anderes als die ganzzahlige Antwort nach "Antwort:" hinzu.',
    "en": "Solve this math problem. Give the reasoning steps before giving the final answer on the "
    'last line by itself in the format of "Answer:". Do not add anything other than the integer '
    'answer after "Answer:".',
    "es": "Resuelve este problema matemático. Proporciona los pasos de razonamiento antes de dar "
    'la respuesta final en la última línea por sí misma en el formato de "Respuesta:". No añadas '
    'nada más que la respuesta entera después de "Respuesta:".',
    "fr": "Résolvez ce problème de mathématiques. Donnez les étapes de raisonnement avant de "
    'fournir la réponse finale sur la dernière ligne elle-même dans le format de "Réponse:". '
    "N'ajoutez rien d'autre que la réponse entière après \"Réponse:\".",
    "ja": "の数学の問題を解いてください。最終的な答えを出す前に、解答の推論過程を記述してください。"
    'そして最後の行には "答え:" の形式で答えを記述し、'
    "その後には整数の答え以外何も追加しないでください。",
    "ru": "Решите эту математическую задачу. Объясните шаги рассуждения перед тем, как дать "
    'окончательный ответ в последней строке сам по себе в формате "Ответ:". Не добавляйте ничего, '
    'кроме целочисленного ответа после "Ответ:".',
    "sw": "Suluhisha tatizo hili la hesabu. Toa hatua za mantiki kabla ya kutoa jibu la mwisho "
    'kwenye mstari wa mwisho peke yake katika muundo wa "Jibu:". Usiongeze chochote kingine '
    'isipokuwa jibu la integer baada ya "Jibu:".',
    "te": "ఈ గణిత సమస్యను పరిష్కరించండి. చివరి సమాధానాన్ని ఇవ్వదానికి ముందు తర్కాత్మక అదుగులను ఇవ్వండి. "
    "చివరి పంక్తిలో మాత్రమే 'సమాధానం:' అనే ఆకారంలో చివరి సమాధానాద్ని ఇవ్వండి సమాధానం: తర్వాత పూర్ణాంక "
    "సమాధానానికి తప్పించి ఎదేనా చేర్చవద్దు.",
    "th": "แก้ปัญหาคณิตศาสตร์นี้ ให้ให้ขั้นตอนการใช้เหตุผลก่อนที่จะให้คำตอบสุดท้ายในบรรทัดสุดท้ายโดยอยู่ในรูปแบบ "
    '"คำตอบ:" ไม่ควรเพิ่มอะไรนอกจากคำตอบที่เป็นจำนวนเต็มหลังจาก "คำตอบ:"',
    "zh": "解决这个数学问题。在最后一行给出答案前，请提供推理步骤。最后一行应该以 "
    '"答案: " 的形式独立给出答案。在 "答案：" 后不要添加除整数答案之外的任何内容。',
}
"""What is asked before each problem, a blank line between: of openai/simple-evals, `mgsm_eval.py`
(MIT), with its slips of the pen."""

LABELS: Final = {
    "bn": "উত্তর",
    "de": "Antwort",
    "en": "Answer",
    "es": "Respuesta",
    "fr": "Réponse",
    "ja": "答え",
    "ru": "Ответ",
    "sw": "Jibu",
    "te": "సమాధానం",
    "th": "คำตอบ",
    "zh": "答案",
}
"""What goes before the answer in each language, up to its colon."""


def load(options: LoadOptions) -> tuple[Case, ...]:
    """All problems in all languages, by the SHA-256 of their ids."""
    rows = {language: _rows(UPSTREAM.find(f"mgsm_{language}.tsv", options)) for language in WORDING}
    whole = len(rows["en"])
    odd = next((language for language, found in rows.items() if len(found) != whole), None)
    if odd is not None:
        raise DataError(
            f"'mgsm_{odd}.tsv' has {len(rows[odd]):,} problems, 'mgsm_en.tsv' {whole:,}: they are "
            f"not the same; get both anew from {UPSTREAM.home}"
        )
    groups = [
        f"mgsm/{sha256(question.strip().encode()).hexdigest()[:8]}" for question, _ in rows["en"]
    ]
    return in_order(
        [
            Case(
                id=f"{group}-{language}",
                group=group,
                question=question,
                target=answer,
                fields=MappingProxyType({"language": language}),
            )
            for language, found in rows.items()
            for group, (question, answer) in zip(groups, found, strict=True)
        ]
    )


def ask_case(case: Case) -> Prompt:
    return ask(f"{WORDING[case.fields['language']]}\n\n{case.question}", max_tokens=MAX_TOKENS)


def behind_label(case: Case, text: str) -> Number | None:
    """The last number behind the last "Answer" of the case's language."""
    _, label, said = text.rpartition(LABELS[case.fields["language"]])
    return last_number(said) if label else None


def anywhere(case: Case, text: str) -> Number | None:
    """The number that the reply states as its answer in whatever language, else its last."""
    return stated_number(text)


def figures(graded: Sequence[Graded]) -> Iterable[Figure]:
    """By language, and the mean of the languages: what the paper reports."""
    yield macro(graded, "language")
    yield from divided(graded, "language")


def _rows(file: Path) -> list[tuple[str, str]]:
    """Question and answer of each line."""
    made = []
    for number, fields in enumerate(tsv_rows(file), start=1):
        answer = fields[-1].replace(",", "")
        if len(fields) != 2 or not answer.isdecimal():
            raise DataError(
                f"{str(file)!r}, line {number} is no question, tab and whole number, as MGSM's "
                f"are; get it anew from {UPSTREAM.home}"
            )
        made.append((fields[0], answer))
    if not made:
        raise DataError(f"{str(file)!r} is empty; get it anew from {UPSTREAM.home}")
    return made


BENCHMARKS.add(
    "mgsm@native-0cot",
    Benchmark(
        name="mgsm",
        protocol="mgsm@native-0cot",
        version=1,
        chance=None,
        source=f"{UPSTREAM.source}, 250 cases in 11 languages",
        load=load,
        ask=ask_case,
        grade=TwoReaders(
            strict=behind_label, flexible=anywhere, compare=same_number, counts=STRICT
        ),
        figures=figures,
        usual_count=220,
        departures=(
            tell(
                "The paper gave eight examples; this is the wording of openai/simple-evals, with "
                "none."
            ),
            tell("Numbers are read in the writing of any language, not only as ASCII digits."),
        ),
    ),
)
