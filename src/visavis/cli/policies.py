"""`visavis policies`."""

import sys

from visavis.cli.screen import out
from visavis.verdict.policy_file import policies, source
from visavis.verdict.policy_schema import SCHEMA_FILE


def show(name: str | None, *, schema: bool) -> None:
    """One line a policy; or one of them, to be edited; or the schema that such files have."""
    if schema:
        sys.stdout.write(SCHEMA_FILE.read_text(encoding="utf-8"))
    elif name is not None:
        sys.stdout.write(f"# yaml-language-server: $schema={SCHEMA_FILE.as_uri()}\n{source(name)}")
    else:
        for each in policies():
            out(f"{each:<14} {policies().get(each).about}")
