"""A report from a CSV file: sums by group, in order, with a total, and wrong rows told."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Final

from visavis.benchmarks.programs.base import ProgramTask, UnmetError, must, offered
from visavis.benchmarks.programs.calls import Calls, called, text
from visavis.benchmarks.programs.draw import Draw
from visavis.core.tell import tell

FILE: Final = "report.py"
_asked: Final = partial(called, FILE)
DATA, REPORT = "data.csv", "report.csv"
LARGE: Final = 100_000
LARGE_S: Final = 10.0

CONTRACT: Final = f"""\
- It is started as `python {FILE} DATA REPORT GROUP VALUE [--comma]`.
- DATA is a CSV file to read, in UTF-8; its first line names the columns. Fields are separated by \
commas, and may stand in double quotes.
- REPORT is the CSV file to write, in UTF-8: the line `group,rows,sum`, then the lines that are \
asked for below.
- GROUP and VALUE are names of columns. A value is a number: a minus sign or none, digits, and \
then nothing or a point with one or two digits.
- Nothing is written on standard output. The exit code is 0 unless said otherwise."""

_HEAD: Final = ["group", "rows", "sum"]
_TOLD: Final = re.compile(r"line (\d+): *\S.*", re.IGNORECASE)

Row = Sequence[str]
Sums = dict[str, tuple[int, Decimal]]


def _sums(call: Calls, draw: Draw) -> str:
    groups = draw.words(4)
    # Sums of these as binary fractions end in …0000000001 or …9999999999.
    rows = [(draw.one_of(groups), f"{draw.whole(0, 900) / 100:.2f}") for _ in range(40)]
    rows += [(group, value) for group in groups for value in ("0.1", "0.2", "-3", "1000000")]
    rows += [(draw.word(), "0.1"), (draw.word(), str(draw.whole(1, 9)))]
    lines = _lines(_report(call, ["group", "value"], draw.shuffled(rows)))
    due = {name: [str(n), f"{total:.2f}"] for name, (n, total) in _summed(rows).items()}
    for name, fields in due.items():
        shown = lines.get(name)
        must(
            shown == fields,
            "group {name!r} shows {shown}, not {fields}",
            name=name,
            shown=shown,
            fields=fields,
        )
    must(
        lines.keys() == due.keys(),
        "the groups are {shown}, not {due}",
        shown=sorted(lines),
        due=sorted(due),
    )
    return tell(
        "{rows} rows in {groups} groups were summed to the cent", rows=len(rows), groups=len(due)
    )


def _order(call: Calls, draw: Draw) -> str:
    names = draw.words(9)
    first, second, third = sorted(names[:3])
    rows = list(zip(names[3:], map(str, draw.shuffled((9, 100, -5, -40, 3, 0))), strict=True))
    # Of the same sum, and neither in the letters' order nor in the reverse.
    rows += [(name, "20") for name in (second, third, first)]
    shown = list(_lines(_report(call, ["group", "value"], rows)))
    due = [name for name, _ in sorted(rows, key=lambda row: (-int(row[1]), row[0]))]
    must(shown == due, "the groups stand as {shown}, not as {due}", shown=shown, due=due)
    return tell("{groups} groups by sum, three of them with the same", groups=len(due))


def _total(call: Calls, draw: Draw) -> str:
    rows = [(name, str(draw.whole(-9, 99))) for name in draw.words(6) for _ in range(3)]
    report = _report(call, ["group", "value"], draw.shuffled(rows))
    last = report[-1]
    due = ["TOTAL", len(rows), sum(int(value) for _, value in rows)]
    must(last[0] == "TOTAL", "the last line is {last}, not that of TOTAL", last=last)
    must(_counted(last) == tuple(due[1:]), "the last line is {last}, not {due}", last=last, due=due)
    count = sum(line[0] == "TOTAL" for line in report)
    must(count == 1, "{count} lines are called TOTAL", count=count)
    return tell("the last line says {last}", last=last)


def _columns(call: Calls, draw: Draw) -> str:
    for _ in range(2):
        names = [f"{draw.word()} {draw.word()}", *draw.words(4)]
        group, value = draw.one_of(names[:3]), draw.one_of(names[3:])
        head = ["group", *draw.shuffled(names), "value"]
        groups = draw.words(3)
        rows = []
        for _ in range(12):
            row = {name: str(draw.whole(100, 999)) for name in head}
            rows.append(list((row | {group: draw.one_of(groups)}).values()))
        pairs = [(row[head.index(group)], row[head.index(value)]) for row in rows]
        _must_sum(_report(call, head, rows, (group, value)), pairs)
    return tell("two files with the columns at other places and under other names")


def _quoting(call: Calls, draw: Draw) -> str:
    a, b, c, d, e, f, g, h = draw.words(8)
    groups = [f"{a}, {b}", f'the "{c}" {d}', f"{e}\n{f}", f'"{g}"', f"{h};{a}"]
    rows = [(name, str(draw.whole(1, 99))) for name in groups for _ in range(2)]
    _must_sum(_report(call, ["group", "value"], draw.shuffled(rows)), rows)
    return tell("commas, quotes and line breaks in quoted fields went in and came out")


def _missing(call: Calls, draw: Draw) -> str:
    names = draw.words(4)
    rows = [(name, str(draw.whole(1, 99))) for name in names for _ in range(2)]
    silent = [(names[0], ""), (names[1], "  "), (draw.word(), "")]
    nameless = [("", str(draw.whole(1, 99))) for _ in range(2)]
    report = _report(call, ["group", "value"], draw.shuffled(rows + silent + nameless))
    _must_sum(report, rows + [("(none)", value) for _, value in nameless])
    return tell(
        "{silent} rows without a value were left out, {nameless} without a group kept",
        silent=len(silent),
        nameless=len(nameless),
    )


def _wrong_rows(call: Calls, draw: Draw) -> str:
    names = draw.words(3)
    wrong = ["12x", "n/a", "--5", "nan", "1_000", "1e3", "7.125"]
    # A line break in a quoted field puts lines and rows out of step.
    broken = f"{draw.word()}\n{draw.word()}"
    bad: list[Row] = [(draw.one_of(names), value, broken) for value in wrong]
    bad += [(names[0], "5", "6", draw.word()), (names[1],)]
    good: list[Row] = [(name, str(draw.whole(1, 99)), broken) for name in names for _ in range(4)]
    rows, told, line = draw.shuffled(good + bad), [], 2
    for row in rows:
        if row in bad:
            told.append(line)
        line += 1 + "".join(row).count("\n")
    call.put(DATA, _csv(["group", "value", "note"], rows))
    done = call(DATA, REPORT, "group", "value")
    must(done.code == 1, "exit code {code} with wrong rows, not 1", code=done.code)
    said = [
        _TOLD.fullmatch(text.strip()) for text in text(done.stderr).splitlines() if text.strip()
    ]
    shown = [int(one[1]) if one else None for one in said]
    must(
        shown == told,
        "standard error told of the lines {shown}, not of {due}",
        shown=shown,
        due=told,
    )
    _must_sum(_read(call), [row[:2] for row in good])
    return tell("{rows} wrong rows were told by line and left out", rows=len(bad))


def _comma(call: Calls, draw: Draw) -> str:
    names = draw.words(3)
    rows = [(name, f"{draw.whole(1, 999)},{tail}") for name in names for tail in ("50", "25", "75")]
    rows.append((names[1], str(draw.whole(1, 99))))
    call.put(DATA, _csv(["group", "value"], draw.shuffled(rows), separator=";"))
    call.ok(DATA, REPORT, "group", "value", "--comma")
    _must_sum(_read(call), [(name, value.replace(",", ".")) for name, value in rows])
    return tell("{rows} rows with decimal commas were summed", rows=len(rows))


def _errors(call: Calls, draw: Draw) -> str:
    rows = [(name, str(draw.whole(1, 99))) for name in draw.words(4)]
    _must_sum(_report(call, ["group", "value"], rows), rows)
    wrong = [
        (f"{draw.word()}.csv", "group", "value"),
        (DATA, draw.word(), "value"),
        (DATA, "group", draw.word()),
        (DATA, "group"),
    ]
    for number, (data, *columns) in enumerate(draw.shuffled(wrong)):
        report = f"report{number}.csv"
        call.refused(data, report, *columns)
        must(call.find(report) is None, "{report!r} was written all the same", report=report)
    return tell("a good call was served, {n} wrong ones were refused", n=len(wrong))


def _large(call: Calls, draw: Draw) -> str:
    groups, values = draw.words(50), draw.numbers(97, 1, 999)
    rows = [(groups[n % 50], str(values[n * 7 % 97])) for n in range(LARGE)]
    call.put(DATA, _csv(["group", "value"], rows))
    call.ok(DATA, REPORT, "group", "value", limit_s=LARGE_S)
    _must_sum(_read(call), rows)
    return tell("{rows:,} rows were summed within {limit_s:g} s", rows=LARGE, limit_s=LARGE_S)


def _report(
    call: Calls, head: Row, rows: Iterable[Row], columns: Row = ("group", "value")
) -> list[Row]:
    call.put(DATA, _csv(head, rows))
    call.ok(DATA, REPORT, *columns)
    return _read(call)


def _read(call: Calls) -> list[Row]:
    """The report's lines below its head, three fields each."""
    try:
        head, *lines = csv.reader(io.StringIO(text(call.file(REPORT)), newline=""), strict=True)
    except (csv.Error, ValueError) as error:
        raise UnmetError(
            tell("{report!r} cannot be read as CSV: {error}", report=REPORT, error=error)
        ) from error
    must(
        head == _HEAD,
        "{report!r} begins with {head}, not {due}",
        report=REPORT,
        head=head,
        due=_HEAD,
    )
    odd = next((line for line in lines if len(line) != 3), None)
    must(
        odd is None,
        "{report!r} has the line {odd}, which are not three fields",
        report=REPORT,
        odd=odd,
    )
    return list(lines)


