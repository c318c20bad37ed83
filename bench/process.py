"""Processes under measurement: started, timed, weighed, and always ended."""
import http.client
import json
import os
import signal
import socket
import subprocess
import threading
import time


class Failed(Exception):
    """A measured program did not do what it is measured for."""


def tail(path):
    with open(path, errors="replace") as log:
        return "".join(log.readlines()[-20:])


def start(argv, log, **more):
    """In a session of its own, so that all of it can be ended at once."""
    return subprocess.Popen(argv, stdin=more.pop("stdin", subprocess.DEVNULL),
                            stdout=more.pop("stdout", log), stderr=log,
                            start_new_session=True, **more)


def end(pid):
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def run(argv, timeout, log_path, **more):
    """Run to the end; what it took, in seconds and MiB."""
    with open(log_path, "wb") as log:
        begun = time.monotonic()
        child = start(argv, log, **more)
        alarm = threading.Timer(timeout, end, [child.pid])
        alarm.start()
        try:
            _, status, used = os.wait4(child.pid, 0)
        except BaseException:
            end(child.pid)
            raise
        finally:
            alarm.cancel()
        wall = time.monotonic() - begun
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise Failed("%s ended with %d after %.0f s:\n%s" % (
            argv[0], child.returncode, wall, tail(log_path)))
    return {"wall": wall, "cpu": used.ru_utime + used.ru_stime,
            "memory": used.ru_maxrss / 1024}


def sockets_listening(port):
    """The inodes of all sockets that listen on the port."""
    found = []
    for table in "/proc/net/tcp", "/proc/net/tcp6":
        with open(table) as rows:
            for row in list(rows)[1:]:
                word = row.split()
                at = int(word[1].rsplit(":", 1)[1], 16)
                if at == port and word[3] == "0A":
                    found.append("socket:[%s]" % word[9])
    return found


def sockets_of(pid):
    fds = "/proc/%d/fd" % pid
    return {os.readlink(os.path.join(fds, fd)) for fd in os.listdir(fds)}


class Daemon:
    """gazetted, from exec to exit.  Times are seconds since exec."""

    def __init__(self, programs, where, port):
        """where: holds its configuration, and will hold its socket."""
        self.argv = [programs + "/gazetted", "-f", "-c",
                     where + "/gazetted.yaml"]
        self.socket = where + "/control.sock"
        self.log = where + "/gazetted.log"
        self.port = port
        self.child = None

    def __enter__(self):
        with open(self.log, "ab") as log:
            self.begun = time.monotonic()
            self.child = start(self.argv, log)
        return self

    def __exit__(self, *failure):
        self.child.terminate()
        try:
            code = self.child.wait(60)
        except BaseException:
            end(self.child.pid)
            self.child.wait()
            raise
        end(self.child.pid)     # nothing of its session may be left
        if code != 0 and failure[0] is None:
            raise Failed("gazetted ended with %d:\n%s"
                         % (code, tail(self.log)))

    def age(self, timeout):
        """Seconds since exec; fails when it is dead or late."""
        age = time.monotonic() - self.begun
        if self.child.poll() is not None:
            raise Failed("gazetted has ended:\n" + tail(self.log))
        if age > timeout:
            raise Failed("gazetted is not ready after %.0f s:\n%s"
                         % (age, tail(self.log)))
        return age

    def answers(self, path):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            link.request("GET", path)
            return link.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            link.close()

    def await_serving(self, path, timeout):
        while not self.answers(path):
            self.age(timeout)
            time.sleep(0.001)
        return self.age(timeout)

    def ask(self, verb):
        """What the daemon answers on its socket; {} while it does not."""
        try:
            with socket.socket(socket.AF_UNIX) as s:
                s.settimeout(30)
                s.connect(self.socket)
                s.sendall(json.dumps({"verb": verb}).encode() + b"\n")
                return json.loads(s.makefile().readline())
        except (OSError, ValueError):
            return {}

    def await_reconciled(self, articles, timeout, pause):
        """Until all is stored, published, and nothing left to do.

        "health" is answered by the loop alone, so asking costs next to nothing.
        """
        while True:
            now = self.ask("health")
            if now.get("reconciled") is True and now.get("dirty") == 0:
                break
            self.age(timeout)
            time.sleep(pause)
        age = self.age(timeout)
        now = self.ask("status")
        if now.get("articles") != articles:
            raise Failed("gazetted has %s articles, not %d:\n%s" % (
                now.get("articles"), articles, tail(self.log)))
        return age

    def used(self):
        """CPU seconds so far, and the most memory at any time."""
        with open("/proc/%d/stat" % self.child.pid) as stat:
            words = stat.read().rsplit(")", 1)[1].split()
        ticks = int(words[11]) + int(words[12])
        with open("/proc/%d/status" % self.child.pid) as lines:
            peak = next(int(line.split()[1]) for line in lines
                        if line.startswith("VmHWM:"))
        return {"cpu": ticks / os.sysconf("SC_CLK_TCK"),
                "memory": peak / 1024}

    def check_alone(self):
        """That it is this daemon that answers on the port, and no other."""
        listening = sockets_listening(self.port)
        if len(listening) != 1 or listening[0] not in sockets_of(
                self.child.pid):
            raise Failed("port %d: not this gazetted alone listens: %s"
                         % (self.port, listening))
