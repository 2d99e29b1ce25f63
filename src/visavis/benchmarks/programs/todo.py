"""A to-do list on the command line: every command is a new start of the program."""

import re
from functools import partial
from typing import Final, NamedTuple

from visavis.benchmarks.programs.base import ProgramTask, UnmetError, must, offered
from visavis.benchmarks.programs.calls import Calls, called
from visavis.benchmarks.programs.draw import Draw
from visavis.core.tell import tell

FILE: Final = "todo.py"
_asked: Final = partial(called, FILE)
KEPT: Final = "todo.json"

CONTRACT: Final = f"""\
- The program is started anew for every command: `python {FILE} COMMAND [ARGUMENT ...]`.
- Tasks are kept in the file `{KEPT}` in the current folder, and nowhere else. It holds JSON, \
arranged as you like. As long as it does not exist, there are no tasks.
- Arguments and output are UTF-8.
- Unless said otherwise, a command prints nothing and ends with exit code 0."""

_LINE: Final = re.compile(r"\D*(\d+)\W*?\[(.?)\] ?(.*)")


class _Task(NamedTuple):
    id: int
    done: bool
    text: str


def _add(call: Calls, draw: Draw) -> str:
    texts = [" ".join(draw.words(count)) for count in draw.shuffled((1, 2, 3))]
    for number, text in enumerate(texts, 1):
        printed = call.ok("add", *text.split())
        must(
            printed.strip() == str(number),
            "`add` printed {printed!r}, not the id {number}",
            printed=printed,
            number=number,
        )
    _must_hold(call, [_Task(number, False, text) for number, text in enumerate(texts, 1)])
    return tell("{tasks} tasks were added, and took the ids 1 to {tasks}", tasks=len(texts))


def _list(call: Calls, draw: Draw) -> str:
    empty = call.ok("list")
    must(not empty, "`list` of no tasks printed {empty!r}", empty=empty)
    texts = sorted(draw.words(4), reverse=True)
    _fill(call, texts)
    done = draw.whole(1, 4)
    call.ok("done", str(done))
    due = [f"{n} [{'x' if n == done else ' '}] {text}" for n, text in enumerate(texts, 1)]
    shown = call.ok("list").splitlines()
    must(shown == due, "`list` printed {shown!r}, not {due!r}", shown=shown, due=due)
    return tell("{lines} lines, by id, as asked", lines=len(due))


def _done(call: Calls, draw: Draw) -> str:
    texts = draw.words(4)
    _fill(call, texts)
    first, second, third = draw.numbers(3, 1, 4)
    call.ok("done", str(first))
    _must_hold(call, _marked(texts, {first}))
    call.ok("done", str(second), str(first), str(third))
    _must_hold(call, _marked(texts, {first, second, third}))
    return tell("one task was marked, then several, and one of them again")


def _remove(call: Calls, draw: Draw) -> str:
    texts = draw.words(5)
    _fill(call, texts)
    done = draw.whole(1, 5)
    call.ok("done", str(done))
    left = {task.id: task for task in _marked(texts, {done})}
    low, high, last = *sorted(draw.numbers(2, 1, 4)), 5
    for ids in ([low], [last, high]):
        call.ok("remove", *map(str, ids))
        for gone in ids:
            del left[gone]
        _must_hold(call, list(left.values()))
    return tell("one task was removed, then two at once; the others stayed as they were")


def _ids(call: Calls, draw: Draw) -> str:
    texts = draw.words(6)
    left = dict(enumerate(texts[:3], 1))
    _fill(call, texts[:3])
    for new, gone in ((4, draw.whole(1, 2)), (5, 4), (6, 0)):
        for number in [gone] if gone else list(left):
            call.ok("remove", str(number))
            del left[number]
        call.ok("add", texts[new - 1])
        left[new] = texts[new - 1]
        _must_hold(call, [_Task(number, False, text) for number, text in left.items()])
    return tell(
        "no id changed or came back, not even that of the latest task or after all had gone"
    )


def _filter(call: Calls, draw: Draw) -> str:
    texts = draw.words(3)
    _fill(call, texts)
    done = draw.whole(1, 3)
    call.ok("done", str(done))
    tasks = _marked(texts, {done})
    _must_hold(call, [task for task in tasks if not task.done], "--open")
    _must_hold(call, [task for task in tasks if task.done], "--done")
    _must_hold(call, tasks)
    return tell("two open tasks, one that is done, and all of them")


def _kept(call: Calls, draw: Draw) -> str:
    texts = [*draw.words(11), " ".join(draw.words(300))]
    _fill(call, texts)
    older = call.file(KEPT)
    _must_hold(call, _marked(texts, set()))
    _fill(call, draw.words(1))
    call.ok("done", str(draw.whole(1, 11)))
    call.put(KEPT, older)
    _must_hold(call, _marked(texts, set()))
    return tell(
        "{tasks} tasks, one of {longest} characters; an older {file} was read again",
        tasks=len(texts),
        longest=len(texts[-1]),
        file=KEPT,
    )


