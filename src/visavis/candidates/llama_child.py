"""The process that holds a local model: llama.cpp's own server, on a loopback port of its own.

The server is the one in xllamacpp, or a `llama-server` of the user's own, which this starts and
with which it ends. Run as a file by `llama_process.py`, never imported; it loads nothing of
visavis, so that it starts fast and cannot pull the rest down. On stdin comes one line of JSON, the
settings; out of stdout goes one line of JSON, the address. Stdin stays open: its end means that
nobody wants us any more.
"""

import ctypes
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

PR_SET_PDEATHSIG: Final = 1
LISTENS: Final = re.compile(rb"listening on (http://127\.0\.0\.1:\d+)")
"""What a `llama-server` says when its model is there."""
LOAD_FAILED: Final = 3
"""Exit status when llama.cpp would not load the file; stderr says why."""

ENVIRONMENT: Final = {
    # Threads that wait for one another spin only briefly. By GNU OpenMP's default they spin for
    # milliseconds, and as soon as anything else wants a core they spin in each other's way: on
    # 2 busy cores that gave 1.5 tokens/s where this gives 23, and it costs 3 to 7 % on idle ones.
    "GOMP_SPINCOUNT": "1000",
    "GGML_NO_BACKTRACE": "1",  # or it starts a debugger on itself when it aborts
}


def serve() -> None:
    answer = take_stdout()
    wanted = json.loads(sys.stdin.buffer.readline())
    die_with(wanted["parent"])
    be_expendable()
    os.environ.update(ENVIRONMENT)
    begun = time.perf_counter()
    if wanted["server"]:
        _serve_by(wanted, answer, begun)
    _when_unwanted(lambda: None)
    try:
        server = _server(wanted)
    except RuntimeError:  # llama.cpp has said why
        sys.exit(LOAD_FAILED)
    _tell(answer, server.listening_address, os.getpid(), time.perf_counter() - begun)
    threading.Event().wait()


def _serve_by(wanted: dict[str, Any], answer: int, begun: float) -> None:
    """Starts the user's own server and ends as it ends."""
    parent = os.getpid()
    server = subprocess.Popen(
        arguments(wanted),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        # Anybody may read a command line, and only its owner an environment.
        env={**os.environ, "LLAMA_API_KEY": wanted["key"]},
        preexec_fn=lambda: die_with(parent),
    )
    _when_unwanted(server.kill)
    assert server.stderr is not None
    loaded = False
    for line in server.stderr:
        os.write(2, line)
        found = LISTENS.search(line)
        if found:
            loaded = True
            _tell(answer, found[1].decode(), server.pid, time.perf_counter() - begun)
    status = server.wait()
    if status < 0:
        os.kill(os.getpid(), -status)  # as it died, so do we: whoever started us is told
    os._exit(status if loaded else LOAD_FAILED)


def arguments(wanted: dict[str, Any]) -> list[str]:
    """The command line of a `llama-server` that does what ours does."""
    slots, threads = str(wanted["slots"]), str(wanted["threads"])
    template = ["--chat-template", wanted["template"]] if wanted["template"] else []
    return [
        *(wanted["server"], "--model", wanted["file"], "--alias", wanted["model"]),
        *("--host", "127.0.0.1", "--port", "0", "--jinja", *template),
        *("--parallel", slots, "--ctx-size", str(wanted["slots"] * wanted["slot_tokens"])),
        *("--threads", threads, "--threads-batch", threads),
        *("--threads-http", str(wanted["slots"] + 2), "--cache-ram", "0"),
    ]


def _tell(answer: int, address: str, pid: int, load_s: float) -> None:
    ready = {"address": address, "pid": pid, "load_s": load_s}
    os.write(answer, json.dumps(ready).encode() + b"\n")


def take_stdout() -> int:
    """Keeps stdout for our one line; whatever llama.cpp prints goes to stderr."""
    answer = os.dup(1)
    os.dup2(2, 1)
    return answer


def _when_unwanted(end: Callable[[], None]) -> None:
    """The end of stdin means that nobody wants us any more."""

    def wait() -> None:
        while os.read(0, 4096):
            pass
        end()
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


def die_with(parent: int) -> None:
    """On Linux the kernel kills us when the parent is gone, even in the middle of a load, which
    holds Python's lock. Elsewhere the end of stdin does, once loading is over."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it went before we could say so
            os._exit(0)


def be_expendable() -> None:
    """When memory runs out, the kernel takes this process and spares the run; no core is dumped."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _server(wanted: dict[str, Any]) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = wanted["file"]
    params.model_alias = {wanted["model"]}  # or replies carry the file's path
    params.chat_template = wanted["template"]
    params.use_jinja = True
    params.n_parallel = wanted["slots"]
    params.n_ctx = wanted["slots"] * wanted["slot_tokens"]  # it is divided among the slots
    params.cpuparams.n_threads = wanted["threads"]
    params.cpuparams_batch.n_threads = wanted["threads"]
    params.n_threads_http = wanted["slots"] + 2
    params.api_keys = [wanted["key"]]
    params.cors_origins = ""
    params.ui = False
    params.endpoint_slots = False  # it shows the prompts
    params.fit_params = False  # the settings hold, or the load fails
    params.cache_ram_mib = 0  # finished prompts kept aside would count as the model's memory
    params.verbosity = 1  # errors
    return xllamacpp.Server(params)


if __name__ == "__main__":
    serve()
