"""Numbers on the command line: whatever is none, in any option of any command, is told in a line
that says how one looks; and no file is written where there is no folder."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from visavis.cli.main import app
from visavis.core.errors import OptionError, VisavisError

COMMANDS = typer.main.get_command(app)
NONE = "none"
GIVEN = {
    "compare": ["scripted:a", "scripted:b", "--dry-run"],
    "contamination": ["scripted:a", "--on", "mmlu:10"],
    "limits": ["scripted:a", "--dry-run"],
    "fit": ["8B"],
    "speed": ["http://127.0.0.1:9/v1#m", "--dry-run"],
    "import": ["auto", NONE],
    "gate": [NONE, NONE],
    "diff": [NONE, NONE],
    "merge": [NONE, NONE],
    "power": [],
    "calibrate": [],
    "claims": [],
    "cases generate": ["grid"],
    "cases new": [],
    "cases check": [NONE],
    "cases run": [NONE, "scripted:a", "--dry-run"],
    "cases try": ["arkanoid", NONE],
}
"""What a command needs to come to its options; no run is called `none`."""
WRONG = ("abc", "", "1,5", "-1", "nan", "inf", "-inf", "1e400", "9" * 40)


def leaves(command: Any = COMMANDS, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each command that does something."""
    inner = getattr(command, "commands", {})
    for name, one in inner.items():
        yield from leaves(one, f"{path} {name}".strip())
    if not inner:
        yield path, command


def options(*kinds: object) -> Iterator[tuple[str, str]]:
    """Each option of these kinds, with its command."""
    for name, command in leaves():
        for one in command.params:
            if one.param_type_name == "option" and one.type_descriptor.annotation in kinds:
                yield name, one.opts[0]


def refused(command: str, *words: str) -> VisavisError:
    with pytest.raises(VisavisError) as raised:
        COMMANDS([*command.split(), *GIVEN.get(command, [NONE]), *words], standalone_mode=False)
    return raised.value


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VISAVIS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


NUMBERS = list(options(int, float))


def test_there_are_numbers_to_be_tried() -> None:
    assert len(NUMBERS) > 45
    assert ("compare", "--budget") in NUMBERS


@pytest.mark.parametrize(("command", "option"), NUMBERS, ids=" ".join)
def test_what_is_no_such_number_is_told_with_one_that_is(command: str, option: str) -> None:
    for word in WRONG:
        error = refused(command, f"{option}={word}")
        assert isinstance(error, OptionError)
        said = str(error)
        assert said.startswith(f"{option} "), said
        assert " is no " in said
        assert "; give " in said
        assert ", such as " in said
        assert "\n" not in said


TEXTS = [
    ("limits", "--lengths", "such as 8192"),
    ("speed", "--concurrency", "1,4,16"),
    ("speed", "--rate", "0.5,2"),
    ("calibrate", "--streams", "1,4,16"),
]
"""Options that hold several numbers, and what they are told to be like."""


@pytest.mark.parametrize(("command", "option", "like"), TEXTS)
@pytest.mark.parametrize("word", ["abc", "-1", "0", "nan", "inf", "1e400", "9" * 40])
def test_of_several_numbers_the_wrong_one_is_told(
    command: str, option: str, like: str, word: str
) -> None:
    said = str(refused(command, f"{option}={word}"))
    assert said.startswith(f"{option} {word!r} is no "), said
    assert like in said


WRITING = [
    (command, option)
    for command, option in options(Path)
    if option in ("--json", "--junit", "--markdown", "--disagreements")
    or (command, option) in {("show", "--out"), ("cases generate", "--out")}
]


@pytest.mark.parametrize(("command", "option"), WRITING, ids=" ".join)
def test_no_folder_is_made_for_a_file(command: str, option: str, tmp_path: Path) -> None:
    said = str(refused(command, option, "nope/deep/x.jsonl"))
    assert "there is no folder" in said
    assert "nope/deep'; make it" in said
    assert not (tmp_path / "nope").exists()


def test_every_option_that_writes_a_file_is_tried() -> None:
    assert len(WRITING) > 14
