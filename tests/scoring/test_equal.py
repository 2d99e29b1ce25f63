"""Mathematical equality: what is the same thing, what is not, and that nothing hangs or harms."""

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visavis.scoring import equal_child
from visavis.scoring.equal import RESIDENT, Resident, equal
from visavis.scoring.writing import LONGEST, exact, numeral, plain, words

SAME = [
    # numbers
    ("9", "9.0"),
    ("5", "5."),
    ("10080", "10,080"),
    ("58,500", "58500"),
    (r"\$32,\!348", "32348"),
    (r"\$32,\!348", r"\$32,348.00"),
    (r"\$18.90", "$18.90"),
    ("1/2", "0.5"),
    ("1/3", "0.333333"),
    ("4.5", "9/2"),
    ("2/(-3)", "-2/3"),
    (r"-\frac{24}{25}", "-0.96"),
    (r"-\frac{24}{25}", r"\frac{-24}{25}"),
    (r"\frac{3}{56}", "3/56"),
    (r"\frac65", r"\dfrac{6}{5}"),
    (r"1\frac{4}{5}", "9/5"),
    (r"1\frac{4}{5}", "1.8"),
    (r"\frac{11}{2}", "5½"),
    (r"137 \frac{1}{2}", "137.5"),
    (".0000672", r"6.72 \times 10^{-5}"),
    (r"2^{10}", "1024"),
    ("0.15", "15%"),
    ("15", "15%"),
    (r"15\%", "15"),
    ("2000", "2 000"),
    (r"\pi", "3.14159265"),
    # wrapping
    ("5", "**5**"),
    ("5", r"\boxed{5}"),
    ("5", "$5$"),
    ("5", r"\(5\)"),
    ("5", r"\[ 5 \]"),
    ("5", "`5`"),
    ("5", '"5"'),
    ("12", "12 = 12"),
    (r"2\sqrt{3}", r"2\sqrt{3} \approx 3.46"),
    # units, degrees, and what the question fixed
    ("10", "10 cm"),
    ("64", "64 square feet"),
    ("72 degrees", "72"),
    (r"864 \mbox{ inches}^2", "864"),
    (r"864 \mbox{ inches}^2", "864 square inches"),
    (r"5.4 \text{ cents}", "5.4"),
    (r"30^\circ", "30"),
    (r"30^\circ", "30°"),
    (r"30^\circ", "30 degrees"),
    (r"\frac{270}7\text{ degrees}", "270/7"),
    ("x=5", "5"),
    ("5", "x=5"),
    ("y = -2x", "-2x"),
    ("52_8", "52"),
    ("52_{8}", "52 (base 8)"),
    ("52_8", r"52_{\text{eight}}"),
    ("-221_3", "-221_{3}"),
    # roots, letters, functions
    (r"11\sqrt2", "11√2"),
    (r"3\sqrt{13}", "sqrt(117)"),
    (r"\frac{\sqrt{3}}{3}", r"\frac{1}{\sqrt{3}}"),
    (r"8 \pi", "8π"),
    ("p - q", "p-q"),
    ("ab", "ba"),
    ("6+9i", "9i + 6"),
    ("x^3+3x-6", "x³ + 3x − 6"),
    ("x^2+2x+1", "(x+1)^2"),
    ("(a+5)(b+2)", "ab+2a+5b+10"),
    (r"\cot x", r"\frac{\cos x}{\sin x}"),
    (r"\log_2 3", r"\frac{\ln 3}{\ln 2}"),
    ("e^2", "exp(2)"),
    ("5x - 7y + 11z + 4 = 0", "-5x+7y-11z-4=0"),
    ("5x - 7y + 11z + 4 = 0", "5x - 7y + 11z = -4"),
    # lists and sets
    ("3, 5, 7", "7,5,3"),
    ("3, 5, 7", "3, 5 and 7"),
    (r"1 \pm \sqrt{19}", r"1+\sqrt{19},1-\sqrt{19}"),
    (r"1 \pm \sqrt{19}", r"1+\sqrt{19} \text{ and } 1-\sqrt{19}"),
    (r"\{1\pm\sqrt{5},-2\}", r"-2, 1+\sqrt5, 1-\sqrt5"),
    # tuples, intervals, matrices
    ("(6,31,-1)", "(6, 31, -1)"),
    (r"\left(\frac{3}{5},\frac{8}{3}\right]", r"(\frac35,\frac83]"),
    (r"x \in [-2,7]", "[-2,7]"),
    (r"[-2,7]", r"-2 \le x \le 7"),
    ("(3,4]", r"3 < x \leq 4"),
    (r"(-\infty,2)\cup(3,\infty)", "(-∞, 2) ∪ (3, ∞)"),
    (r"(0,9) \cup (9,36)", r"(9,36) \cup (0,9)"),
    (
        r"\begin{pmatrix} -1 & 0 \\ 0 & -1 \end{pmatrix}",
        r"\begin{bmatrix} -1 & 0 \\ 0 & -1 \end{bmatrix}",
    ),
    (r"\begin{pmatrix} -1/3 \\ 2/3 \\ 5/3 \end{pmatrix}", r"\langle -\frac13, \frac23, 5/3\rangle"),
    # words
    (r"\text{Evelyn}", "Evelyn"),
    (r"\text{ellipse}", "An ellipse."),
    ("even", "Even"),
    (r"\text{(C)}", "C"),
    (r"\text{(C)}", "(C)"),
]

