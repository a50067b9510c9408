"""A server that fails, in every way that one can be made to."""

from __future__ import annotations

import datetime
import ipaddress
import json
import logging
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import redis
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from botoses_guard.pacing import Refused, SendQuota
from botoses_guard.pacing.backend import BackendFailure, Presence
from botoses_guard.pacing.budget import NO_OUTCOMES, Outcomes
from botoses_guard.pacing.clock import monotonic_us
from botoses_guard.pacing.redis.backend import RedisBackend
from botoses_guard.pacing.redis.failures import kind_of
from botoses_guard.pacing.redis.url import server_at
from botoses_guard.pacing.shared import MARGIN, SharedStore

from .clock import SECOND
from .demands import demand, granted
from .proxy import Proxy
from .valkey import Valkey, free_port

KEY = "111122223333:us-east-1"
NAME = "botoses_guard:{" + KEY + "}"
ALONE = Presence("one", False)
PASSWORD = "tr0ub4dor"

TIMEOUT = 0.2
"""Seconds: short, because tests wait for it."""

SOON = 5.0
"""Seconds: a call that must not hang is over by then, on a busy machine, too."""

INTERVAL = round(SECOND / (10.0 * 0.85))
"""Microseconds between sends at 10/s while the store is out of reach, of a process on its own."""