def _lines(report: Iterable[Row]) -> dict[str, list[str]]:
    """The groups' lines, in their order; whether there is a total is another check's matter."""
    return {line[0]: list(line[1:]) for line in report if line[0].upper() != "TOTAL"}


def _must_sum(report: Iterable[Row], rows: Iterable[Row]) -> None:
    """The report counts and sums these rows; how numbers look is another check's matter."""
    shown = {name: _counted([name, *fields]) for name, fields in _lines(report).items()}
    due = _summed(rows)
    for name in [*due, *shown]:
        must(
            shown.get(name) == due.get(name),
            "group {name!r} is {shown} where {due} is due (rows, sum)",
            name=name,
            shown=shown.get(name),
            due=due.get(name),
        )


def _counted(line: Row) -> tuple[int, Decimal]:
    try:
        return int(line[1]), Decimal(line[2])
    except (ValueError, InvalidOperation) as error:
        raise UnmetError(tell("the line {line} holds no numbers", line=line)) from error


def _summed(rows: Iterable[Row]) -> Sums:
    sums: Sums = {}
    for name, value in rows:
        count, total = sums.get(name, (0, Decimal(0)))
        sums[name] = count + 1, total + Decimal(value)
    return sums


def _csv(head: Row, rows: Iterable[Row], *, separator: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows([head, *rows])
    return text.getvalue().encode()


CSV_REPORT: Final = ProgramTask(
    name="csv-report",
    title="A report from a CSV file",
    file=FILE,
    contract=CONTRACT,
    requirements=(
        _asked(
            "sums",
            "For each group that occurs in column GROUP the report has a line of the group, the "
            "number of its rows, and the sum of their values: exact, with two decimals, such as "
            "`0.30` for 0.1 and 0.2.",
            _sums,
        ),
        _asked(
            "order",
            "The lines stand by sum, the largest first; lines of the same sum by group, in the "
            "order of the letters' code points.",
            _order,
        ),
        _asked(
            "total",
            "The last line's group is `TOTAL`; it has the rows and the sum of all lines above it.",
            _total,
        ),
        _asked(
            "columns",
            "Columns are found by their names, wherever they stand among others; a name may hold "
            "blanks.",
            _columns,
        ),
        _asked(
            "quoting",
            "Quoted fields may hold commas, doubled quotes and line breaks; in the report such a "
            "group is quoted again, so that a CSV reader reads the same text.",
            _quoting,
        ),
        _asked(
            "missing",
            "A row whose value is empty or blank is left out without a word. A row whose group is "
            "empty counts for the group `(none)`.",
            _missing,
        ),
        _asked(
            "wrong-rows",
            "A row whose value is no number, or that has more or fewer fields than the first line, "
            "is left out and told on standard error as `line N: REASON`, a line each, where N is "
            "the line of the file on which the row begins, counted from 1. The report is written "
            "from the other rows, and the exit code is 1.",
            _wrong_rows,
        ),
        _asked(
            "comma",
            "With `--comma` DATA has semicolons between fields and decimal commas in its values; "
            "the report is written as without it.",
            _comma,
        ),
        _asked(
            "errors",
            "A file that is not there, a column that is not there and a missing argument are "
            "refused: exit code 2, a message on standard error, and no report is written.",
            _errors,
        ),
        _asked(
            "large",
            f"A file of {LARGE:,} rows is done within {LARGE_S:g} seconds.",
            _large,
        ),
    ),
)
offered(CSV_REPORT)
