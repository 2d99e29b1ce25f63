"""A web server of items: asyncio streams and HTTP written by hand."""

# mypy: ignore-errors
# Written as a model would write it: without types.

import asyncio
import http
import json
import sys


class Shop:
    def __init__(self):
        self.items, self.made = {}, 0

    def answer(self, method, path, body):
        """(status, value or None, further headers)"""
        parts = path.strip("/").split("/") if path != "/" else []
        if path == "/items":
            return self.all(method, body)
        if len(parts) == 2 and parts[0] == "items" and path == f"/items/{parts[1]}":
            item = self.items.get(parts[1])
            if item is not None:
                return self.one(method, parts[1], body)
        return 404, {"error": f"nothing at {path}"}, {}

    def all(self, method, body):
        if method == "GET":
            return 200, list(self.items.values()), {}
        if method != "POST":
            return 405, {"error": "method"}, {"Allow": "POST, GET"}
        wrong, item = check(body)
        if wrong:
            return 400, {"error": wrong}, {}
        self.made += 1
        self.items[str(self.made)] = {"id": self.made} | item
        return 201, self.items[str(self.made)], {"Location": f"/items/{self.made}"}

    def one(self, method, key, body):
        if method == "GET":
            return 200, self.items[key], {}
        if method == "DELETE":
            del self.items[key]
            return 204, None, {}
        if method != "PUT":
            return 405, {"error": "method"}, {"Allow": "DELETE, GET, PUT"}
        wrong, item = check(body)
        if wrong:
            return 400, {"error": wrong}, {}
        self.items[key] = {"id": int(key)} | item
        return 200, self.items[key], {}


def check(body):
    try:
        item = json.loads(body.decode("utf-8"))
    except ValueError:
        return "not JSON", None
    match item:
        case {"name": str(name), "price": int() | float() as price, **rest}:
            if rest or not name.split() or price is True or price is False or not price >= 0:
                return "not an item", None
            return "", item
    return "not an item", None


async def read(reader):
    first = (await reader.readline()).decode("latin-1").split()
    if len(first) != 3:
        return None
    length = 0
    while line := (await reader.readline()).strip():
        name, _, text = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(text)
    return first[0], first[1], await reader.readexactly(length)


async def main(port):
    shop = Shop()

    async def client(reader, writer):
        try:
            asked = await read(reader)
            if asked:
                status, value, headers = shop.answer(*asked)
                body = b"" if value is None else json.dumps(value).encode()
                if value is not None:
                    headers |= {"Content-Type": "application/json; charset=utf-8"}
                    headers |= {"Content-Length": len(body)}
                head = [f"HTTP/1.1 {status} {http.HTTPStatus(status).phrase}", "Connection: close"]
                head += [f"{name}: {text}" for name, text in headers.items()]
                writer.write("\r\n".join([*head, "", ""]).encode() + body)
                await writer.drain()
        except (OSError, EOFError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(client, "127.0.0.1", port, backlog=100)
    await server.serve_forever()


asyncio.run(main(int(sys.argv[1])))
