"""Fixtures of the scenarios: newsrooms that clean up after themselves."""
import pytest

import newsroom


@pytest.fixture(scope="session", autouse=True)
def programs():
    for program in (newsroom.GAZETTED, newsroom.GAZETTECTL):
        if not program.exists():
            pytest.exit(f"{program} is not built: set builddir", 99)


@pytest.fixture
def empty():
    """A newsroom whose daemon has not been started."""
    room = newsroom.Newsroom()
    yield room
    room.close()


@pytest.fixture
def room(empty):
    """A newsroom with a running daemon and no articles."""
    return empty.start()
