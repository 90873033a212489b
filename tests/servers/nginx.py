# SPDX-License-Identifier: MIT
"""nginx with two workers serves the host: a thousand requests, while a worker is killed and the configuration is read again."""

import hashlib
import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lib.script import free_port, in_tenant

MACHINE = Path(__file__).parent / "machine.toml"
REQUESTS, CLIENTS, PATIENCE = 1000, 4, 60
PAGE = b"hello from red\n"
LINE, LINES = b"a line of a big file\n", 50000
CONFIGURATION = """
worker_processes 2;
error_log /tmp/nginx/error.log;
events { worker_connections 64; }
http {
    include /etc/nginx/mime.types;
    access_log /tmp/nginx/access.log;
    sendfile on;
    server { listen 80; root /tmp/www; }
}"""
START = f"""
    mkdir -p nginx/logs www
    cat >nginx/nginx.conf <<'END'{CONFIGURATION}
END
    printf '{PAGE.decode().strip()}\\n' >www/index.html
    yes '{LINE.decode().strip()}' | head -n {LINES} >www/big.txt
    nginx -c /tmp/nginx/nginx.conf"""
ANNOY = """
    until [ $(wc -l <nginx/access.log) -gt 200 ]; do sleep 0.1; done
    kill -9 $(pgrep -P $(cat nginx/logs/nginx.pid) | head -n 1)
    until [ $(wc -l <nginx/access.log) -gt 500 ]; do sleep 0.1; done
    nginx -c /tmp/nginx/nginx.conf -s reload
    until grep -q last nginx/access.log; do sleep 0.5; done
    pgrep -P $(cat nginx/logs/nginx.pid) | wc -l
    nginx -c /tmp/nginx/nginx.conf -s quit
    while pidof nginx >/dev/null; do sleep 0.1; done
    grep -c 'GET / HTTP/1.1" 200 15' nginx/access.log
    cat nginx/error.log"""


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.getheader("Content-Type"), body


def again(port):
    """Once more, if the worker that is killed had just this one."""
    try:
        return get(port, "/")
    except (OSError, http.client.HTTPException):
        return get(port, "/")


def until_served(port):
    patience = time.monotonic() + PATIENCE
    while time.monotonic() < patience:
        try:
            return get(port, "/first")
        except (OSError, http.client.HTTPException):
            time.sleep(0.5)
    raise TimeoutError(f"nobody serves port {port}")


def test_nginx_serves_the_host(guest):
    port, answers = free_port(), []

    def beside():
        until_served(port)
        with ThreadPoolExecutor(CLIENTS) as clients:
            answers.extend(clients.map(lambda _: again(port), range(REQUESTS)))
        answers.append(get(port, "/big.txt"))
        answers.append(get(port, "/last"))

    output = guest.run(
        in_tenant("red", START), in_tenant("red", ANNOY), machine=MACHINE, publish=[f"{port}:red:80"], while_running=beside,
        timeout=300,
    )
    assert answers[:REQUESTS] == [(200, "text/html", PAGE)] * REQUESTS, answers[:3]
    status, kind, big = answers[REQUESTS]
    assert (status, kind) == (200, "text/plain") and hashlib.md5(big).digest() == hashlib.md5(LINE * LINES).digest()
    assert answers[REQUESTS + 1][0] == 404, answers[-1]
    workers, served = map(int, output.split()[:2])
    assert workers == 2 and REQUESTS - CLIENTS <= served <= REQUESTS + CLIENTS, output
