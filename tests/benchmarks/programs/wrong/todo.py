"""Mutants of the to-do list."""

from typing import Final

from tests.benchmarks.programs.wrong import Mutant, each

MUTANTS: Final = (
    *each(
        "add",
        ('sys.stdout.write(f"{number}\\n")', 'sys.stdout.write(f"added {number}\\n")'),
        ('text = " ".join(words)', 'text = words[0] if words else ""'),
    ),
    *each(
        "list",
        (
            'for task in state["tasks"]:\n        if words ==',
            'for task in sorted(state["tasks"], key=lambda t: t["text"]):\n        if words ==',
        ),
        ("{task['id']} [{mark}]", "{task['id']}. [{mark}]"),
        (
            "def show(state, words):\n",
            'def show(state, words):\n    if not state["tasks"]:\n        print("no tasks")\n',
        ),
    ),
    *each(
        "done",
        ('task["done"] = True', 'task["done"] = not task["done"]'),
        (
            'for task in find(state, words):\n        task["done"]',
            'for task in find(state, words)[:1]:\n        task["done"]',
        ),
    ),
    *each(
        "remove",
        ("gone = find(state, words)", "gone = find(state, words)[:1]"),
        (
            '[task for task in state["tasks"] if task not in gone]',
            '[{**task, "done": False} for task in state["tasks"] if task not in gone]',
        ),
    ),
    *each(
        "ids",
        (
            'number = state["next"]',
            'number = max((task["id"] for task in state["tasks"]), default=0) + 1',
        ),
        ('number = state["next"]', 'number = len(state["tasks"]) + 1'),
    ),
    *each(
        "filter",
        (
            'words == ["--open"] and task["done"]',
            'words == ["--open"] and not task["done"]',
        ),
        ('if words == ["--done"] and not task["done"]', "if False"),
    ),
    *each(
        "kept",
        (
            "json.dump(state, file",
            'json.dump({**state, "tasks": state["tasks"][-10:]}, file',
        ),
        ('"text": text,', '"text": text[:500],'),
    ),
    *each(
        "text",
        (
            'open(KEPT + ".new", "w", encoding="utf-8")',
            'open(KEPT + ".new", "w", encoding="ascii", errors="replace")',
        ),
        ('text = " ".join(words)', 'text = " ".join(" ".join(words).split())'),
        ('text = " ".join(words)', 'text = " ".join(words).lower()'),
    ),
    *each(
        "errors",
        ('raise RefusedError(f"no task {unknown[0]}")', "sys.exit(1)"),
        ('if not words:\n        raise RefusedError("no id")', "if not words:\n        return []"),
    ),
    Mutant(
        "errors",
        (
            ("if unknown:", "if len(unknown) == len(words):"),
            ("[known[word] for word in words]", "[known[w] for w in words if w in known]"),
        ),
    ),
    *each(
        "damaged",
        (
            'raise RefusedError(f"{KEPT} is not JSON") from None',
            'return {"next": 1, "tasks": []}',
        ),
        ('raise RefusedError(f"{KEPT} is not JSON") from None', "sys.exit(1)"),
    ),
)
