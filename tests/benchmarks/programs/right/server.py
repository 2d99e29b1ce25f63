"""A web server of items: the standard library's, one thread for each client."""

# mypy: ignore-errors
# Written as a model would write it: without types.

import json
import math
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ITEMS = {}
LOCK = threading.Lock()
ITEM = re.compile(r"/items/(\d+)")
LAST = 0


class TellError(Exception):
    def __init__(self, status, reason, **headers):
        self.status, self.reason, self.headers = status, reason, headers


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def tell(self, status, value=None, headers=None):
        self.send_response(status)
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        if status == 204:
            self.end_headers()
            return
        body = json.dumps(value, ensure_ascii=False).encode()
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def item(self, data):
        try:
            item = json.loads(data)
        except ValueError:
            raise TellError(400, "the body is not JSON") from None
        if not isinstance(item, dict) or set(item) != {"name", "price"}:
            raise TellError(400, "an item has a name and a price")
        name, price = item["name"], item["price"]
        if not isinstance(name, str) or not name.strip():
            raise TellError(400, "the name is not a text")
        if isinstance(price, bool) or not isinstance(price, (int, float)):
            raise TellError(400, "the price is not a number")
        if not math.isfinite(price) or price < 0:
            raise TellError(400, "the price is negative")
        return item

    def serve(self):
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            self.route(data)
        except TellError as error:
            self.tell(error.status, {"error": error.reason}, error.headers)

    def route(self, data):
        if self.path == "/items":
            self.collection(data)
            return
        found = ITEM.fullmatch(self.path)
        if not found or int(found[1]) not in ITEMS:
            raise TellError(404, "there is nothing here")
        self.single(int(found[1]), data)

    def collection(self, data):
        global LAST
        if self.command == "GET":
            self.tell(200, [ITEMS[number] for number in sorted(ITEMS)])
        elif self.command == "POST":
            item = self.item(data)
            with LOCK:
                number = LAST + 1
                LAST = number
                ITEMS[number] = {"id": number, **item}
            self.tell(201, ITEMS[number], {"Location": f"/items/{number}"})
        else:
            raise TellError(405, "no such method", Allow="GET, POST")

    def single(self, number, data):
        if self.command == "GET":
            self.tell(200, ITEMS[number])
        elif self.command == "PUT":
            ITEMS[number] = {"id": number, **self.item(data)}
            self.tell(200, ITEMS[number])
        elif self.command == "DELETE":
            del ITEMS[number]
            self.tell(204)
        else:
            raise TellError(405, "no such method", Allow="GET, PUT, DELETE")

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = serve  # noqa: N815  # http.server's names


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
