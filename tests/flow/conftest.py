"""Fixtures of the scenarios: newsrooms that clean up after themselves."""
import os
import shutil

import pytest

import newsroom
import websub
from articles import SAMPLE


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


@pytest.fixture(scope="module")
def make_room():
    """Newsrooms for all tests of a file."""
    rooms = []

    def make():
        rooms.append(newsroom.Newsroom())
        return rooms[-1]
    yield make
    for room in rooms:
        room.close()


@pytest.fixture(scope="module")
def sample(make_room):
    """The sample newsroom, as the quick start serves it."""
    room = make_room()
    for path in SAMPLE.iterdir():
        shutil.copyfile(path, room.content / path.name)
        os.utime(room.content / path.name, (1715760000, 1715760000))
    room.configure(include=[str(newsroom.SOURCE / "feeds" / "*.yaml")],
                   channels=[])
    return room.start()


@pytest.fixture(scope="module")
def make_stage(make_room):
    """Stages for all tests of a file."""
    stages = []

    def make(**hub):
        stages.append(websub.Stage(make_room(), **hub))
        stages[-1].start()
        return stages[-1]
    yield make
    for stage in stages:
        stage.close()


@pytest.fixture(scope="module")
def the_stage(make_stage):
    return make_stage()


@pytest.fixture
def stage(the_stage):
    """The stage of the file; who subscribed in a test leaves with it."""
    yield the_stage
    the_stage.leave()
