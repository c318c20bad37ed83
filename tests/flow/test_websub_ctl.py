"""gazettectl and our own hub: who subscribed, and how the hub is."""
import json

import pytest

from peer import answer
from websub import ALL, SECRET


def ask(stage, *args, code=0):
    return json.loads(stage.room.ctl("--json", *args, code=code).stdout)


def subscribers(stage, *args):
    return ask(stage, "subscribers", *args)["subscribers"]


def of(stage, callback):
    """The subscription of the callback, as it is shown."""
    return next((s for s in subscribers(stage)
                 if callback.path in s["callback"]), None)


def test_who_subscribed(stage):
    signed = stage.subscribe(secret=SECRET, lease=7200)
    plain = stage.subscribe()
    one, other = of(stage, signed), of(stage, plain)
    assert one["signed"] and not other["signed"]
    assert one["topic"] == other["topic"] == stage.topic()
    assert one["expires"] - one["since"] == 7200
    assert other["expires"] - other["since"] == 10 * 86400
    assert one["tries"] == 0 and one["error"] == ""
    said = stage.room.ctl("subscribers").stdout
    assert signed.path in said and SECRET not in said


def test_what_a_callback_carries_is_not_shown(stage):
    callback = stage.callback(query="?token=of-theirs")
    stage.subscribe(callback)
    stage.until(lambda: of(stage, callback), "a subscription")
    assert "of-theirs" not in stage.room.ctl("--json", "subscribers").stdout


@pytest.mark.parametrize("name", ["all", "/" + ALL, "{url}" + ALL])
def test_of_one_feed(stage, name):
    callback = stage.subscribe()
    found = subscribers(stage, name.format(url=stage.room.url))
    assert any(callback.path in s["callback"] for s in found)


def test_of_no_feed(stage):
    failed = stage.room.ctl("subscribers", "nothing-like-it", code=4)
    assert "gazettectl feeds" in failed.stderr
    assert subscribers(stage, stage.room.url + "feeds/none.atom") == []


def test_the_hub_counts(stage):
    stage.leave()
    before = ask(stage, "hub", "status")["hub"]
    assert before["serving"] and before["url"] == stage.hub
    assert before["max"] == 100000 and before["pending"] == 0
    callback = stage.subscribe()
    after = ask(stage, "hub", "status")["hub"]
    assert after["subscriptions"] == before["subscriptions"] + 1
    assert after["topics"] >= 1
    stage.unsubscribe(callback)
    assert ask(stage, "hub", "status")["hub"]["subscriptions"] == \
        before["subscriptions"]
    assert stage.hub in stage.room.ctl("hub", "status").stdout


def test_who_is_not_reached_is_told_with_the_reason(stage):
    callback = stage.subscribe()
    callback.will(answer(503))
    stage.news()
    one = stage.until(lambda: (of(stage, callback) or {}).get("tries") and
                      of(stage, callback), "a try that failed")
    assert "503" in one["error"] and one["due"] > one["since"]
    assert ask(stage, "hub", "status")["hub"]["failing"] >= 1
