"""`visavis cases new`, `check` and `run`: what is printed, and the exit codes."""

from pathlib import Path

import pytest

from tests.cli.calling import called


def test_from_nothing_to_a_verdict(environment: dict[str, str], tmp_path: Path) -> None:
    made = called(environment, "cases", "new", cwd=tmp_path)
    assert made.stdout == "cases.yaml: 4 cases\nnext: visavis cases check cases.yaml\n"
    again = called(environment, "cases", "new", cwd=tmp_path)
    assert (again.returncode, again.stderr) == (
        2,
        "visavis: 'cases.yaml' is there already; name another file\n",
    )
    checked = called(environment, "cases", "check", "cases.yaml", cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "next: visavis cases run cases.yaml CANDIDATE" in checked.stdout
    alone = called(environment, "cases", "run", "cases.yaml", "scripted:Tokyo", cwd=tmp_path)
    assert alone.returncode == 0, alone.stderr
    words = [line.split() for line in alone.stdout.splitlines()]
    assert ["capital/Japan", "pass"] in words
    assert ["sum", "fail", "no", "number", "in", "the", "reply"] in words
    assert "Again: visavis cases run cases.yaml scripted:Tokyo" in alone.stdout
    both = called(
        environment,
        "cases",
        "run",
        "cases.yaml#geography",
        "scripted:Tokyo",
        "scripted:x",
        cwd=tmp_path,
    )
    assert both.returncode == 0, both.stderr
    assert "cases#geography is undecided" in both.stdout
    resumed = called(environment, "resume", "last", cwd=tmp_path)
    assert resumed.returncode == 0, resumed.stderr


def test_exit_codes_say_how_a_file_stands(environment: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("cases:\n  - {id: a, prompt: P, equal: x}\n  - {id: b, equals: 3}\n", "utf-8")
    wrong = called(environment, "cases", "check", "c.yaml", cwd=tmp_path)
    assert wrong.returncode == 2
    assert wrong.stdout.splitlines() == [
        "c.yaml:2: no key is called 'equal'; did you mean 'equals'?",
        "c.yaml:3: 'equals' needs text; put it in quotes: '3'",
        "c.yaml:3: needs 'prompt'",
        "c.yaml: 3 mistakes; nothing was tried",
    ]
    path.write_text("cases:\n  - {id: a, prompt: P, contains: x, good: y, lacks: z}\n", "utf-8")
    idle = called(environment, "cases", "check", "c.yaml", cwd=tmp_path)
    assert idle.returncode == 1
    assert "c.yaml:2: 'a': the good reply 'y' does not pass: 'contains' lacks x" in idle.stdout
    assert "c.yaml:2: hint: 'a': 'lacks' held for all" in idle.stdout
    assert idle.stdout.endswith("1 check or reply to be mended\n")


def test_other_programs_cases_are_brought_and_nothing_is_overwritten(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "s.jsonl").write_text('{"input": "1+1?", "ideal": "2"}\n{"input": 1}\n', "utf-8")
    words = ("cases", "new", "ours.yaml", "--from", "s.jsonl", "--grader", "includes")
    made = called(environment, *words, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert made.stdout.splitlines()[0] == (
        "s.jsonl:2: not brought along: 'input' is neither a text nor a list of messages"
    )
    assert "contains: '2'" in (tmp_path / "ours.yaml").read_text("utf-8")
    table = "prompt,equals\nA?,a\n"
    (tmp_path / "t.csv").write_text(table, "utf-8")
    from_table = called(environment, "cases", "new", "t.yaml", "--from", "t.csv", cwd=tmp_path)
    assert "t.yaml: 1 case" in from_table.stdout
    for told, said in (
        (("new", "t.txt"), "is to hold cases; let its name end in .yaml, .jsonl or .csv"),
        (("new", "u.csv", "--from", "t.csv"), "'u.csv' is to end in .yaml"),
        (("new", "u.yaml", "--from", "none.csv"), "there is no file 'none.csv'"),
        (("run", "t.yaml", "scripted:a", "--on", "logic"), "leave --on out"),
    ):
        done = called(environment, "cases", *told, cwd=tmp_path)
        assert done.returncode == 2
        assert said in done.stderr


@pytest.mark.parametrize("name", ["first.csv", "first.jsonl", "first.yml"])
def test_a_first_file_of_each_kind_is_right(
    name: str, environment: dict[str, str], tmp_path: Path
) -> None:
    assert called(environment, "cases", "new", name, cwd=tmp_path).returncode == 0
    checked = called(environment, "cases", "check", name, cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr
