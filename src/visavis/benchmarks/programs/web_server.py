"""A small web server that keeps items in memory, driven over HTTP."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Final

from visavis.benchmarks.programs.base import ProgramTask, UnmetError, must, offered
from visavis.benchmarks.programs.calls import brief
from visavis.benchmarks.programs.draw import Draw
from visavis.benchmarks.programs.served import Heard, Served, served
from visavis.core.tell import tell

FILE: Final = "server.py"
_asked: Final = partial(served, FILE)
AT_ONCE: Final = 16

CONTRACT: Final = f"""\
- It is started as `python {FILE} PORT` and listens on 127.0.0.1 at that port within five seconds, \
for HTTP/1.1.
- It serves *items*, which it keeps in memory: at the start there are none. An item is the JSON \
object `{{"id": 1, "name": "lamp", "price": 12.5}}`; a client sends it without the id.
- Bodies are JSON in UTF-8. The body of every answer with a status of 400 or more is the object \
`{{"error": "REASON"}}`."""

Item = dict[str, object]


def _create(web: Served, draw: Draw) -> str:
    ids = []
    for item in _drawn(draw, 3):
        answer = web("POST", "/items", item)
        _must_be(answer, 201)
        made = _object(answer)
        number = made.pop("id", None)
        must(
            made == item, "the answer holds {made}, not {item}", made=brief(made), item=brief(item)
        )
        if not isinstance(number, int):
            raise UnmetError(tell("the id is {number!r}, not a whole number", number=number))
        where = answer.headers.get("location")
        must(
            where == f"/items/{number}",
            "Location is {where!r}, not '/items/{number}'",
            where=where,
            number=number,
        )
        ids.append(number)
    must(ids == [1, 2, 3], "the ids are {ids}, not 1, 2, 3", ids=ids)
    return tell("three items were made, with ids 1 to 3 and their places")


def _read(web: Served, draw: Draw) -> str:
    items = _filled(web, draw, 4)
    for number in draw.shuffled(items):
        answer = web("GET", f"/items/{number}")
        _must_be(answer, 200)
        must(_object(answer) == items[number], "item {number} is not what was sent", number=number)
    return tell("{n} items were read again by id", n=len(items))


def _list(web: Served, draw: Draw) -> str:
    _must_list(web, {})
    items = _filled(web, draw, 11)
    _must_list(web, items)
    return tell("none, then {n} items, by id", n=len(items))


def _replace(web: Served, draw: Draw) -> str:
    items = _filled(web, draw, 4)
    for number in (2, 4):
        (new,) = _drawn(draw, 1)
        answer = web("PUT", f"/items/{number}", new)
        _must_be(answer, 200)
        items[number] = {"id": number, **new}
        must(
            _object(answer) == items[number],
            "the answer to PUT is not item {number}",
            number=number,
        )
    _must_hold(web, items)
    return tell("two of four items were replaced")


def _delete(web: Served, draw: Draw) -> str:
    items = _filled(web, draw, 4)
    for gone in (draw.whole(1, 3), 4):
        answer = web("DELETE", f"/items/{gone}")
        _must_be(answer, 204)
        must(not answer.body, "a 204 came with the body {body}", body=brief(answer.body))
        del items[gone]
        must(web("GET", f"/items/{gone}").status != 200, "item {gone} is still there", gone=gone)
    _must_hold(web, items)
    (new,) = _drawn(draw, 1)
    fifth = _object(web("POST", "/items", new)).get("id")
    must(
        fifth == 5, "after the removal of item 4 a new one has the id {fifth!r}, not 5", fifth=fifth
    )
    return tell("two of four items were removed, and no id came back")


def _validation(web: Served, draw: Draw) -> str:
    items = _filled(web, draw, 1)
    name = draw.word()
    wrong: list[object] = [
        *({}, [], name, {"name": name}, {"price": 3}, {"name": "", "price": 3}),
        *({"name": 7, "price": 3}, {"name": "  ", "price": 3}, {"name": name, "price": "3"}),
        *({"name": name, "price": -1}, {"name": name, "price": True}),
        *({"name": name, "price": None}, {"name": name, "price": 3, draw.word(): 1}),
    ]
    for body in draw.shuffled(wrong):
        _must_be(web("POST", "/items", body), 400)
    for body in draw.shuffled(wrong)[:5]:
        _must_be(web("PUT", "/items/1", body), 400)
    broken = [
        f'{{"name": "{name}", "price": '.encode(),
        b"",
        b"null",
        b'{"name": "\xff", "price": 1}',
    ]
    for data in broken:
        _must_be(web.send("POST", "/items", data), 400)
    free = {"name": name, "price": 0}
    must(web("POST", "/items", free).status < 300, "an item that costs nothing was refused")
    _must_hold(web, items | {2: {"id": 2, **free}})
    must(web("GET", "/items/3").status != 200, "an item was kept that had been refused")
    return tell("{n} wrong bodies were refused, and none was kept", n=len(wrong) + len(broken))


def _not_found(web: Served, draw: Draw) -> str:
    items = _filled(web, draw, 2)
    paths = [f"/items/{draw.whole(3, 999)}", f"/items/{draw.word()}", f"/{draw.word()}", "/"]
    paths += [f"/items/1/{draw.word()}", f"/items{draw.word()}", "/items/-1", "/items/" + "9" * 40]
    (item,) = _drawn(draw, 1)
    for path in draw.shuffled(paths):
        _must_be(web("GET", path), 404)
    _must_be(web("PUT", "/items/3", item), 404)
    _must_be(web("DELETE", "/items/3"), 404)
    _must_hold(web, items)
    return tell("{n} paths to nothing were answered by 404", n=len(paths))


def _methods(web: Served, draw: Draw) -> str:
    _filled(web, draw, 1)
    (item,) = _drawn(draw, 1)
    served = {"/items": {"GET", "POST"}, "/items/1": {"GET", "PUT", "DELETE"}}
    tried = (("PUT", "/items"), ("DELETE", "/items"), ("POST", "/items/1"), ("PATCH", "/items/1"))
    for method, path in draw.shuffled(tried):
        answer = web(method, path, item)
        _must_be(answer, 405)
        allow = {word.strip().upper() for word in answer.headers.get("allow", "").split(",")}
        must(
            allow - {"HEAD", "OPTIONS"} == served[path],
            "Allow for {path!r} is {allow!r}, not {served}",
            path=path,
            allow=answer.headers.get("allow"),
            served=sorted(served[path]),
        )
    return tell(
        "{n} methods that a path does not know were answered by 405 and Allow", n=len(tried)
    )


def _headers(web: Served, draw: Draw) -> str:
    name = f"{draw.word().capitalize()} für Œuvres, 日本 🦊"
    item = {"name": name, "price": draw.whole(1, 99)}
    for method, path, body in (
        ("POST", "/items", item),
        ("GET", "/items", None),
        ("GET", "/items/1", None),
        ("PUT", "/items/1", item),
        ("GET", f"/{draw.word()}", None),
    ):
        answer = web(method, path, body)
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        must(
            kind == "application/json",
            "{method} {path}: Content-Type is {kind!r}",
            method=method,
            path=path,
            kind=kind,
        )
        length = answer.headers.get("content-length")
        must(
            length == str(len(answer.body)),
            "{method} {path}: Content-Length is {length!r} for {n} bytes",
            method=method,
            path=path,
            length=length,
            n=len(answer.body),
        )
        if answer.status < 300:
            must(
                name in json.dumps(_json(answer), ensure_ascii=False),
                "{name!r} came back changed",
                name=name,
            )
    return tell("five answers were JSON, counted in bytes, with every letter kept")


def _at_once(web: Served, draw: Draw) -> str:
    items = _drawn(draw, AT_ONCE)
    web("GET", "/items")  # it listens
    answers = web.together([("POST", "/items", item) for item in items])
    made = [_object(answer) for answer in answers if 200 <= answer.status < 300]
    must(
        len(made) == AT_ONCE, "{made} of {n} clients at once were served", made=len(made), n=AT_ONCE
    )
    ids = sorted(str(item.get("id")) for item in made)
    must(
        len(set(ids)) == AT_ONCE,
        "{n} requests at once were given the ids {ids}",
        n=AT_ONCE,
        ids=ids,
    )
    for item, shown in zip(items, made, strict=True):
        _must_hold(web, {shown["id"]: item})
    return tell("{n} requests at once were served while another client kept silent", n=AT_ONCE)


def _drawn(draw: Draw, count: int) -> list[Item]:
    return [{"name": draw.word(), "price": draw.whole(1, 400) / 4} for _ in range(count)]


def _filled(web: Served, draw: Draw, count: int) -> dict[object, Item]:
    """Items by their ids, all sent to the server."""
    items: dict[object, Item] = {
        number: {"id": number, **item} for number, item in enumerate(_drawn(draw, count), 1)
    }
    for item in items.values():
        web("POST", "/items", {"name": item["name"], "price": item["price"]})
    return items


def _must_be(answer: Heard, status: int) -> None:
    must(
        answer.status == status,
        "{asked} was answered by {status}, not {due}",
        asked=answer.asked,
        status=answer.status,
        due=status,
    )
    if status >= 400:
        told = _object(answer).get("error")
        must(
            isinstance(told, str) and bool(told),
            "{asked}: the body tells no error",
            asked=answer.asked,
        )


def _must_hold(web: Served, items: Mapping[object, Item]) -> None:
    """These items are there, by their names; what else an answer holds is `read`'s matter."""
    for number, item in items.items():
        name = _object(web("GET", f"/items/{number}")).get("name")
        must(
            name == item["name"],
            "item {number} is called {name!r}, not {item!r}",
            number=number,
            name=name,
            item=item["name"],
        )


