"""A to-do list: argparse and a class; the file is a list of rows, removed ones among them."""

# mypy: ignore-errors
# Written as a model would write it: without types.

import argparse
import dataclasses
import json
import pathlib
import sys


@dataclasses.dataclass
class Row:
    text: str
    state: str = "open"


class Todo:
    def __init__(self, path, parser):
        self.path, self.parser, self.rows = path, parser, []
        if path.exists():
            try:
                self.rows = [Row(**row) for row in json.loads(path.read_bytes().decode("utf-8"))]
            except (ValueError, TypeError):
                parser.error("the file of tasks is damaged")

    def save(self):
        rows = [dataclasses.asdict(row) for row in self.rows]
        self.path.write_text(json.dumps(rows, indent=1))

    def set(self, ids, state):
        for number in ids:
            if not 1 <= number <= len(self.rows) or self.rows[number - 1].state == "gone":
                self.parser.error(f"unknown id {number}")
        for number in ids:
            self.rows[number - 1].state = state
        self.save()

    def add(self, text):
        if not text or text.isspace():
            self.parser.error("a task needs a text")
        self.rows.append(Row(text))
        self.save()
        return len(self.rows)

    def lines(self, states):
        for number, row in enumerate(self.rows, start=1):
            if row.state in states:
                yield f"{number} [{'x' if row.state == 'done' else ' '}] {row.text}\n"


def main():
    parser = argparse.ArgumentParser(prog="todo")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("add").add_argument("text", nargs="+")
    listing = commands.add_parser("list").add_mutually_exclusive_group()
    for state in ("open", "done"):
        listing.add_argument(f"--{state}", dest="only", action="store_const", const=state)
    for name in ("done", "remove"):
        commands.add_parser(name).add_argument("ids", nargs="+", type=int)
    asked = parser.parse_args()
    todo = Todo(pathlib.Path("todo.json"), parser)
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    match asked.command:
        case "add":
            sys.stdout.write(str(todo.add(" ".join(asked.text))) + "\n")
        case "list":
            sys.stdout.writelines(todo.lines([asked.only] if asked.only else ["open", "done"]))
        case command:
            todo.set(asked.ids, "gone" if command == "remove" else "done")


main()