class Later:
    """The clock of this machine, which can be moved on so that nobody waits for a breaker."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> int:
        return monotonic_us() + round(self.seconds * SECOND)


@pytest.fixture
def server() -> Iterator[Valkey]:
    with Valkey() as running:
        yield running


def backend_at(url: str) -> RedisBackend:
    return RedisBackend(server_at(url), TIMEOUT)


def reserve(backend: RedisBackend) -> None:
    granted(backend.reserve(KEY, [demand()], NO_OUTCOMES, 0, ALONE).answers[0])


def follow_another(server: Valkey) -> None:
    server.command("REPLICAOF", "127.0.0.1", "1")


def change_the_password(server: Valkey) -> None:
    server.command("ACL", "SETUSER", "guard", "resetpass", ">another")
    server.command("CLIENT", "KILL", "USER", "guard")


def take_the_permission(server: Valkey) -> None:
    server.command("ACL", "SETUSER", "guard", "-hset")


def give_the_user_back(server: Valkey) -> None:
    server.command(
        "ACL", "SETUSER", "guard", "reset", "on", f">{PASSWORD}", "~botoses_guard:*", *PERMISSIONS
    )


def start_again(server: Valkey) -> None:
    server.start()
    give_the_user_back(server)


PERMISSIONS = [
    *("+evalsha", "+eval", "+time", "+hget", "+hmget", "+hset", "+pexpire"),
    *("+zadd", "+zcard", "+zremrangebyscore"),
]
"""All that the store needs."""

Act = Callable[[Valkey], object]

DAMAGES = {
    "killed": (Valkey.kill, start_again, "refused"),
    "frozen": (Valkey.freeze, Valkey.thaw, "timeout"),
    "follows another": (
        follow_another,
        lambda server: server.command("REPLICAOF", "NO", "ONE"),
        "read-only",
    ),
    "full": (
        lambda server: server.command("CONFIG", "SET", "maxmemory", "1"),
        lambda server: server.command("CONFIG", "SET", "maxmemory", "0"),
        "out of memory",
    ),
    "password changed": (change_the_password, give_the_user_back, "wrong password"),
    "permission taken": (take_the_permission, give_the_user_back, "no permission"),
    "wrong type": (
        lambda server: server.command("SET", NAME, "anything"),
        lambda server: server.command("DEL", NAME),
        "wrong type at the key",
    ),
    "unreadable state": (
        lambda server: server.command("HSET", NAME, "state", "anything"),
        lambda server: server.command("DEL", NAME),
        "unreadable state at the key",
    ),
}
"""What happens to a server, what repairs it, and what kind of failure it is."""

every_damage = pytest.mark.parametrize(
    ("damage", "repair", "kind"), [pytest.param(*row, id=id_) for id_, row in DAMAGES.items()]
)


@every_damage
def test_a_process_goes_on_alone_and_comes_back(
    server: Valkey, caplog: pytest.LogCaptureFixture, damage: Act, repair: Act, kind: str
) -> None:
    """At 0.85 of its part of the rate; one warning, and one word of the return."""
    caplog.set_level(logging.DEBUG)
    give_the_user_back(server)
    clock = Later()
    backend = backend_at(f"valkey://guard:{PASSWORD}@127.0.0.1:{server.port}")
    store = SharedStore("valkey://here", backend, clock=clock, uniform=lambda: 0.0)
    granted(store.reserve(KEY, demand()))
    damage(server)
    began = time.monotonic()
    slots = [granted(store.reserve(KEY, demand())) for _ in range(5)]
    assert time.monotonic() - began < SOON
    assert all(slot.outage for slot in slots)
    gaps = [after.start - before.start for before, after in pairwise(slots)]
    assert all(abs(gap - INTERVAL) <= 1 for gap in gaps)
    assert store.state.endswith(f": {kind}")
    repair(server)
    clock.seconds += 2.0
    assert granted(store.reserve(KEY, demand())).outage is None
    assert store.state == "ok"
    warning, back = [record.getMessage() for record in caplog.records]
    assert warning == (
        f"the store valkey://here is out of reach ({kind}): "
        "this process goes on at 0.85 of its part of the rate"
    )
    assert back.startswith("the store valkey://here is back after ")


@every_damage
def test_every_step_tells_the_kind_of_failure_and_nothing_else(
    server: Valkey, damage: Act, repair: Act, kind: str
) -> None:
    give_the_user_back(server)
    backend = backend_at(f"valkey://guard:{PASSWORD}@127.0.0.1:{server.port}")
    slot = granted(backend.reserve(KEY, [demand()], NO_OUTCOMES, 0, ALONE).answers[0])
    damage(server)
    steps: list[Callable[[], object]] = [
        lambda: reserve(backend),
        lambda: backend.hear(KEY, Outcomes(confirmed=1)),
        lambda: backend.give_back(KEY, slot),
        lambda: backend.throttled(KEY, slot),
        lambda: backend.exhausted(KEY, slot),
        lambda: backend.turn(KEY, 60.0),
        lambda: backend.learn(KEY, SendQuota(14.0, 100.0, 0.0), None),
    ]
    began = time.monotonic()
    for step in steps:
        with pytest.raises(BackendFailure) as failure:
            step()
        assert str(failure.value) == kind
    assert time.monotonic() - began < SOON
    repair(server)
    reserve(backend)


def test_a_store_that_is_to_raise_refuses(server: Valkey) -> None:
    store = SharedStore("valkey", backend_at(server.url), "raise")
    server.kill()
    answer = store.reserve(KEY, demand())
    assert isinstance(answer, Refused)
    assert answer.category == "store_unavailable"
    assert 0 < answer.retry_after <= 1.2


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("valkey://127.0.0.1:{nobody}", "refused"),
        ("valkey://guard:not-the-password@127.0.0.1:{port}", "wrong password"),
        ("valkey://:not-the-password@127.0.0.1:{port}", "no password wanted"),
        ("valkey://127.0.0.1:{port}/99", "no such database"),
        ("unix:///nowhere/at/all", "no such socket or certificate"),
    ],
)
def test_an_address_that_leads_nowhere_tells_why(server: Valkey, url: str, kind: str) -> None:
    give_the_user_back(server)
    backend = backend_at(url.format(port=server.port, nobody=free_port()))
    with pytest.raises(BackendFailure) as failure:
        reserve(backend)
    assert str(failure.value) == kind
    assert failure.value.__cause__ is None


def test_an_answer_that_comes_late_is_a_timeout_and_nobody_elses_answer(server: Valkey) -> None:
    with Proxy(server.port) as proxy:
        backend = backend_at(f"valkey://127.0.0.1:{proxy.port}")
        reserve(backend)
        proxy.late = 5.0
        began = time.monotonic()
        with pytest.raises(BackendFailure, match="^timeout$"):
            reserve(backend)
        assert time.monotonic() - began < 4.0
        proxy.late = 0.0
        backend.learn(KEY, SendQuota(14.0, 100.0, 0.0), None)
        assert backend.turn(KEY, 60.0).quota == SendQuota(14.0, 100.0, 0.0)


def test_a_connection_that_is_reset_is_opened_again_for_the_next(server: Valkey) -> None:
    with Proxy(server.port) as proxy:
        backend = backend_at(f"valkey://127.0.0.1:{proxy.port}")
        reserve(backend)
        proxy.resets = True
        with pytest.raises(BackendFailure, match="^connection (reset|closed)$"):
            reserve(backend)
        proxy.resets = False
        reserve(backend)


def test_a_connection_that_was_closed_while_idle_is_no_failure(server: Valkey) -> None:
    """Servers close idle connections, and so do things between."""
    backend = backend_at(server.url)
    for _ in range(3):
        reserve(backend)
        server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")


def test_one_that_is_no_such_server_is_a_failure(server: Valkey) -> None:
    """Here it answers in another protocol."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            front, _ = listener.accept()
            with front:
                front.recv(65536)
                front.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(BackendFailure, match="^no valid answer$"):
            reserve(backend_at(f"valkey://127.0.0.1:{listener.getsockname()[1]}"))
        thread.join()