OTHER = [
    ("17", "-17"),
    ("2000", "2.000"),
    ("1/3", "0.3333"),
    (r"\pi", "3.14159"),
    (r"\sqrt{66}", "8.124"),
    (r"\frac{20000}{\pi}", "6366.2"),
    (r"-\frac{24}{25}", "0.96"),
    (r"\frac{1}{2}", r"\frac{1}{0}"),
    ("4", "4 or 5"),
    ("2", "two"),
    ("0", ""),
    ("0", "none"),
    ("10", "10x"),
    ("2k", "2"),
    ("2k", "2m"),
    ("2", "x = 2 or x = 3"),
    ("x=5", "y=5"),
    ("y = -2x", "y=2x"),
    ("52_8", "42"),
    ("52_8", "52_9"),
    ("6+9i", "6-9i"),
    ("p - q", "q-p"),
    ("x^2+2x+1", "y^2+2y+1"),
    (r"11\sqrt2", r"11\sqrt{3}"),
    (r"\cot x", r"\tan x"),
    ("5x - 7y + 11z + 4 = 0", "5x - 7y + 11z = 4"),
    ("3, 5, 7", "3, 5"),
    ("3,5,7", "3,5,8"),
    (r"1 \pm \sqrt{19}", r"1+\sqrt{19}"),
    ("(6,31,-1)", "(31, 6, -1)"),
    ("(1,2)", "[1,2]"),
    (r"x \in [-2,7]", "(-2,7)"),
    (r"(-\infty,2)\cup(3,\infty)", r"(-\infty,2]\cup(3,\infty)"),
    (
        r"\begin{pmatrix} -1 & 0 \\ 0 & -1 \end{pmatrix}",
        r"\begin{pmatrix} -1 & 0 \\ 0 & 1 \end{pmatrix}",
    ),
    (r"\text{Evelyn}", "Navin"),
    (r"\text{east}", "seat"),
    (r"\text{(C)}", "B"),
    (r"\emptyset", "none"),
]


@pytest.mark.parametrize(("key", "answer"), SAME)
def test_the_same_thing_in_another_writing_is_equal(key: str, answer: str) -> None:
    assert equal(key, answer).equal is True


@pytest.mark.parametrize(("key", "answer"), OTHER)
def test_another_thing_is_not_equal(key: str, answer: str) -> None:
    assert equal(key, answer).equal is False


