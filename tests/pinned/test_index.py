import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pinned.file_server import FileServer
from visavis.pinned.download import SourceError, Wire, read_text
from visavis.pinned.file import WheelPart
from visavis.pinned.index import Indexes, find

PART = WheelPart(distribution="Some_Part.One", version="1.0", member="m")
WIRE = Wire(timeout_s=5.0, pause_s=0.0)
OWN, TWO, FOLDER = "https://own.example/simple", "https://two.example/s", "file:///here/simple"
CERTS = "/certs.pem"


def asked_of_pip(env: dict[str, str], code: str = "") -> str:
    """The indexes as another process sees them, whose environment is `env` alone."""
    script = f"{code}\nfrom visavis.pinned.index import *\nprint(indexes_of_pip())"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "UV_"))}
    run = [sys.executable, "-c", script]
    done = subprocess.run(run, env={**kept, **env}, capture_output=True, text=True)
    return done.stdout or done.stderr


def test_pip_says_which_index_it_is_set_to(tmp_path: Path) -> None:
    config = tmp_path / "pip.conf"
    config.write_text(
        f"[global]\nindex-url = {OWN}\nextra-index-url = {TWO}\n  {FOLDER}\ncert = {CERTS}\n"
    )
    said = asked_of_pip({"PIP_CONFIG_FILE": str(config)})
    assert str((OWN, TWO)) in said
    assert f"cafile={CERTS!r}" in said


def test_the_environment_of_pip_wins_over_its_files(tmp_path: Path) -> None:
    config = tmp_path / "pip.conf"
    config.write_text(f"[global]\nindex-url = {OWN}\n")
    said = asked_of_pip(
        {"PIP_CONFIG_FILE": str(config), "PIP_INDEX_URL": "https://env.example/simple"}
    )
    assert "https://env.example/simple" in said
    assert "own.example" not in said


def test_pip_without_settings_says_its_default() -> None:
    assert "Indexes(urls=('https://" in asked_of_pip({"PIP_CONFIG_FILE": os.devnull})


def test_an_environment_without_pip_has_the_one_of_python() -> None:
    hide = (
        "import visavis.pinned.index as index\n"
        "found = index.find_spec\n"
        "index.find_spec = lambda name: None if name == 'pip' else found(name)\n"
    )
    said = asked_of_pip({"PIP_INDEX_URL": "https://env.example/simple"}, hide)
    if "no pip answers" in said:
        pytest.skip("this Python carries no pip")
    assert "https://env.example/simple" in said


def test_names_are_compared_as_indexes_write_them(server: FileServer) -> None:
    server.add_wheel("some-part-one", "1.0", {"m": b"x"})
    wheel = find(PART, Indexes(urls=(f"{server.url}/simple",)), WIRE)
    assert wheel.url.endswith("/files/some_part_one-1.0-py3-none-any.whl")


def test_the_second_index_is_asked_when_the_first_has_nothing(server: FileServer) -> None:
    server.add_wheel("some-part-one", "1.0", {"m": b"x"})
    find(PART, Indexes(urls=(f"{server.url}/none", f"{server.url}/simple/")), WIRE)
    assert [path for path, _ in server.asked] == ["/none/some-part-one/", "/simple/some-part-one/"]


@pytest.mark.parametrize("page", [b"{", b"[]", b"{}", b'{"files": [{}]}', b'{"files": 3}'])
def test_a_page_that_is_no_index_is_a_source_that_failed(server: FileServer, page: bytes) -> None:
    server.files["/simple/some-part-one/"] = page
    server.types["/simple/some-part-one/"] = "application/vnd.pypi.simple.v1+json"
    with pytest.raises(SourceError, match=r"^127\.0\.0\.1: "):
        find(PART, Indexes(urls=(f"{server.url}/simple",)), WIRE)


def test_no_index_on_the_web_is_said() -> None:
    with pytest.raises(SourceError, match="no index on the web"):
        find(PART, Indexes(urls=()), WIRE)


def test_a_password_goes_to_its_host_and_into_no_error(server: FileServer) -> None:
    secret = server.url.replace("http://", "http://me:hush%21@") + "/simple"
    with pytest.raises(SourceError) as got:
        find(PART, Indexes(urls=(secret,)), WIRE)
    assert "hush" not in str(got.value)
    assert server.keys == ["Basic bWU6aHVzaCE="]


def test_only_the_web_is_read() -> None:
    with pytest.raises(SourceError, match="'file' is no scheme"):
        read_text("file:///etc/hostname", WIRE, accept="text/html")


def test_a_server_that_stalls_is_given_up(server: FileServer) -> None:
    server.stall_s = 0.5
    with pytest.raises(SourceError, match="did not answer in time"):
        read_text(server.url, Wire(timeout_s=0.1), accept="text/html")
