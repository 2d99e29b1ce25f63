"""The published form: valid by its schema, which is fresh; frames with a row a trial."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from tests.report.faces import RUN_WITH_CLAIMS
from tests.report.fixtures import (
    HOSTED,
    JUDGEMENT,
    QWEN,
    RUN,
    SMOL,
    SPEC,
    TRIALS,
    cell,
    est,
    gap,
    row,
)
from visavis.report import export
from visavis.report.export import results, schema
from visavis.report.export_trials import to_pandas, to_polars, trial_rows
from visavis.stats.estimate import TooFew
from visavis.verdict.compare import Judgement
from visavis.verdict.decide import Because, Undecided

SCHEMA = Path(export.__file__).with_name("results.schema.json")


@pytest.fixture
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(results(JUDGEMENT, RUN, TRIALS))
    return found


def test_the_published_schema_is_that_of_the_code() -> None:
    assert SCHEMA.read_bytes() == schema()


def test_a_document_is_valid_and_names_its_version(document: dict[str, Any]) -> None:
    jsonschema.validate(document, json.loads(SCHEMA.read_bytes()))
    assert (document["schema"], document["schema_version"]) == ("visavis-results", 1)


def test_figures_behind_the_scores_are_told_with_what_they_divide_by(
    document: dict[str, Any],
) -> None:
    told = [(one["candidate"], one["name"], one["by"]) for one in document["figures"]]
    assert told == [
        (QWEN, "strict", ""),
        (QWEN, "Matthews correlation", ""),
        (QWEN, "strings", "subject"),
        (SMOL, "strict", ""),
    ]
    assert document["figures"][3]["estimate"]["value"] is None


def test_numbers_are_bare_and_full(document: dict[str, Any]) -> None:
    humaneval = document["measures"][0]
    assert humaneval["cells"][0]["estimate"] == {
        "value": 0.5625,
        "low": 0.3318,
        "high": 0.769,
        "n": 16,
        "method": "as in the fixture",
        "groups": None,
    }
    assert humaneval["cells"][1]["counts"]["failures"] == [["timed out", 3]]
    assert (humaneval["gaps"][0]["verdict"], humaneval["gaps"][0]["winner"]) == ("prefer", QWEN)
    assert document["measures"][1]["gaps"][0]["cases_needed"] == 347
    assert document["measures"][4]["gaps"][0]["verdict"] == "alike"


def test_an_absence_is_null_and_says_why() -> None:
    few = TooFew(groups=1, needed=2)
    open_ = gap(Undecided(by=few, cases_needed=None, because=Because.TOO_FEW))
    judgement = Judgement(
        candidates=(QWEN, HOSTED.name),
        rows=(row("score", (cell(QWEN, few),), (open_,), "logic"),),
        policy="default",
        family=0,
    )
    spec = msgspec_replace(candidates=(SPEC.candidates[0], HOSTED))
    document = json.loads(results(judgement, spec, ()))
    jsonschema.validate(document, json.loads(SCHEMA.read_bytes()))
    assert document["measures"][0]["cells"][0]["estimate"]["value"] is None
    assert document["measures"][0]["gaps"][0]["because"] == Because.TOO_FEW
    facts = {fact["name"]: fact for fact in document["candidates"][1]["facts"]}
    assert facts["parameters"]["value"] is None
    assert facts["parameters"]["unknown_because"] == "its maker does not say"
    assert document["candidates"][1]["shutdown_date"] == "2027-01-14"


def msgspec_replace(**changes: Any) -> Any:
    from dataclasses import replace

    return replace(RUN, spec=replace(SPEC, **changes))


def test_an_endless_interval_is_still_json() -> None:
    endless = row("score", (cell(QWEN, est(1.0, 0.5, float("inf"))),), (), "logic")
    judgement = Judgement(candidates=(QWEN,), rows=(endless,), policy="default", family=0)
    document = json.loads(results(judgement, RUN, ()))
    assert document["measures"][0]["cells"][0]["estimate"]["high"] is None


def test_a_row_tells_all_of_a_trial() -> None:
    rows = list(trial_rows(TRIALS))
    assert len(rows) == len(TRIALS)
    assert (rows[0].mark, rows[0].score, rows[0].read, rows[0].output_tokens) == (
        "solved",
        1.0,
        "no",
        12,
    )
    assert rows[0].first_token_s == 0.24
    assert (rows[9].failure, rows[9].reply, rows[9].score) == (
        "timed out: no reply in 60 s",
        None,
        None,
    )
    assert rows[11].because == "the fence gave no answer"


def test_frames_have_a_row_a_trial() -> None:
    polars, pandas = to_polars(TRIALS), to_pandas(TRIALS)
    assert (polars.height, len(pandas)) == (len(TRIALS), len(TRIALS))
    assert polars.columns == list(pandas.columns)
    assert polars["score"].sum() == pandas["score"].sum() == 11.0


@pytest.mark.parametrize("library", ["polars", "pandas"])
def test_a_missing_library_says_what_to_install(library: str) -> None:
    code = (
        f"import sys; sys.modules[{library!r}] = None\n"
        "from visavis.core.errors import VisavisError\n"
        "from visavis.report import export_trials as export\n"
        f"try: export.to_{library}([])\n"
        "except VisavisError as error: print(error)\n"
    )
    told = subprocess.check_output([sys.executable, "-c", code], text=True)
    assert told == f"{library!r} is not installed; install it: pip install {library}\n"


def test_claims_are_data_with_what_speaks_for_and_against() -> None:
    document = json.loads(results(JUDGEMENT, RUN_WITH_CLAIMS, TRIALS))
    jsonschema.validate(document, json.loads(SCHEMA.read_bytes()))
    by = {(one["claim"]["criterion"], one["claim"]["printed"]): one for one in document["claims"]}
    held = by["humaneval", 61.6]
    assert (held["candidate"], held["standing"], held["claim"]["value"]) == (
        QWEN,
        "consistent",
        pytest.approx(0.616),
    )
    assert by["output_speed", 99]["against"][0]["printed"] == 182.6
    assert by["price_input", 0.000195]["known"][0]["value"] == 0.15


def test_a_document_written_piece_by_piece_is_laid_out_as_a_whole_one() -> None:
    for trials in (TRIALS, ()):
        told = results(JUDGEMENT, RUN, trials)
        assert told == msgspec.json.format(told, indent=1) + b"\n"
