"""A `llama-server` for tests: the command line of llama.cpp's own, before the same server.

What it stands in for takes minutes to build; `make verify` asks a real one where there is one.
"""

import os
import sys
import threading
from argparse import ArgumentParser
from pathlib import Path

VERSION = "version: 4711 (abcdef0)\nbuilt with a compiler\n"


def write_own_server(file: Path) -> Path:
    """An executable that runs this file."""
    file.write_text(f"#!{sys.executable} -P\n{Path(__file__).read_text(encoding='utf-8')}")
    file.chmod(0o700)
    return file


def main() -> None:
    if sys.argv[1:] == ["--version"]:
        sys.stderr.write(VERSION)
        return
    parser = ArgumentParser()
    for flag in ("--model", "--alias", "--host", "--chat-template"):
        parser.add_argument(flag, default="")
    for flag in ("--parallel", "--ctx-size", "--threads", "--threads-batch", "--threads-http"):
        parser.add_argument(flag, type=int, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--cache-ram", type=int, required=True)
    parser.add_argument("--jinja", action="store_true")
    told = parser.parse_args()
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path, params.model_alias = told.model, {told.alias}
    params.chat_template, params.use_jinja = told.chat_template, told.jinja
    params.n_parallel, params.n_ctx = told.parallel, told.ctx_size
    params.cpuparams.n_threads = told.threads
    params.cpuparams_batch.n_threads = told.threads_batch
    params.n_threads_http, params.cache_ram_mib = told.threads_http, told.cache_ram
    params.port = told.port
    params.api_keys = [os.environ["LLAMA_API_KEY"]]
    params.verbosity = 1
    try:
        server = xllamacpp.Server(params)
    except RuntimeError:
        sys.exit(1)
    sys.stderr.write(f"0.01.2 I srv  main: listening on {server.listening_address}\n")
    sys.stderr.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main()
