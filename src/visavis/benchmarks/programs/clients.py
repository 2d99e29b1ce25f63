"""Several clients of a web server at once, beside one that says nothing.

Runs inside the fence, from its source, as a program of the stage's: standard library only. It
knows nothing of what should come back. In: a port and requests, as JSON; out: answers, as JSON.
"""

import http.client
import json
import socket
import sys
import threading

_PATIENCE_S = 4.0


def main() -> None:  # pragma: no cover  # in a process of its own
    port, asked = json.load(sys.stdin)
    answers: list[object] = [None] * len(asked)
    ready = threading.Barrier(len(asked))

    def ask(number: int, method: str, path: str, body: str) -> None:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)
        headers = {"Content-Type": "application/json"}
        ready.wait()
        try:
            client.request(method, path, body.encode(), headers)
            answer = client.getresponse()
            held = answer.read().decode("latin-1")
            answers[number] = [answer.status, held]
        except (OSError, http.client.HTTPException) as error:
            answers[number] = [0, f"{type(error).__name__}: {error}"]
        finally:
            client.close()

    with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE_S) as silent:
        silent.sendall(b"POST /items HTTP/1.1\r\nHost: ")
        clients = [threading.Thread(target=ask, args=(n, *sent)) for n, sent in enumerate(asked)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
    json.dump(answers, sys.stdout)


if __name__ == "__main__":  # pragma: no cover
    main()