def _text(call: Calls, draw: Draw) -> str:
    a, b, c, d, e, f, g = draw.words(7)
    texts = [
        f"{a.capitalize()}, {b}ée à l'œuvre ÇÑß",
        f"日本語 {c} Ελληνικά العربية",
        f"🦊 {d} 👩‍🚀",
        f'"{e}" \\n {{%s}} $HOME `{f}` <b>&amp;</b>',
        f"two  blanks   {g}  kept",
        str(draw.whole(1000, 9999)),
    ]
    _fill(call, texts)
    _must_hold(call, _marked(texts, set()))
    return tell("{n} texts came back letter by letter", n=len(texts))


def _errors(call: Calls, draw: Draw) -> str:
    texts = draw.words(2)
    _fill(call, texts)
    call.ok("done", "2")
    unknown = str(draw.whole(3, 99))
    wrong: list[tuple[str, ...]] = [
        *((), (draw.word(),), ("add",), ("add", "  "), ("done",)),
        *(("done", draw.word()), ("remove", unknown), ("done", "1", unknown)),
    ]
    for arguments in draw.shuffled(wrong):
        call.refused(*arguments)
    _must_hold(call, _marked(texts, {2}))
    return tell("{n} wrong commands were refused, and changed nothing", n=len(wrong))


def _damaged(call: Calls, draw: Draw) -> str:
    texts = draw.words(2)
    _fill(call, texts)
    good = call.file(KEPT)
    for damaged in (good[: len(good) // 2], b"\x80\xff\x00" + draw.word().encode()):
        call.put(KEPT, damaged)
        for command in (("list",), ("add", draw.word())):
            call.refused(*command)
        must(call.file(KEPT) == damaged, "a damaged {kept!r} was changed", kept=KEPT)
    call.put(KEPT, good)
    _must_hold(call, _marked(texts, set()))
    return tell("a file cut off in the middle and one that is no text were refused and left alone")


def _fill(call: Calls, texts: list[str]) -> None:
    for text in texts:
        call.ok("add", text)


def _marked(texts: list[str], done: set[int]) -> list[_Task]:
    return [_Task(number, number in done, text) for number, text in enumerate(texts, 1)]


def _must_hold(call: Calls, due: list[_Task], *options: str) -> None:
    """What `list` shows are these tasks; how a line looks is the matter of one requirement only."""
    shown = []
    for line in call.ok("list", *options).splitlines():
        read = _LINE.fullmatch(line)
        if read is None:
            raise UnmetError(tell("`list` printed {line!r}, which is no task", line=line))
        shown.append(_Task(int(read[1]), read[2] not in ("", " "), read[3]))
    command = " ".join(("list", *options))
    wrong = sorted(set(shown) ^ set(due)) or sorted(shown)
    must(
        sorted(shown) == sorted(due),
        "`{command}` shows {shown} tasks where {due} are due; first at odds: {task}",
        command=command,
        shown=len(shown),
        due=len(due),
        task=tuple(wrong[0]) if wrong else "none",
    )


TODO: Final = ProgramTask(
    name="todo",
    title="A to-do list on the command line",
    file=FILE,
    contract=CONTRACT,
    requirements=(
        _asked(
            "add",
            "`add TEXT` adds an open task and prints its id: 1 for the first task, and one more "
            "for each further task. TEXT may come as several arguments, to be joined by blanks.",
            _add,
        ),
        _asked(
            "list",
            "`list` prints one line for each task, by id: `ID [ ] TEXT` while it is open, "
            "`ID [x] TEXT` when it is done, and nothing where there are no tasks.",
            _list,
        ),
        _asked(
            "done",
            "`done ID ...` marks one or more tasks as done. A task that is done stays done.",
            _done,
        ),
        _asked("remove", "`remove ID ...` deletes one or more tasks.", _remove),
        _asked(
            "ids",
            "A task's id never changes, and is never given to another task, even when it was the "
            "latest or the last and has been removed.",
            _ids,
        ),
        _asked(
            "filter",
            "`list --open` prints the lines of the open tasks only, `list --done` those of the "
            "tasks that are done.",
            _filter,
        ),
        _asked(
            "kept",
            "Nothing is lost between two commands, however many tasks there are and however long "
            f"they are; and when an older `{KEPT}` is put back, its tasks are back.",
            _kept,
        ),
        _asked(
            "text",
            "A task's text comes back letter by letter: any script, signs, quotes, backslashes "
            "and doubled blanks.",
            _text,
        ),
        _asked(
            "errors",
            "An unknown or missing command, a missing or blank TEXT, and an ID that is missing, "
            "unknown or no number are refused: exit code 2, a message on standard error, nothing "
            "on standard output, and no task changed, not even the others that were named.",
            _errors,
        ),
        _asked(
            "damaged",
            f"Where `{KEPT}` is not JSON, every command is refused in the same way, and the file "
            "is left as it is.",
            _damaged,
        ),
    ),
)
offered(TODO)
