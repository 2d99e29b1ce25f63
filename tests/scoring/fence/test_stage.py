"""The stage from outside: what programs can do there, what stops them, and what is said of it."""

import time
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from visavis.core.errors import FenceError, OptionError
from visavis.scoring.fence.stage import Stage, StoppedError
from visavis.scoring.fence.stage_game import told


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    try:
        with Stage(lasts_s=240) as opened:
            yield opened
    except FenceError as error:
        pytest.skip(str(error))


@pytest.fixture(autouse=True)
def _empty(stage: Stage) -> None:
    stage.clear()


def ran(stage: Stage, source: str, *arguments: str, stdin: bytes = b"") -> tuple[int | None, str]:
    stage.write("program.py", source.encode())
    done = stage.run(["program.py", *arguments], stdin, limit_s=5.0)
    return done.code, done.stdout.decode() if not done.why else done.why


def test_a_command_gets_arguments_and_input_and_gives_output(stage: Stage) -> None:
    source = "import sys; print(sys.argv[1:], sys.stdin.read())"
    assert ran(stage, source, "a", "é", stdin=b"in") == (0, "['a', 'é'] in\n")


def test_files_stay_between_commands_and_go_with_the_play(stage: Stage) -> None:
    assert ran(stage, "open('kept.txt', 'w').write('1')")[0] == 0
    assert ran(stage, "print(open('kept.txt').read())") == (0, "1\n")
    assert stage.read("kept.txt") == b"1"
    stage.write("deep/er.txt", b"2")
    assert set(stage.files()) == {"program.py", "kept.txt", "deep/er.txt"}
    stage.clear()
    assert stage.files() == ()
    assert stage.read("kept.txt") is None


def test_only_plain_files_of_the_folder_are_read(stage: Stage) -> None:
    links = "os.symlink('/etc', 'link'); os.symlink('/dev/zero', 'zero'); os.mkfifo('pipe')"
    ran(stage, f"import os; {links}")
    assert stage.read("zero") is None
    assert stage.read("link/ld.so.cache") is None
    assert stage.read("pipe") is None
    with pytest.raises(ValueError, match="is no file of the stage"):
        stage.read("../x")


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("while True: print('x' * 9999)", "it was stopped: it wrote more than 1 MiB"),
        ("import os; os.fork()", "it ended: PermissionError"),
        ("import subprocess; subprocess.run(['ls'])", "it wanted another process"),
        ("import socket; socket.create_connection(('192.0.2.1', 80))", "it wanted the network"),
        ("import os; os._exit(3)", "it ended by itself, with exit code 3"),
        ("x = bytearray(3 << 30)", "it ended: MemoryError"),
        ("open('big', 'wb').write(bytes(100 << 20))", "it ended: OSError"),
        ("open('/etc/passwd')", "it ended: FileNotFoundError"),
        ("import ctypes; ctypes.string_at(0)", "it ended by SIGSEGV"),
    ],
)
def test_what_stops_a_program_is_told(stage: Stage, source: str, why: str) -> None:
    code, said = ran(stage, source)
    assert code != 0
    assert why in said


def test_a_command_without_end_is_stopped(stage: Stage) -> None:
    stage.write("program.py", b"while True: pass")
    done = stage.run(["program.py"], limit_s=0.3)
    assert (done.code, done.timed_out) == (None, True)
    assert done.why == "it was stopped: nothing more came of it in time"


SERVER = b"""
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.send_header("X-Seen", self.path)
        self.end_headers()
        self.wfile.write(body[::-1])
http.server.HTTPServer(("127.0.0.1", 8001), Handler).serve_forever()
"""


def test_a_server_is_asked_over_the_loopback_of_the_stage(stage: Stage) -> None:
    stage.write("server.py", SERVER)
    number = stage.start(["server.py"])
    answer = stage.request("POST", "/x", b"abc", {"A": "b"}, port=8001)
    assert (answer.status, answer.headers["x-seen"], answer.body) == (201, "/x", b"cba")
    assert stage.stop(number).code is None
    with pytest.raises(StoppedError, match="nobody listens on port 8001"):
        stage.request("POST", "/x", port=8001, limit_s=0.2)


def test_a_server_that_drips_is_given_up(stage: Stage) -> None:
    drips = SERVER.replace(
        b"self.wfile.write(body[::-1])",
        b"""
        import time
        while True:
            self.wfile.write(b"x"); time.sleep(0.05)""",
    )
    stage.write("server.py", drips)
    stage.start(["server.py"])
    with pytest.raises(StoppedError, match="no answer within 1 s"):
        stage.request("POST", "/x", b"abc", port=8001, limit_s=1.0)


