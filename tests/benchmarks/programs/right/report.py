"""A report from a CSV file: one pass, cents as whole numbers."""

# mypy: ignore-errors
# Written as a model would write it: without types.

import csv
import os
import re
import sys

NUMBER = re.compile(r"-?[0-9]+([.][0-9]{1,2})?")


def fail(told):
    sys.stderr.write(f"report: {told}\n")
    sys.exit(2)


def cents(text):
    whole, _, tail = text.lstrip("-").partition(".")
    return int(whole + tail.ljust(2, "0")) * (-1 if text.startswith("-") else 1)


def money(amount):
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02d}"


def main(words):  # noqa: C901  # as a model would write it
    comma = "--comma" in words
    words = [word for word in words if word != "--comma"]
    if len(words) != 4:
        fail("usage: report.py DATA REPORT GROUP VALUE [--comma]")
    data, report, group, value = words
    if not os.path.isfile(data):
        fail(f"no file {data}")
    sums = {}
    wrong = 0
    with open(data, encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter=";" if comma else ",")
        head = next(rows, [])
        for name in (group, value):
            if name not in head:
                fail(f"no column {name}")
        group_at, value_at = head.index(group), head.index(value)
        line = rows.line_num + 1
        for row in rows:
            begins, line = line, rows.line_num + 1
            if len(row) != len(head):
                wrong += 1
                sys.stderr.write(f"line {begins}: {len(row)} fields\n")
                continue
            text = row[value_at].strip()
            if comma:
                text = text.replace(",", ".")
            if not text:
                continue
            if not NUMBER.fullmatch(text):
                wrong += 1
                sys.stderr.write(f"line {begins}: {text!r} is no number\n")
                continue
            name = row[group_at] or "(none)"
            count, total = sums.get(name, (0, 0))
            sums[name] = (count + 1, total + cents(text))
    order = sorted(sums, key=lambda name: (-sums[name][1], name))
    with open(report, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["group", "rows", "sum"])
        for name in order:
            out.writerow([name, sums[name][0], money(sums[name][1])])
        count = sum(pair[0] for pair in sums.values())
        out.writerow(["TOTAL", count, money(sum(pair[1] for pair in sums.values()))])
    sys.exit(1 if wrong else 0)


main(sys.argv[1:])
