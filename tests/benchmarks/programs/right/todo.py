"""A to-do list: plain functions over one dictionary."""

# mypy: ignore-errors
# Written as a model would write it: without types.

import json
import os
import sys

KEPT = "todo.json"


class RefusedError(Exception):
    pass


def load():
    if not os.path.exists(KEPT):
        return {"next": 1, "tasks": []}
    with open(KEPT, encoding="utf-8") as file:
        try:
            return json.load(file)
        except ValueError:
            raise RefusedError(f"{KEPT} is not JSON") from None


def save(state):
    with open(KEPT + ".new", "w", encoding="utf-8") as file:
        json.dump(state, file, ensure_ascii=False)
    os.replace(KEPT + ".new", KEPT)


def find(state, words):
    if not words:
        raise RefusedError("no id")
    known = {str(task["id"]): task for task in state["tasks"]}
    unknown = [word for word in words if word not in known]
    if unknown:
        raise RefusedError(f"no task {unknown[0]}")
    return [known[word] for word in words]


def add(state, words):
    text = " ".join(words)
    if not text.strip():
        raise RefusedError("no text")
    number = state["next"]
    state["next"] = number + 1
    state["tasks"].append({"id": number, "text": text, "done": False})
    save(state)
    sys.stdout.write(f"{number}\n")


def show(state, words):
    for task in state["tasks"]:
        if words == ["--open"] and task["done"]:
            continue
        if words == ["--done"] and not task["done"]:
            continue
        mark = "x" if task["done"] else " "
        sys.stdout.write(f"{task['id']} [{mark}] {task['text']}\n")


def done(state, words):
    for task in find(state, words):
        task["done"] = True
    save(state)


def remove(state, words):
    gone = find(state, words)
    state["tasks"] = [task for task in state["tasks"] if task not in gone]
    save(state)


COMMANDS = {"add": add, "list": show, "done": done, "remove": remove}


def main(words):
    if not words or words[0] not in COMMANDS:
        raise RefusedError("a command is one of " + ", ".join(COMMANDS))
    COMMANDS[words[0]](load(), words[1:])


try:
    main(sys.argv[1:])
except RefusedError as error:
    sys.stderr.write(f"todo: {error}\n")
    sys.exit(2)