def test_a_package_that_is_not_installed_is_asked_for_by_its_extra() -> None:
    with pytest.raises(OptionError, match=r"install 'visavis\[programs\]'"):
        Stage(packages=("surely_not_installed",))


GAME = b"""
import random, time, pygame
pygame.init()
screen, clock = pygame.display.set_mode((64, 48)), pygame.time.Clock()
pygame.display.set_caption("t" * 9)
x, seen = 0, []
while True:
    clock.tick(60)
    for event in pygame.event.get():
        if event.type == pygame.QUIT:
            raise SystemExit(7)
        if event.type == pygame.KEYDOWN:
            seen.append(event.key == pygame.K_SPACE)
    x += pygame.key.get_pressed()[pygame.K_RIGHT]
    screen.fill((x, 255 * any(seen), random.randrange(9)))
    screen.blit(pygame.font.Font(None, 20).render("hi", True, "red"), (2, 2))
    pygame.display.flip()
"""


@pytest.fixture(scope="module")
def games() -> Iterator[Stage]:
    if find_spec("pygame") is None:
        pytest.skip("the extra 'programs' is not installed")
    with Stage(packages=("pygame",)) as opened:
        yield opened


def test_a_game_is_played_by_keys_in_its_own_time(games: Stage) -> None:
    games.write("game.py", GAME)
    game = games.play("game.py")
    assert game.title == "t" * 9
    game.down("RIGHT")
    frames = game.step(0.5, every_s=0.1)
    assert [round(frame.at_s - frames[0].at_s, 1) for frame in frames] == [0, 0.1, 0.2, 0.3, 0.4]
    game.up("RIGHT")
    game.tap("SPACE")
    assert game.frame is not None
    assert game.frame.shape == (48, 64, 3)
    assert game.frame.rgb[-3:-1] == bytes((31, 255))  # of 31 frames, the key was down
    assert game.step(0.02, scale=4)[-1].shape == (12, 16, 3)
    assert [text.text for text in game.written] == ["hi"]
    (typeset,) = games.typeset(game.written)
    assert len(typeset.cover) == typeset.width * typeset.height
    assert max(typeset.cover) == 255
    game.close_window()
    with pytest.raises(StoppedError) as ended:
        game.step(1.0)
    assert ended.value.code == 7


def test_a_game_is_the_same_every_time(games: Stage) -> None:
    games.write("game.py", GAME)
    once, again = (games.play("game.py").step(0.3, every_s=0.1) for _ in range(2))
    assert once == again


def test_a_game_that_cannot_start_is_started_once(games: Stage) -> None:
    games.write("game.py", b"import nothing_such")
    for _ in range(2):
        with pytest.raises(StoppedError, match="ModuleNotFoundError"):
            games.play("game.py")
    games.write("game.py", GAME)
    assert games.play("game.py").frame is not None


@pytest.mark.parametrize(
    ("code", "stderr", "breach", "said"),
    [
        (0, b"", "", "it ended by itself, with exit code 0"),
        (1, b"Traceback\n  x\nValueError: no", "", "it ended: ValueError: no"),
        (1, b"ValueError: no", "", "it ended by itself, with exit code 1"),
        (-9, b"", "", "it ended by SIGKILL"),
        (-99, b"", "", "it ended by signal 99"),
        (None, b"", "it wrote much", "it was stopped: it wrote much"),
        (None, b"", "", "it was stopped: nothing more came of it in time"),
    ],
)
def test_how_a_program_ended_is_one_line(
    code: int | None, stderr: bytes, breach: str, said: str
) -> None:
    assert told(code, stderr, breach) == said


def test_all_waiting_of_a_stage_counts_and_a_command_ends_with_it() -> None:
    try:
        with Stage(lasts_s=2.0) as stage:
            stage.write("sleeps.py", b"import time; time.sleep(30)")
            assert stage.run(["sleeps.py"], limit_s=1.0).timed_out
            assert stage.run(["sleeps.py"], limit_s=5.0).timed_out
            assert stage.left_s == 0
            with pytest.raises(StoppedError, match="timed out: it took more than 2 s over all"):
                stage.run(["sleeps.py"])
    except FenceError as error:
        pytest.skip(str(error))


def test_our_own_work_does_not_count_but_ends_at_last() -> None:
    try:
        with Stage(lasts_s=2.0) as stage:
            time.sleep(2.2)
            assert stage.left_s > 1
            stage.write("quick.py", b"print(1)")
            assert stage.run(["quick.py"]).code == 0
            stage._due = time.monotonic()
            with pytest.raises(StoppedError, match="timed out: trying it took more than 240 s"):
                stage.run(["quick.py"])
    except FenceError as error:
        pytest.skip(str(error))
