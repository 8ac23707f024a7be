"""Runs chromedriver on a port that it says, until standard input ends; then ends it and every browser that it started.

Tests start one, and hold the other end of that pipe: nothing is left when their process ends, however it does.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

scratch = tempfile.mkdtemp(prefix="kw-chromium-")
driver = subprocess.Popen(
    ["chromedriver", "--port=0"],
    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    # A group of their own, which can be ended as one; profiles and crash reports go where they are removed.
    start_new_session=True, env={**os.environ, "TMPDIR": scratch, "XDG_CONFIG_HOME": scratch})
try:
    for line in driver.stdout:
        if found := re.search(r"successfully on port (\d+)", line):
            print(found[1], flush=True)
            break
    sys.stdin.read()
finally:
    os.killpg(driver.pid, signal.SIGKILL)
    driver.wait()
    shutil.rmtree(scratch, ignore_errors=True)