def _must_list(web: Served, items: Mapping[object, Item]) -> None:
    answer = web("GET", "/items")
    _must_be(answer, 200)
    due = list(items.values())
    shown = _json(answer)
    must(shown == due, "the list is {shown}, not {due}", shown=brief(shown), due=brief(due))


def _object(answer: Heard) -> Item:
    found = _json(answer)
    if not isinstance(found, dict):
        raise UnmetError(
            tell(
                "{asked}: the body is {found}, not an object",
                asked=answer.asked,
                found=brief(found),
            )
        )
    return found


def _json(answer: Heard) -> object:
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        told = tell(
            "{asked}: the body {body} is no JSON", asked=answer.asked, body=brief(answer.body)
        )
        raise UnmetError(told) from error


WEB_SERVER: Final = ProgramTask(
    name="web-server",
    title="A small web server",
    file=FILE,
    contract=CONTRACT,
    requirements=(
        _asked(
            "create",
            "`POST /items` makes an item: 201, the item with its id as the body, and the header "
            "`Location: /items/ID`. The ids are 1, 2, 3 …",
            _create,
        ),
        _asked("read", "`GET /items/ID` answers 200 and the item.", _read),
        _asked("list", "`GET /items` answers 200 and an array of all items, by id.", _list),
        _asked(
            "replace",
            "`PUT /items/ID` with an item's JSON replaces that item: 200 and the item.",
            _replace,
        ),
        _asked(
            "delete",
            "`DELETE /items/ID` removes the item: 204 without a body. An id is never given again.",
            _delete,
        ),
        _asked(
            "validation",
            "A body for POST or PUT is refused with 400, and nothing changes, unless it is a JSON "
            "object of exactly `name`, a string that is not blank, and `price`, a number that is "
            "0 or more.",
            _validation,
        ),
        _asked(
            "not-found",
            "Any other path, and an id that no item has, is answered by 404.",
            _not_found,
        ),
        _asked(
            "methods",
            "A method that `/items` or an item's path does not know is answered by 405 and the "
            "header `Allow`, which lists those it knows.",
            _methods,
        ),
        _asked(
            "headers",
            "Every answer with a body has `Content-Type: application/json` and its length in bytes "
            "as `Content-Length`; names keep every letter of any script.",
            _headers,
        ),
        _asked(
            "at-once",
            f"{AT_ONCE} requests at once are all served, each with its own item, also while "
            "another client has opened a connection and says nothing.",
            _at_once,
        ),
    ),
)
offered(WEB_SERVER)
