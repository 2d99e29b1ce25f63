"""Which language a text is in: what langdetect says of it, and always the same."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.write_languages import frequencies, lines

from visavis.scoring.instructions.language import LONGEST, language_of

SAID = {
    "en": "The weather will get better tomorrow, and nobody knows why.",
    "fr": "Demain le temps sera meilleur, et personne ne sait pourquoi.",
    "de": "Morgen wird das Wetter besser, und niemand weiß warum.",
    "es": "Mañana el tiempo será mejor, y nadie sabe por qué.",
    "pt": "Amanhã o tempo será melhor, e ninguém sabe porquê.",
    "it": "Domani il tempo sarà migliore, e nessuno sa perché.",
    "fi": "Huomenna sää paranee, eikä kukaan tiedä miksi.",
    "sw": "Kesho hali ya hewa itakuwa nzuri, na hakuna anayejua kwa nini.",
    "vi": "Ngày mai thời tiết sẽ tốt hơn, và không ai biết tại sao.",
    "ru": "Завтра погода станет лучше, и никто не знает, почему это происходит.",
    "bg": "Утре времето ще бъде по-добро и никой не знае защо.",
    "uk": "Завтра погода покращиться, і ніхто не знає чому.",
    "ar": "غدا سيكون الطقس أفضل، ولا أحد يعرف لماذا.",
    "fa": "فردا هوا بهتر خواهد شد و هیچ‌کس نمی‌داند چرا.",
    "ur": "کل موسم بہتر ہو جائے گا، اور کوئی نہیں جانتا کیوں۔",
    "hi": "कल मौसम बेहतर होगा, और कोई नहीं जानता कि क्यों।",
    "mr": "उद्या हवामान चांगले असेल, आणि का ते कोणालाच माहीत नाही.",
    "ne": "भोलि मौसम राम्रो हुनेछ, र किन हो भन्ने कसैलाई थाहा छैन।",
    "bn": "আগামীকাল আবহাওয়া ভালো হবে, কেন তা কেউ জানে না।",
    "gu": "આવતીકાલે હવામાન સારું થશે, અને કોઈ જાણતું નથી કે શા માટે.",
    "pa": "ਕੱਲ੍ਹ ਮੌਸਮ ਬਿਹਤਰ ਹੋਵੇਗਾ, ਅਤੇ ਕੋਈ ਨਹੀਂ ਜਾਣਦਾ ਕਿ ਕਿਉਂ।",
    "ta": "நாளை வானிலை சிறப்பாக இருக்கும், ஏன் என்று யாருக்கும் தெரியாது.",
    "te": "రేపు వాతావరణం మెరుగుపడుతుంది, ఎందుకో ఎవరికీ తెలియదు.",  # codespell:ignore te
    "kn": "ನಾಳೆ ಹವಾಮಾನ ಉತ್ತಮವಾಗಿರುತ್ತದೆ, ಏಕೆ ಎಂದು ಯಾರಿಗೂ ತಿಳಿದಿಲ್ಲ.",
    "ml": "നാളെ കാലാവസ്ഥ മെച്ചപ്പെടും, എന്തുകൊണ്ടെന്ന് ആർക്കും അറിയില്ല.",
    "th": "พรุ่งนี้อากาศจะดีขึ้น และไม่มีใครรู้ว่าทำไม",
    "he": "מחר מזג האוויר ישתפר, ואף אחד לא יודע למה.",
    "pl": "Jutro pogoda będzie lepsza i nikt nie wie dlaczego.",
    "ja": "明日は天気が良くなりますが、なぜかは誰も知りません。",
    "ko": "내일은 날씨가 좋아질 것이고 아무도 그 이유를 모릅니다.",
    "zh": "明天天气会变好，没有人知道为什么。",
}


@pytest.mark.parametrize("language", SAID)
def test_the_languages_that_prompts_ask_for_are_told_apart(language: str) -> None:
    assert language_of(SAID[language]) == language


def test_capitals_tell_by_the_first_letters_of_words() -> None:
    text = (SAID["en"] + " It is what we have been told by those who should have known.").upper()
    assert language_of(text) == "en"


@pytest.mark.parametrize("text", ["", "12 + 3 = 15", "https://example.com", "a@example.com", "…"])
def test_without_a_letter_there_is_no_language(text: str) -> None:
    assert language_of(text) is None


def test_latin_words_in_another_script_do_not_count() -> None:
    assert language_of(SAID["ru"] + " HTTP and TCP") == "ru"


def test_tones_may_be_written_apart() -> None:
    assert language_of("Nga\u0300y mai thơ\u0300i tiê\u0301t se\u0303 tô\u0301t hơn") == "vi"


def test_only_so_much_is_looked_at() -> None:
    assert language_of(SAID["fr"].ljust(LONGEST) + SAID["en"] * 500) == "fr"


@given(st.text(max_size=40))
def test_every_text_has_one_answer(text: str) -> None:
    assert language_of(text) == language_of(text)


def test_the_statistics_are_langdetects_weighed_and_abridged(tmp_path: Path) -> None:
    profiles = {
        "xx": {"freq": {"a": 3, "b": 1, "ab": 2}, "n_words": [4, 2, 0], "name": "xx"},
        "zh-cn": {"freq": {"天": 1, "气": 1, "x": 1}, "n_words": [100_000, 0, 0], "name": "zh-cn"},
        "zh-tw": {"freq": {"天": 4}, "n_words": [100_000, 0, 0], "name": "zh-tw"},
    }
    for name, profile in profiles.items():
        (tmp_path / name).write_text(json.dumps(profile), encoding="utf-8")
    (tmp_path / "__init__.py").touch()
    told = [line for line in lines(frequencies(tmp_path)) if not line.startswith("#")]
    # 10 ln(1 + 1 / 0.00005) = 99; both writings of Chinese are one, its characters one letter.
    assert told == ["xx 99 ab", "xx 96 a", "xx 85 b", "zh 5 一"]
