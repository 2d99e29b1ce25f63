"""A report from a CSV file: its own reader of quoted fields, decimals, and a sort in two steps."""

# mypy: ignore-errors
# Written as a model would write it: without types.

import argparse
import decimal
import pathlib
import string
import sys
from collections import defaultdict


def records(text, separator):  # noqa: C901  # as a model would write it
    """(line, fields) of each record, by a walk over the characters."""
    fields, field, quoted, line, begins = [], [], False, 1, 1
    at, end = 0, len(text)
    while at < end:
        letter = text[at]
        at += 1
        if letter == "\n":
            line += 1
        if quoted:
            if letter != '"':
                field.append(letter)
            elif text[at : at + 1] == '"':
                field.append('"')
                at += 1
            else:
                quoted = False
        elif letter == '"':
            quoted = True
        elif letter in (separator, "\n"):
            fields.append("".join(field))
            field.clear()
            if letter == "\n":
                yield begins, fields
                fields, begins = [], line
        elif letter != "\r":
            field.append(letter)
    if field or fields:
        yield begins, [*fields, "".join(field)]


def number(text):
    digits = text[1:] if text[:1] == "-" else text
    whole, point, tail = digits.partition(".")
    parts = [whole, tail] if point else [whole]
    if not all(part and set(part) <= set(string.digits) for part in parts) or len(tail) > 2:
        raise ValueError(f"{text!r} is not a number")
    return decimal.Decimal(text)


def quoted(text):
    return '"' + text.replace('"', '""') + '"' if set(text) & set('",\r\n') else text


parser = argparse.ArgumentParser()
for name in ("data", "report", "group", "value"):
    parser.add_argument(name)
parser.add_argument("--comma", action="store_true")
asked = parser.parse_args()
try:
    source = pathlib.Path(asked.data).read_text(encoding="utf-8")
except OSError as trouble:
    parser.error(str(trouble))
table = records(source, ";" if asked.comma else ",")
_, columns = next(table, (1, []))
if not {asked.group, asked.value} <= set(columns):
    parser.error("no such column")
groups = defaultdict(list)
complaints = []
for start, row in table:
    if len(row) != len(columns):
        complaints.append(f"line {start}: wrong number of fields")
        continue
    pairs = dict(zip(columns, row, strict=True))
    worth = pairs[asked.value].strip()
    if asked.comma:
        worth = worth.replace(",", ".")
    if worth:
        try:
            groups[pairs[asked.group] or "(none)"].append(number(worth))
        except ValueError as trouble:
            complaints.append(f"line {start}: {trouble}")
lines = [(key, len(values), sum(values)) for key, values in sorted(groups.items())]
lines.sort(key=lambda entry: entry[2], reverse=True)
lines.append(("TOTAL", sum(x[1] for x in lines), sum((x[2] for x in lines), decimal.Decimal(0))))
body = "".join(f"{quoted(key)},{count},{total:.2f}\n" for key, count, total in lines)
pathlib.Path(asked.report).write_text("group,rows,sum\n" + body, encoding="utf-8")
sys.stderr.writelines(f"{complaint}\n" for complaint in complaints)
sys.exit(bool(complaints))
