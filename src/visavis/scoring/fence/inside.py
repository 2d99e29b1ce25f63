"""What is told within the fence, where nothing of ours but this folder can be had: so no `tell`.

`tester`, `resident`, `program`, `stage_agent` and `stage_child` write these sentences themselves;
a test says where one of them has none here.
"""

from typing import Final

from visavis.core.tell import tell

INSIDE: Final = (
    tell("every test held"),
    tell("check returned True"),
    tell("check returned False"),
    tell("TypeError: check returned {said}, which is no bool"),
    tell("it sent what is no answer"),
    tell("it sent what is no answer: {maybe}"),
    tell("it ended before the tests did"),
    tell("it ended before the tests did ({how})"),
    tell("not done after {limit_s:g} s"),
    tell("no value: {fault}"),
    tell("bytes are left over"),
    tell("too deep"),
    tell("unknown tag {tag}"),
    tell("cut short"),
    tell("the program does not define {name}"),
    tell("the tests cannot be read: {fault}"),
    tell("the tests define no 'check'"),
    tell("the tests hand over what cannot cross: {maybe}"),
    tell("the value is too large or too deep to cross the fence"),
    tell("a {kind} cannot cross the fence"),
    tell("the tester ended without a verdict"),
    tell("the job cannot be read"),
    tell("it wrote more than {size:d} MiB"),
    tell("what it said is no frame of a game"),
    tell("no game is on"),
    tell("nobody listens on port {port}: {fault}"),
    tell("no answer within {limit_s:g} s"),
    tell("an exception that has no text"),
    tell("it cannot be written"),
)
