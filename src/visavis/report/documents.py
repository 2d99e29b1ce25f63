"""JSON documents and the schemas that describe them: one way to write both."""

from typing import Any

import msgspec

from visavis.report.text import escaped


def document(content: object) -> bytes:
    """A report as JSON; what a model wrote stands in it escaped."""
    text = msgspec.json.format(msgspec.json.encode(content), indent=1).decode()
    return f"{escaped(text)}\n".encode()


def schema_of(described: type) -> bytes:
    """The JSON Schema of such a document, as the package carries it."""
    schema: dict[str, Any] = msgspec.json.schema(described)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return msgspec.json.format(msgspec.json.encode(schema), indent=1) + b"\n"
