"""Mutants of the web server."""

from typing import Final

from tests.benchmarks.programs.wrong import Mutant, each

MUTANTS: Final = (
    *each(
        "create",
        ("self.tell(201, ITEMS[number],", "self.tell(200, ITEMS[number],"),
        (', {"Location": f"/items/{number}"})', ")"),
    ),
    *each(
        "read",
        (
            'if self.command == "GET":\n            self.tell(200, ITEMS[number])',
            'if self.command == "GET":\n            self.tell(206, ITEMS[number])',
        ),
        (
            'if self.command == "GET":\n            self.tell(200, ITEMS[number])',
            'if self.command == "GET":\n'
            '            self.tell(200, {"name": ITEMS[number]["name"]})',
        ),
    ),
    *each(
        "list",
        ("for number in sorted(ITEMS)]", "for number in sorted(ITEMS, key=str)]"),
        (
            "self.tell(200, [ITEMS[number] for number in sorted(ITEMS)])",
            'self.tell(200, {"items": [ITEMS[number] for number in sorted(ITEMS)]})',
        ),
    ),
    *each(
        "replace",
        (
            'ITEMS[number] = {"id": number, **self.item(data)}\n'
            "            self.tell(200, ITEMS[number])",
            'self.tell(200, {"id": number, **self.item(data)})',
        ),
        (
            "**self.item(data)}\n            self.tell(200, ITEMS[number])",
            "**self.item(data)}\n            self.tell(201, ITEMS[number])",
        ),
    ),
    *each(
        "delete",
        ("            self.tell(204)", "            self.tell(200, {})"),
        ("del ITEMS[number]", "pass"),
        ("number = LAST + 1", "number = max(ITEMS, default=0) + 1"),
    ),
    *each(
        "validation",
        ("if isinstance(price, bool) or not", "if not"),
        ('set(item) != {"name", "price"}', 'not {"name", "price"} <= set(item)'),
        ("or price < 0", ""),
        ("or not name.strip()", ""),
    ),
    *each(
        "not-found",
        ('raise TellError(404, "there', 'raise TellError(400, "there'),
        ("ITEM.fullmatch(self.path)", "ITEM.match(self.path)"),
    ),
    *each(
        "methods",
        ('TellError(405, "no such method", Allow="GET, POST")', 'TellError(404, "no such method")'),
        (
            'TellError(405, "no such method", Allow="GET, PUT, DELETE")',
            'TellError(405, "no such method")',
        ),
    ),
    *each(
        "headers",
        ('"application/json"', '"text/html"'),
        ("str(len(body))", "str(len(body.decode()))"),
        (
            "json.dumps(value, ensure_ascii=False).encode()",
            'json.dumps(value, ensure_ascii=False).encode("ascii", "replace")',
        ),
    ),
    Mutant(
        "at-once",
        (
            ("class Server(ThreadingHTTPServer)", "class Server(HTTPServer)"),
            ("BaseHTTPRequestHandler, Thr", "BaseHTTPRequestHandler, HTTPServer, Thr"),
        ),
    ),
    Mutant(
        "at-once",
        (
            (
                "with LOCK:\n                number = LAST + 1\n",
                "if True:\n                number = LAST + 1\n                time.sleep(0.1)\n",
            ),
            ("import threading\n", "import threading\nimport time\n"),
        ),
    ),
)
