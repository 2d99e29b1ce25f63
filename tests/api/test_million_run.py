"""The run that benches measure is a plausible one."""

from pathlib import Path

from benches.million_run import write_run

from visavis.api import Comparison
from visavis.core.outcome import Reply


def test_a_run_of_any_size_can_be_made_judged_and_shown(tmp_path: Path) -> None:
    write_run(tmp_path / "run", cases=8, candidates=3)
    seen = Comparison(tmp_path / "run")
    assert len(seen.trials) == 24
    assert {row.benchmark for row in seen.judgement.rows} == {"tickets", "contracts"}
    replies = [trial.outcome for trial in seen.trials if isinstance(trial.outcome, Reply)]
    assert all(100 < len(reply.text) < 2000 for reply in replies)
    assert len(list(seen.view.exchanges)) == 8