def test_a_server_that_forgot_the_script_is_told_it_again(server: Valkey) -> None:
    """Once; and nothing is counted twice."""
    backend = backend_at(server.url)
    for _ in range(3):
        server.command("SCRIPT", "FLUSH", "SYNC")
        backend.reserve(KEY, [demand(quota=100.0)], NO_OUTCOMES, 0, ALONE)
        backend.reserve(KEY, [demand(quota=100.0)], NO_OUTCOMES, 0, ALONE)
    assert backend.standing(KEY, 10.0, 100.0).remaining_24_hours == 94
    calls = server.client().info("commandstats")
    assert calls["cmdstat_eval"]["calls"] == 3
    assert calls["cmdstat_evalsha"]["failed_calls"] == 3


def test_a_user_needs_no_more_than_these_permissions(server: Valkey) -> None:
    give_the_user_back(server)
    backend = backend_at(f"valkey://guard:{PASSWORD}@127.0.0.1:{server.port}")
    reply = backend.reserve(KEY, [demand(quota=9.0)], NO_OUTCOMES, 0, Presence("one", True))
    assert (reply.peers, reply.remaining) == (1, 8)


def test_a_server_that_keeps_its_time_from_scripts_is_given_that_of_the_host(
    server: Valkey, caplog: pytest.LogCaptureFixture
) -> None:
    """Said once."""
    give_the_user_back(server)
    server.command("ACL", "SETUSER", "guard", "-time")
    backend = backend_at(f"valkey://guard:{PASSWORD}@127.0.0.1:{server.port}")
    slots = [
        granted(backend.reserve(KEY, [demand(5)], NO_OUTCOMES, 0, ALONE).answers[0])
        for _ in range(3)
    ]
    assert abs(slots[-1].reserved - time.time() * SECOND) < 60 * SECOND
    assert slots[2].start - slots[1].start == slots[1].start - slots[0].start == SECOND // 2
    assert [record.getMessage() for record in caplog.records] == [
        f"the store valkey://127.0.0.1:{server.port} keeps its time from scripts: the clock of "
        "this host is used, which must agree with those of the other hosts"
    ]


def test_a_server_that_comes_back_empty_is_met_without_a_burst(server: Valkey) -> None:
    """From the old server through the outage to the new one, sends keep their distance."""
    store = SharedStore("valkey", backend_at(server.url), uniform=lambda: 0.0)
    goes: list[tuple[float, bool]] = []

    def send() -> None:
        slot = granted(store.reserve(KEY, demand(rate=20.0)))
        goes.append((time.monotonic() + slot.wait, slot.outage is None))

    for _ in range(10):
        send()
    server.kill()
    for _ in range(5):
        send()
    server.start()
    deadline = time.monotonic() + 30
    while store.state != "ok":
        time.sleep(0.05)
        send()
        assert time.monotonic() < deadline
    for _ in range(10):
        send()
    assert [there for _, there in goes[:15]] == [True] * 10 + [False] * 5
    times = sorted(at for at, _ in goes)
    window = 10  # sends; the first in the queue goes a tolerance early, twice
    for first, last in zip(times, times[window:], strict=False):
        assert last - first >= window / 20.0 - 2 * 0.1 - 2 * MARGIN / SECOND


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        # Redis 6 wraps what a script was told, and later ones do not.
        ("ERR Error running script (call to f_1): @user_script:9: -OOM command not allowed when "
         "used memory > 'maxmemory'.", "out of memory"),
        ("ERR Error running script (call to f_1): @user_script:9: @user_script: 9: -READONLY You "
         "can't write against a read only replica.", "read-only"),
        ("NOREPLICAS Not enough good replicas to write.", "too few replicas"),
        ("MISCONF Redis is configured to save RDB snapshots", "cannot save its data"),
        ("LOADING Redis is loading the dataset in memory", "loading its data"),
        ("BUSY Redis is busy running a script.", "busy with a script"),
        ("MASTERDOWN Link with MASTER is down", "master down"),
        ("CLUSTERDOWN The cluster is down", "cluster down"),
        ("MOVED 3999 10.0.0.1:6381", "key on another node of the cluster"),
        ("NOAUTH Authentication required.", "wrong password"),
        ("ERR max number of clients reached", "too many clients"),
        ("ERR unknown command 'EVALSHA', with args beginning with:", "refused the script"),
    ],
)  # fmt: skip
def test_what_servers_say_is_known_by_its_code(told: str, kind: str) -> None:
    """As a server would say it: here something answers any question with it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            front, _ = listener.accept()
            with front:
                front.recv(65536)
                front.sendall(f"-{told}\r\n".encode())

        thread = threading.Thread(target=answer)
        thread.start()
        backend = backend_at(f"valkey://127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(BackendFailure) as failure:
            reserve(backend)
        assert str(failure.value) == kind
        thread.join()


def test_a_host_without_an_address_is_unknown() -> None:
    error = redis.exceptions.ConnectionError("Error -2 connecting to a.invalid:6379.")
    error.__context__ = socket.gaierror(-2, "Name or service not known")
    assert kind_of(error) == "unknown host"


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[str, str]:
    """One that signed itself, and its key: names of files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "valkey")])
    now = datetime.datetime.now(datetime.timezone.utc)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (tmp_path / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")


def test_tls_is_spoken_and_the_certificate_checked(
    server: Valkey, certificate: tuple[str, str]
) -> None:
    """The server of the tests has no TLS of its own: a proxy before it speaks it."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*certificate)
    give_the_user_back(server)
    with Proxy(server.port, tls) as proxy:
        for scheme in ("rediss", "valkeys"):
            url = f"{scheme}://guard:{PASSWORD}@127.0.0.1:{proxy.port}"
            reserve(RedisBackend(server_at(f"{url}?ssl_ca_certs={certificate[0]}"), SOON))
            reserve(RedisBackend(server_at(f"{url}?ssl_cert_reqs=none"), SOON))
            with pytest.raises(BackendFailure, match="^certificate refused$"):
                reserve(RedisBackend(server_at(url), SOON))
        other = f"rediss://guard:{PASSWORD}@localhost:{proxy.port}"  # it is for 127.0.0.1
        with pytest.raises(BackendFailure, match="^certificate refused$"):
            reserve(RedisBackend(server_at(f"{other}?ssl_ca_certs={certificate[0]}"), SOON))


SENDER = """
import json, sys
from botoses_guard.pacing.budget import Demand
from botoses_guard.pacing.redis import open_redis_store
store = open_redis_store(sys.argv[1], "local")
for line in sys.stdin:
    slots = [store.reserve(sys.argv[2], Demand(1, 1, 10.0, None, 60.0)) for _ in range(int(line))]
    print(json.dumps([(slot.start, slot.end, slot.outage is None) for slot in slots]), flush=True)
"""


class Sender:
    """Another process that sends."""

    def __init__(self, url: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", SENDER, url, KEY],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def reserve(self, count: int) -> list[tuple[int, int]]:
        """Starts and ends on the server's clock."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{count}\n")
        self._process.stdin.flush()
        slots = json.loads(self._process.stdout.readline())
        assert all(there for _, _, there in slots)
        return [(start, end) for start, end, _ in slots]

    def __enter__(self) -> Sender:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=30)


