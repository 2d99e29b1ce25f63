"""What a process inside may say to us."""

import subprocess
import sys
import time

import pytest

from visavis.scoring.fence.talk import Talk

BOASTS = "import struct, sys; sys.stdout.buffer.write(struct.pack('!I', 99)); sys.stdout.flush(); "


def test_a_message_that_is_said_to_be_too_large_is_not_waited_for() -> None:
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", f"{BOASTS}sys.stdin.read()"]
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe)
    talk = Talk(process)
    with pytest.raises(OSError, match="too large"):
        talk.hear(10, time.monotonic() + 20)
    talk.close()