UNENDING = [
    "9^9^9^9^9",
    r"\int_0^\infty x^{x^x} dx",
    r"\sqrt{" * 100 + "2" + "}" * 100,
    "1" * 900,
]
ODD = ["{" * 500, "1/0", "\x00", "\ud800", "\n", "$", "\\", "__import__('os').system('true')"]


@pytest.mark.parametrize(
    ("key", "answer"),
    [*(("5", one) for one in (*UNENDING, *ODD)), *((r"\sqrt{x}", one) for one in ODD)],
)
def test_hostile_answers_are_unequal_in_bounded_time(key: str, answer: str) -> None:
    since = time.monotonic()
    assert equal(key, answer).equal is False
    assert time.monotonic() - since < 60


@given(st.text(alphabet="123x+-^_{}()[]\\,./$ =<>√π∞½", max_size=24))
@settings(max_examples=60, deadline=None)
def test_no_answer_is_too_odd_to_compare(answer: str) -> None:
    assert equal("7", answer).equal in (True, False)


@given(st.text(max_size=60))
def test_no_answer_is_too_odd_to_bring_into_one_writing(answer: str) -> None:
    text = plain(answer)
    exact(text)
    numeral(text)
    words(text)


def test_what_is_too_long_is_no_answer() -> None:
    assert equal("1", "1" * (LONGEST + 1)).how == f"is longer than {LONGEST} characters"


def test_a_process_that_hangs_or_dies_is_replaced() -> None:
    resident = Resident(limit_s=2.0)
    try:
        assert resident.compare("x+1", "1+x").equal is True
        assert resident._process is not None
        resident._process.kill()
        resident._process.wait()
        assert resident.compare("x+1", "1+x").how.endswith("in the memory allowed")
        hung = resident.compare("5", "10^{10^{10}}")
        assert hung.equal is False
        assert hung.how == "could not be shown to be equal in the time allowed"
    finally:
        resident.close()
        resident.close()


def test_a_process_that_does_not_start_leaves_the_answer_uncompared(tmp_path: Path) -> None:
    resident = Resident(child=tmp_path / "missing.py")
    found = resident.compare("x+1", "1+x")
    assert found.equal is None
    assert "did not start" in found.how


def test_several_threads_may_compare_at_once() -> None:
    pairs = [(f"x+{n}", f"{n + n % 2}+x") for n in range(20)]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda pair: equal(*pair).equal, pairs))
    assert found == [n % 2 == 0 for n in range(20)]


def test_what_takes_too_much_processor_time_is_given_up_by_the_process_itself() -> None:
    hung = equal("5", "(10^{10})!")
    assert hung.equal is False
    assert hung.how == "could not be shown to be equal in the time allowed"


def test_the_child_answers_line_by_line() -> None:
    deep, hung = json.dumps(["1", "(" * 90]), json.dumps(["5", "(10^{10})!"])
    lines = ["null\n", '["x+1", "1+x"]\n', '["1", "2"]\n', f"{deep}\n", f"{hung}\n"]
    assert list(equal_child.answers(lines)) == ["true", "true", "false", "false", "null"]


def test_this_process_loads_no_sympy_to_compare() -> None:
    """Else every program that grades would be slower to start by seconds."""
    code = "import sys; from visavis.scoring.equal import equal; print(equal('1', '2').equal, "
    code += "'sympy' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["False", "False"]
    assert RESIDENT is not None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.5", "2469/2"),
        ("-.5", "-1/2"),
        (r"\frac34", "3/4"),
        ("2 1/3", "7/3"),
        (r"12 \text{ cm}^2", "12"),
        ("3/0", None),
        ("2x", None),
        ("1,2", None),
    ],
)
def test_plain_numbers_are_read_exactly(text: str, value: str | None) -> None:
    found = exact(text)
    assert (None if found is None else str(found)) == value


def test_a_base_that_is_none_makes_no_numeral() -> None:
    assert numeral("52_n") is None
    assert numeral("52") is None
    assert words("ab") is None
    assert words("x + y") is None