def test_a_server_that_was_flushed_learns_the_queue_from_those_who_wait(server: Valkey) -> None:
    """Only slots that the first to return cannot know of may be given again."""
    url = f"{server.url}?socket_timeout=5"
    with Sender(url) as one, Sender(url) as other:
        of_one, of_other = one.reserve(20), other.reserve(20)
        assert of_other[0][0] == of_one[-1][1]
        server.command("FLUSHALL")
        again = one.reserve(5)
        assert again[0][0] >= of_one[-1][1] - 2 * MARGIN
        after = other.reserve(5)
        assert after[0][0] >= of_other[-1][1] - 2 * MARGIN
        assert one.reserve(1)[0][0] == after[-1][1]


FORK = """
import os, sys, threading, time, warnings
warnings.simplefilter("ignore", DeprecationWarning)  # forking with threads is what is tested
from botoses_guard.pacing.budget import Demand
from botoses_guard.pacing.redis import open_redis_store
store = open_redis_store(sys.argv[1], "raise")
one = Demand(1, 1, 10.0, None, 1e6)
starts, over = [], threading.Event()

def send():
    while not over.is_set():
        starts.append(store.reserve("key", one).start)

threads = [threading.Thread(target=send) for _ in range(4)]
for thread in threads:
    thread.start()
reader, writer = os.pipe()
child = os.fork()
if child == 0:
    try:
        own = [store.reserve("key", one).start for _ in range(50)]
        os.write(writer, (" ".join(map(str, own)) + " ").encode())
    finally:
        os._exit(0)
os.waitpid(child, 0)
after = len(starts)
while len(starts) < after + 20:
    time.sleep(0.001)
over.set()
for thread in threads:
    thread.join()
os.close(writer)
with open(reader) as told:
    own = told.read().split()
print(len(own), len({*map(str, starts), *own}) == len(starts) + len(own), store.state)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_child_that_is_forked_in_the_midst_of_sends_has_a_connection_of_its_own(
    server: Valkey,
) -> None:
    """No answer goes to the wrong one, and none of the parent's trips fails."""
    ended = subprocess.run(
        [sys.executable, "-c", FORK, f"{server.url}?socket_timeout=5"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ended.stderr == ""
    assert ended.stdout == "50 True ok\n"
