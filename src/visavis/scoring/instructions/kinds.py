"""The 25 kinds of instruction of IFEval, each a rule that a text follows or does not.

A rule's further arguments have upstream's names. Every rule takes time linear in the text,
whatever it says; words to look for are texts, never patterns.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from visavis.scoring.instructions.language import language_of
from visavis.scoring.instructions.sentences import sentences, words

Relation = Literal["less than", "at least"]
Rule = Callable[..., bool]


def _related(count: int, relation: Relation, bound: int) -> bool:
    return count < bound if relation == "less than" else count >= bound


def _times(wanted: str, text: str) -> int:
    return sum(1 for _ in re.finditer(re.escape(wanted), text, re.IGNORECASE))


# keywords


def existence(text: str, *, keywords: Sequence[str]) -> bool:
    """Each is somewhere in the text, also within a word."""
    return all(re.search(re.escape(word), text, re.IGNORECASE) for word in keywords)


def frequency(text: str, *, keyword: str, relation: Relation, frequency: int) -> bool:
    return _related(_times(keyword.strip(), text), relation, frequency)


def forbidden_words(text: str, *, forbidden_words: Sequence[str]) -> bool:
    """None is in the text as a word of its own."""
    return not any(
        re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) for word in forbidden_words
    )


def letter_frequency(text: str, *, letter: str, let_relation: Relation, let_frequency: int) -> bool:
    return _related(text.lower().count(letter.lower()), let_relation, let_frequency)


# language, length


def response_language(text: str, *, language: str) -> bool:
    """A text without a known letter passes, as upstream."""
    return language_of(text) in (language, None)


def number_sentences(text: str, *, num_sentences: int, relation: Relation) -> bool:
    return _related(sum(1 for _ in sentences(text)), relation, num_sentences)


def number_words(text: str, *, num_words: int, relation: Relation) -> bool:
    return _related(sum(1 for _ in re.finditer(r"\w+", text)), relation, num_words)


def number_paragraphs(text: str, *, num_paragraphs: int) -> bool:
    """Parted by `***`; an empty one may only stand first or last."""
    parts = [bool(part.strip()) for part in text.split("***")]
    return all(parts[1:-1]) and sum(parts) == num_paragraphs


def nth_paragraph_first_word(
    text: str, *, num_paragraphs: int, nth_paragraph: int, first_word: str
) -> bool:
    """Parted by an empty line. Empty ones are not counted, but do hold their place."""
    parts = [part.strip() for part in text.split("\n\n")]
    count = sum(map(bool, parts))
    if count != num_paragraphs or nth_paragraph > count or not parts[nth_paragraph - 1]:
        return False
    first = parts[nth_paragraph - 1].split()[0].lstrip("'").lstrip('"')
    return re.split(r"[.,?!'\"]", first)[0].lower() == first_word.lower()


# what can be detected


def number_placeholders(text: str, *, num_placeholders: int) -> bool:
    """Such as [address], on one line."""
    return sum(map(_placeholders, text.split("\n"))) >= num_placeholders


def _placeholders(line: str) -> int:
    count, start = 0, line.find("[")
    while start >= 0 and (end := line.find("]", start)) >= 0:
        count, start = count + 1, line.find("[", end)
    return count


def postscript(text: str, *, postscript_marker: str) -> bool:
    marker = postscript_marker.strip()
    return re.search(_POSTSCRIPTS.get(marker, re.escape(marker.lower())), text.lower()) is not None


_POSTSCRIPTS = {"P.P.S": r"p\.\s?p\.\s?s", "P.S.": r"p\.\s?s\."}


def number_bullet_lists(text: str, *, num_bullets: int) -> bool:
    """Lines that begin with `-`, or with `*` but not `**`."""
    dashes = sum(1 for line in text.split("\n") if line.lstrip().startswith("-"))
    return dashes + _stars(text) == num_bullets


def _stars(text: str) -> int:
    """A `*` alone takes the next line along, and is none without one."""
    count, lines = 0, iter(text.split("\n"))
    for line in map(str.lstrip, lines):
        if line == "*":
            count += next(lines, None) is not None
        else:
            count += line.startswith("*") and not line.startswith("**")
    return count


def constrained_response(text: str) -> bool:
    answers = ("My answer is yes.", "My answer is no.", "My answer is maybe.")
    return any(answer in text for answer in answers)


def number_highlighted_sections(text: str, *, num_highlights: int) -> bool:
    """*So* or **so**; the latter also has the former in it, but an empty one."""
    once = re.findall(r"\*([^\n*]*)\*", text)
    twice = re.findall(r"\*\*([^\n*]*)\*\*", text)
    return sum(1 for inner in once + twice if inner.strip()) >= num_highlights


def multiple_sections(text: str, *, section_spliter: str, num_sections: int) -> bool:
    """Begun by "Section 1" and so on, at least so many."""
    return len(re.findall(rf"{re.escape(section_spliter.strip())}\s?\d+", text)) >= num_sections


def json_format(text: str) -> bool:
    text = text.strip()
    for fence in ("```json", "```Json", "```JSON", "```"):
        text = text.removeprefix(fence)
    try:
        json.loads(text.removesuffix("```").strip())
    except (ValueError, RecursionError):
        return False
    return True


def title(text: str) -> bool:
    """A line with <<a title>>."""
    return any(map(_has_title, text.split("\n")))


def _has_title(line: str) -> bool:
    start, end = line.find("<<"), line.rfind(">>")
    return 0 <= start < end - 2 and bool(line[start:end].lstrip("<").rstrip(">").strip())


# combination, start and end, case, punctuation


def two_responses(text: str) -> bool:
    """Parted by `******`, and different."""
    parts = [part.strip() for part in text.split("******")]
    full = [part for part in parts if part]
    return all(parts[1:-1]) and len(full) == 2 and full[0] != full[1]


def repeat_prompt(text: str, *, prompt_to_repeat: str) -> bool:
    return text.strip().lower().startswith(prompt_to_repeat.strip().lower())


def end_checker(text: str, *, end_phrase: str) -> bool:
    return text.strip().strip('"').lower().endswith(end_phrase.strip().lower())


def quotation(text: str) -> bool:
    text = text.strip()
    return len(text) > 1 and text[0] == text[-1] == '"'


def capital_word_frequency(
    text: str, *, capital_frequency: int, capital_relation: Relation
) -> bool:
    count = sum(1 for word in words(text) if word.isupper())
    return _related(count, capital_relation, capital_frequency)


def english_capital(text: str) -> bool:
    return text.isupper() and response_language(text, language="en")


def english_lowercase(text: str) -> bool:
    return text.islower() and response_language(text, language="en")


def no_comma(text: str) -> bool:
    return "," not in text


KINDS: Mapping[str, Rule] = {
    "keywords:existence": existence,
    "keywords:frequency": frequency,
    "keywords:forbidden_words": forbidden_words,
    "keywords:letter_frequency": letter_frequency,
    "language:response_language": response_language,
    "length_constraints:number_sentences": number_sentences,
    "length_constraints:number_paragraphs": number_paragraphs,
    "length_constraints:number_words": number_words,
    "length_constraints:nth_paragraph_first_word": nth_paragraph_first_word,
    "detectable_content:number_placeholders": number_placeholders,
    "detectable_content:postscript": postscript,
    "detectable_format:number_bullet_lists": number_bullet_lists,
    "detectable_format:constrained_response": constrained_response,
    "detectable_format:number_highlighted_sections": number_highlighted_sections,
    "detectable_format:multiple_sections": multiple_sections,
    "detectable_format:json_format": json_format,
    "detectable_format:title": title,
    "combination:two_responses": two_responses,
    "combination:repeat_prompt": repeat_prompt,
    "startend:end_checker": end_checker,
    "startend:quotation": quotation,
    "change_case:capital_word_frequency": capital_word_frequency,
    "change_case:english_capital": english_capital,
    "change_case:english_lowercase": english_lowercase,
    "punctuation:no_comma": no_comma,
}
"""By upstream's name."""
