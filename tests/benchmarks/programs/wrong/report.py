"""Mutants of the report from a CSV file."""

from typing import Final

from tests.benchmarks.programs.wrong import each

MUTANTS: Final = (
    *each(
        "sums",
        (
            'return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02d}"',
            "return str(amount / 100)",
        ),
        ('.ljust(2, "0")', '.rjust(2, "0")'),
    ),
    *each(
        "order",
        ("(-sums[name][1], name)", "(sums[name][1], name)"),
        ("(-sums[name][1], name)", "-sums[name][1]"),
        (
            "sorted(sums, key=lambda name: (-sums[name][1], name))",
            "sorted(sorted(sums, reverse=True), key=lambda name: -sums[name][1])",
        ),
    ),
    *each(
        "total",
        ('["TOTAL", count,', '["Total", count,'),
        ('["TOTAL", count,', '["TOTAL", len(sums),'),
    ),
    *each(
        "columns",
        ("head.index(group), head.index(value)", "0, 1"),
        ("head.index(group), head.index(value)", "head.index(group), head.index(group) + 1"),
    ),
    *each(
        "quoting",
        ("csv.writer(file)", 'csv.writer(file, quoting=csv.QUOTE_NONE, escapechar="\\\\")'),
        ('row[group_at] or "(none)"', 'row[group_at].replace("\\n", " ") or "(none)"'),
        ('";" if comma else ",")', '";" if comma else ",", doublequote=False)'),
    ),
    *each(
        "missing",
        ("if not text:\n                continue", 'if not text:\n                text = "0"'),
        ('row[group_at] or "(none)"', "row[group_at]"),
        ("if not text:", "if not row[value_at]:"),
    ),
    *each(
        "wrong-rows",
        ("begins, line = line, rows.line_num + 1", "begins, line = rows.line_num, 0"),
        ("sys.exit(1 if wrong else 0)", "sys.exit(0)"),
        ('re.compile(r"-?[0-9]+(', 're.compile(r"-?[0-9_]+('),
        ("if len(row) != len(head):", "if len(row) < len(head):"),
    ),
    *each(
        "comma",
        ('delimiter=";" if comma else ","', 'delimiter=","'),
        ('text.replace(",", ".")', 'text.replace(",", "")'),
    ),
    *each(
        "errors",
        ("sys.exit(2)", "sys.exit(1)"),
        ('fail(f"no column {name}")', "continue"),
        (
            "    if not os.path.isfile(data):",
            '    open(report, "w").close()\n    if not os.path.isfile(data):',
        ),
    ),
    *each(
        "large",
        ("for row in rows:", "for row, _ in zip(rows, range(65_535)):"),
        (
            "csv.reader(file,",
            'csv.reader(__import__("io").StringIO(file.read(1 << 19), newline=""),',
        ),
    ),
)
