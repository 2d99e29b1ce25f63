"""Writes cases as the YAML that a user would have written."""

from collections.abc import Mapping
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from visavis.benchmarks.own.schema import SCHEMA_FILE


def yaml_text(shared: Mapping[str, Any], cases: list[dict[str, Any]], origin: str) -> str:
    """A whole case file; `origin` says in a comment where the cases come from."""
    writer = YAML()
    writer.width = 100
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.allow_unicode = True
    text = StringIO()
    writer.dump(_blocks({**shared, "cases": cases}), text)
    head = f"# yaml-language-server: $schema={SCHEMA_FILE.as_uri()}\n# {origin}\n"
    return head + text.getvalue().replace("\n  - id: ", "\n\n  - id: ").replace(":\n\n", ":\n", 1)


def _blocks(value: Any) -> Any:
    """Texts of several lines as blocks, where YAML can hold them so to the letter."""
    if isinstance(value, str) and "\n" in value and _fits_block(value):
        return LiteralScalarString(value)
    if isinstance(value, dict):
        return {key: _blocks(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_blocks(inner) for inner in value]
    return value


def _fits_block(text: str) -> bool:
    lines = text.split("\n")
    return not lines[0].startswith((" ", "\t")) and all(
        line == line.rstrip() and line.isprintable() for line in lines
    )
