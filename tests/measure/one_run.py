"""A run in a process of its own, to be killed: `python -m tests.measure.one_run URL FOLDER`."""

import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path

from tests.measure.things import FREE, Seen, spec, sums
from visavis.candidates.openai_http import open_http
from visavis.core.candidate import Candidate
from visavis.core.fence import NoFence
from visavis.measure.asking import Means, Ready
from visavis.measure.budget import Budget
from visavis.measure.plan import plan
from visavis.measure.replies import Replies
from visavis.measure.run import run
from visavis.measure.store import RunStore

CASES = 300
AT_ONCE = 4


async def main(url: str, folder: Path) -> None:
    asked = (sums(CASES),)
    candidates = [
        Candidate(name=name, kind="hosted", route="http", model=name, snapshot=name, base_url=url)
        for name in ("one", "two")
    ]
    with RunStore.begin(folder, spec(asked, candidates)) as store:
        async with AsyncExitStack() as stack:
            ready = []
            for one in candidates:
                client = await stack.enter_async_context(
                    open_http(one, key=None, at_once=AT_ONCE, note=print)
                )
                ready.append(Ready(candidate=one, client=client, at_once=AT_ONCE, price=FREE))
            using = Means(
                ready=tuple(ready),
                asked=asked,
                store=store,
                replies=Replies(folder.parent / "replies.sqlite", print),
                budget=Budget(1.0),
                fence=NoFence(),
                watcher=Seen(),
            )
            await run(plan(asked, candidates, done=store.done()), using, asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
