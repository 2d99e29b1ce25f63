from collections.abc import Iterator

import pytest

from tests.pinned.file_server import FileServer, serving


@pytest.fixture
def server() -> Iterator[FileServer]:
    with serving() as found:
        yield found
