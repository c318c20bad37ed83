"""Weights of texts by chance, held against twitter-text of npm.

GAZETTED_WEIGH_CASES says how many (5,000), SEED which.
"""

import os
import subprocess
import time

import newsroom
from readers import MODULES, need_package

CASES = int(os.environ.get("GAZETTED_WEIGH_CASES", 5000))
SEED = os.environ.get("SEED") or str(int(time.time()))


def test_a_text_weighs_what_twitter_text_says():
    need_package("twitter-text")
    maker = subprocess.Popen(
        ["node", newsroom.TESTS / "npm" / "weigh.mjs", MODULES, SEED,
         str(CASES)], stdout=subprocess.PIPE)
    done = subprocess.run(
        [newsroom.BUILD / "tests" / "props" / "props_weigh"],
        stdin=maker.stdout, stdout=subprocess.PIPE, text=True, check=False)
    maker.stdout.close()
    maker.wait()
    print(f"SEED={SEED}: {done.stdout}")
    assert done.stdout.splitlines()[-1] == f"{CASES} right, 0 wrong"
    assert done.returncode == maker.returncode == 0
