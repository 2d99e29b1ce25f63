"""The process that holds a local model: llama.cpp's own server, on a loopback port of its own.

Run as a file by `llama_process.py`, never imported; it loads nothing of visavis, so that it starts
fast and cannot pull the rest down. On stdin comes one line of JSON, the settings; out of stdout
goes one line of JSON, the address. Stdin stays open: its end means that nobody wants us any more.
"""

import ctypes
import json
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

PR_SET_PDEATHSIG: Final = 1
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
    threading.Thread(target=_wait_for_end, daemon=True).start()
    begun = time.perf_counter()
    try:
        server = _server(wanted)
    except RuntimeError:  # llama.cpp has said why
        sys.exit(LOAD_FAILED)
    ready = {"address": server.listening_address, "load_s": time.perf_counter() - begun}
    os.write(answer, json.dumps(ready).encode() + b"\n")
    threading.Event().wait()


def take_stdout() -> int:
    """Keeps stdout for our one line; whatever llama.cpp prints goes to stderr."""
    answer = os.dup(1)
    os.dup2(2, 1)
    return answer


def _wait_for_end() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)


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
