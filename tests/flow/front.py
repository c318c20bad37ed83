"""nginx in front of a newsroom, with the configuration that is shipped.

Only what a test cannot have is replaced: paths, the port, the patience; each
of these must be there, so that the shipped files and the tests stay together.
"""
import os
import pathlib
import shutil
import subprocess

import pytest

import newsroom

SHIPPED = newsroom.SOURCE / "etc" / "nginx"
# Where ./quickstart unpacks it if it is not installed.
UNPACKED = newsroom.BUILD.parent / "nginx"
MODULE = "usr/lib/nginx/modules/ngx_http_brotli_static_module.so"
BROTLI = next((path for path in (pathlib.Path("/") / MODULE, UNPACKED / MODULE)
               if path.exists()), UNPACKED / MODULE)


def program():
    return shutil.which("nginx", path=f"/usr/sbin:/usr/bin:{UNPACKED}/usr/sbin")


class Front:
    """One nginx; its files lie in the newsroom's home."""

    def __init__(self, room, patience="2s", connections=64):
        if not program():
            pytest.skip("nginx is not installed")
        self.home = room.home / "nginx"
        self.home.mkdir()
        self.port = newsroom.free_port()
        self.brotli = BROTLI.exists()
        self.log = self.home / "access.log"
        self.write("http", {
            "unix:/run/gazetted/http.sock": f"unix:{room.home}/http.sock",
            "https://news.example.org": room.url.rstrip("/")})
        self.write("server", {
            "/var/cache/gazetted/www": str(room.www),
            "/var/log/nginx/gazetted.log": str(self.log),
            "#brotli_static": "brotli_static" if self.brotli
                              else "#brotli_static",
            "client_header_timeout 10s": f"client_header_timeout {patience}",
            "client_body_timeout 10s": f"client_body_timeout {patience}",
            "send_timeout 30s": f"send_timeout {patience}",
            "keepalive_timeout 15s": f"keepalive_timeout {patience}",
            "limit_conn gazetted 64": f"limit_conn gazetted {connections}"})
        self.configure()
        self.process = subprocess.Popen(
            [program(), "-p", self.home, "-e", self.home / "error.log",
             "-c", self.home / "nginx.conf"],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def write(self, part, changes):
        text = (SHIPPED / f"gazetted-{part}.conf").read_text()
        for old, new in changes.items():
            assert text.count(old) == 1, f"{old}: {text.count(old)} times"
            text = text.replace(old, new)
        (self.home / f"{part}.conf").write_text(text)

    def configure(self):
        folders = "".join(f"{kind}_temp_path {self.home}/{kind};\n"
                          for kind in ("client_body", "proxy", "fastcgi",
                                       "uwsgi", "scgi"))
        (self.home / "nginx.conf").write_text(
            (f"load_module {BROTLI};\n" if self.brotli else "") +
            # The newsroom is a temporary directory: ours alone.
            ("user root;\n" if os.getuid() == 0 else "") +
            f"daemon off;\npid {self.home}/pid;\nworker_processes 1;\n"
            f"events {{ worker_connections 1024; }}\n"
            f"http {{\n{folders}access_log off;\ninclude http.conf;\n"
            f"server {{ listen 127.0.0.1:{self.port};\n"
            "include server.conf; }\n}\n")

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.process.terminate()
        self.process.communicate(timeout=newsroom.PATIENCE)
