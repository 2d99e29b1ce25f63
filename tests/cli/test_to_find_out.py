"""What a verdict says would find out what it leaves open, typed as it stands there."""

import shlex
from collections.abc import Iterator

import pytest

from tests.cli.calling import called
from tests.fake_models import say
from tests.fake_server import FakeServer


@pytest.fixture
def server() -> Iterator[FakeServer]:
    waits_s = {"quick": 0.005, "slow": 0.01}
    with FakeServer({name: say("yes", first_s=wait) for name, wait in waits_s.items()}) as running:
        yield running


@pytest.mark.slow
def test_both_commands_lead_from_undecided_to_decided(
    server: FakeServer, environment: dict[str, str]
) -> None:
    named = [f"{name[0]}={server.url}#{name}" for name in ("quick", "slow")]
    asked = called(environment, "compare", *named, "--on", "logic:2", "--yes")
    assert asked.returncode == 0, asked.stderr
    open_ = called(environment, "verdict", "last", "--policy", "chat").stdout.splitlines()
    typed = [
        shlex.split(line.partition(": visavis ")[2])
        for line in open_
        if line.startswith(("To find out: ", "then: "))
    ]
    assert [words[0] for words in typed] == ["speed", "verdict"]
    assert "n = 6 is too few; 72 are needed" in "\n".join(open_).replace("\u00a0", " ")
    for words in typed:
        ended = called(environment, *words)
        assert ended.returncode == 0, ended.stderr
    assert "in 95% of requests  met  met" in ended.stdout
    assert "To find out" not in ended.stdout
