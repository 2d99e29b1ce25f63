"""`visavis import` as it is typed: what it tells, and one line for each mistake."""

from pathlib import Path

from tests.cli.calling import called
from tests.measure.imports import logs


def test_an_import_tells_our_score_beside_theirs_and_how_to_go_on(
    environment: dict[str, str], tmp_path: Path
) -> None:
    rows = logs.zeroeval({"1": '{"answer": "5"}', "2": "It is 8.", "3": ""}, model="openai/a")
    rows += logs.zeroeval({"1": '{"answer": "6"}'}, model="openai/b")
    logs.write(tmp_path / "r.json.gz", rows)
    words = ("import", "auto", "r.json.gz", "--disagreements", "d.md")
    done = called(environment, *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines == [
        "a, gsm8k@zeroeval: 3 answers to 3 cases",
        "  ours 2 of 3 (66.7%); its authors' rule, applied again 1 of 3 (33.3%); 1 disagreement",
        "  1 empty, cut replies are not recorded, 1 unparsed",
        "b, gsm8k@zeroeval: 1 answers to 3 cases",
        "  ours 0 of 1 (0.0%); its authors' rule, applied again 0 of 1 (0.0%); 0 disagreements",
        "  0 empty, cut replies are not recorded, 0 unparsed, 2 cases never put to it",
        "disagreements: d.md",
        "visavis compare recorded:a recorded:b --on gsm8k@zeroeval",
    ]
    done = called(environment, *lines[-1].split()[1:], cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "2 failed" in done.stdout
    again = called(environment, *words, cwd=tmp_path)
    assert "3 answers to 3 cases, here already" in again.stdout


def test_errors_and_what_is_not_graded_are_counted(
    environment: dict[str, str], tmp_path: Path
) -> None:
    rows = [logs.promptfoo_row("France", "Paris"), logs.promptfoo_row("Peru", None)]
    logs.write(tmp_path / "o.json", logs.promptfoo(rows))
    done = called(environment, "import", "promptfoo", "o.json", cwd=tmp_path)
    assert done.stdout.splitlines() == [
        "openai-gpt-x, capitals-of-the-world@promptfoo: 1 answers to 2 cases",
        "  0 empty, cut replies are not recorded, 0 unparsed, 1 not graded (--check says how), "
        "1 with an error in the log",
        "visavis compare recorded:openai-gpt-x CANDIDATE --on capitals-of-the-world@promptfoo",
    ]


def test_a_mistake_is_one_line(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("q,a\nx,y\n")
    for words, code in (
        (("import", "zeroevl", "a.csv"), 2),
        (("import", "zeroeval", "a.csv"), 1),
        (("import", "plain", "a.csv"), 2),
        (("import", "plain", "a.csv", "--columns", "question=q,text=b"), 2),
        (("import", "plain", "a.csv", "--check", "vibes"), 2),
        (("import", "plain"), 2),
    ):
        done = called(environment, *words, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (code, "")
        assert done.stderr.startswith("visavis: ")
        assert done.stderr.count("\n") == 1
