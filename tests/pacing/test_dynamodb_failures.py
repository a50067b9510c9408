"""What becomes of sends when DynamoDB does not do what was asked.

The table is moto's. What moto does not do, a server before it does: it answers late or not at all,
throttles, and refuses.
"""

from __future__ import annotations

import http.client
import json
import logging
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

import boto3
import pytest
from botocore.exceptions import (
    ClientError,
    DataNotFoundError,
    SSLError,
    UnauthorizedSSOTokenError,
)

from botoses_guard.pacing import Refused, SendQuota, Slot
from botoses_guard.pacing.backend import BackendFailure, Presence
from botoses_guard.pacing.budget import NO_OUTCOMES, Outcomes
from botoses_guard.pacing.clock import wall_us
from botoses_guard.pacing.dynamodb.backend import DynamoDBBackend
from botoses_guard.pacing.dynamodb.failures import kind_of
from botoses_guard.pacing.dynamodb.items import ROUNDS
from botoses_guard.pacing.dynamodb.service_clock import ServiceClock
from botoses_guard.pacing.dynamodb.table import Table, client_maker
from botoses_guard.pacing.dynamodb.url import Address
from botoses_guard.pacing.inquiry import LOOK_AGAIN
from botoses_guard.pacing.shared import LOCAL_PART, SharedStore

from .clock import HOUR, SECOND, Clock
from .demands import demand, granted, refused
from .dynamodb_store import REGION, backend_at, client, dynamodb, new_table

KEY = "111122223333:eu-west-1"


class Front(ThreadingHTTPServer):
    """Passes requests on to moto as long as nothing else is wished."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer: tuple[int, bytes] | None = None
        """Status and body of each answer; ``None`` for moto's own."""
        self.hangs = threading.Event()
        """Not set while requests go unanswered."""
        self.hangs.set()
        self.resets = False
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def refuse(self, code: str, status: int = 400) -> None:
        """Answer with an error as DynamoDB has it."""
        kind = f"com.amazonaws.dynamodb.v20120810#{code}"
        error = {"__type": kind, "message": "of table secret at arn:aws:dynamodb:secret"}
        self.answer = status, json.dumps(error).encode()

    def close(self) -> None:
        self.hangs.set()
        self.shutdown()
        self.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        front = cast(Front, self.server)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        front.hangs.wait(5)
        if front.resets:
            return
        status, answer = front.answer or self._ask_moto(body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        try:
            self.wfile.write(answer)
        except OSError:
            pass  # it asked and did not wait

    def _ask_moto(self, body: bytes) -> tuple[int, bytes]:
        moto = http.client.HTTPConnection("127.0.0.1", dynamodb().port)
        moto.request("POST", self.path, body, dict(self.headers))
        answer = moto.getresponse()
        status, text = answer.status, answer.read()
        moto.close()
        return status, text

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def front() -> Iterator[Front]:
    server = Front()
    yield server
    server.close()


def reserve(backend: DynamoDBBackend) -> Slot | Refused:
    (answer,) = backend.reserve(KEY, [demand()], NO_OUTCOMES, 0, Presence("me", False)).answers
    return answer


def every_step(backend: DynamoDBBackend) -> list[Callable[[], object]]:
    slot = Slot(demand(), 1, 1, 2, 3, 0.0)
    return [
        partial(reserve, backend),
        partial(backend.hear, KEY, Outcomes(confirmed=1)),
        partial(backend.give_back, KEY, slot),
        partial(backend.throttled, KEY, slot),
        partial(backend.exhausted, KEY, slot),
        partial(backend.turn, KEY, 60.0),
        partial(backend.learn, KEY, SendQuota(1.0, 200.0, 0.0), None),
        partial(backend.standing, KEY, 1.0, None),
    ]


def fails(backend: DynamoDBBackend, kind: str) -> None:
    """Every step fails with a text that tells the kind and nothing else."""
    for step in every_step(backend):
        with pytest.raises(BackendFailure) as caught:
            step()
        assert str(caught.value) == kind


def test_a_table_that_does_not_exist() -> None:
    fails(backend_at(dynamodb().endpoint, "no-such-table", Clock()), "no table")


def test_a_table_with_another_key() -> None:
    name = new_table() + "-other"
    client(dynamodb().endpoint).create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    fails(backend_at(dynamodb().endpoint, name, Clock()), "not a table of budgets")


def test_a_server_that_is_gone(front: Front) -> None:
    backend = backend_at(front.endpoint, new_table(), Clock())
    granted(reserve(backend))
    front.shutdown()
    front.server_close()
    fails(backend, "unreachable")


def test_a_server_that_does_not_answer(front: Front) -> None:
    backend = backend_at(front.endpoint, new_table(), Clock(), timeout=0.05)
    front.hangs.clear()
    before = time.monotonic()
    fails(backend, "timeout")
    assert time.monotonic() - before < 4  # eight steps


def test_a_connection_that_is_reset(front: Front) -> None:
    front.resets = True
    fails(backend_at(front.endpoint, new_table(), Clock()), "unreachable")


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("ProvisionedThroughputExceededException", 400, "throttled"),
        ("ThrottlingException", 400, "throttled"),
        ("RequestLimitExceeded", 400, "throttled"),
        ("AccessDeniedException", 400, "no permission"),
        ("UnrecognizedClientException", 400, "credentials refused"),
        ("ExpiredTokenException", 400, "credentials expired"),
        ("InternalServerError", 500, "unavailable"),
        ("SomethingOfTomorrow", 400, "refused"),
    ],
)
def test_a_refusal(front: Front, code: str, status: int, kind: str) -> None:
    front.refuse(code, status)
    fails(backend_at(front.endpoint, "secret-table", Clock()), kind)


def test_an_answer_that_is_not_dynamodbs(front: Front) -> None:
    """Such as the page of a captive portal."""
    front.answer = 200, b"<html>Welcome</html>"
    with pytest.raises(BackendFailure, match="^not a budget$"):
        reserve(backend_at(front.endpoint, "budgets", Clock()))


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (DataNotFoundError(data_path="secret"), "not usable: DataNotFoundError"),
        (ValueError("secret"), "not understood: ValueError"),
        (ClientError({}, "UpdateItem"), "refused"),
        (SSLError(endpoint_url="https://secret", error=ValueError("secret")), "unreachable"),
        (UnauthorizedSSOTokenError(), "no credentials"),
        (OSError("secret"), "unreachable"),
    ],
)
def test_a_failure_is_told_without_a_word_of_its_text(error: Exception, kind: str) -> None:
    assert kind_of(error) == kind


def test_no_credentials_and_then_some(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    clock = ServiceClock()
    table = new_table()
    without_region = client_maker(Address(table, None, dynamodb().endpoint), 30.0)
    with pytest.raises(BackendFailure, match="^no region$"):
        reserve(DynamoDBBackend(Table(without_region, table, clock), clock))
    make = client_maker(Address(table, REGION, dynamodb().endpoint), 30.0)
    backend = DynamoDBBackend(Table(make, table, clock), clock)
    with pytest.raises(BackendFailure, match="^no credentials$"):
        reserve(backend)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    assert granted(reserve(backend)).wait == 0


def test_the_client_tries_once_and_waits_for_a_quarter_of_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever the environment says of retries."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "7")
    monkeypatch.setenv("AWS_RETRY_MODE", "adaptive")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", boto3.Session("a", "b", region_name=REGION))
    config = client_maker(Address("budgets", None, None))().meta.config
    assert config.retries == {"total_max_attempts": 1, "mode": "standard"}
    assert (config.connect_timeout, config.read_timeout) == (0.25, 0.25)
    assert config.region_name == REGION


def outage(
    caplog: pytest.LogCaptureFixture, front: Front, kind: str, begin: Callable[[], object]
) -> None:
    """An outage as senders see it: paced here, one warning, and a message on return."""
    caplog.set_level(logging.WARNING, "botoses_guard")
    clock = Clock()
    backend = backend_at(front.endpoint, new_table(), clock, timeout=0.25)
    client(front.endpoint, 0.25)  # made before, so that only the calls are bounded
    store = SharedStore("dynamodb://budgets", backend, clock=clock, uniform=lambda: 0.5)
    last = granted(store.reserve(KEY, demand(5)))
    begin()
    slots = [granted(store.reserve(KEY, demand())) for _ in range(3)]
    gaps = {round(slot.end - slot.start) for slot in slots}
    assert gaps <= {round(SECOND / (10 * LOCAL_PART)) + off for off in (-1, 0, 1)}
    # The first goes behind the last that the table gave, and none beside another.
    assert slots[0].start >= last.end and slots[1].start == slots[0].end
    for slot in slots:
        store.accepted(KEY, slot)
    assert [record.getMessage() for record in caplog.records] == [
        f"the store dynamodb://budgets is out of reach ({kind}): "
        "this process goes on at 0.85 of its part of the rate"
    ]
    assert kind in store.state
    front.answer = None
    front.hangs.set()
    clock.advance(2)
    back = granted(store.reserve(KEY, demand()))
    assert back.outage is None
    assert back.start >= clock.now - 2 * SECOND + 500_000
    assert len(caplog.records) == 2
    assert caplog.records[1].getMessage().startswith("the store dynamodb://budgets is back after")
    assert store.state == "ok"
    left = store.standing(KEY, 10.0, 100.0).remaining_24_hours
    # A reservation that nobody had an answer to was made all the same, and stays counted.
    assert left == 100 - 5 - 3 - 1 - (kind == "timeout")


def test_sends_go_on_while_the_table_is_throttled(
    caplog: pytest.LogCaptureFixture, front: Front
) -> None:
    outage(caplog, front, "throttled", lambda: front.refuse("ThrottlingException"))


def test_sends_go_on_while_the_server_is_slow(
    caplog: pytest.LogCaptureFixture, front: Front
) -> None:
    outage(caplog, front, "timeout", front.hangs.clear)


def test_sends_go_on_while_the_permission_is_missing(
    caplog: pytest.LogCaptureFixture, front: Front
) -> None:
    outage(caplog, front, "no permission", lambda: front.refuse("AccessDeniedException"))


def test_sends_are_refused_while_the_table_is_out_of_reach_if_that_is_wished() -> None:
    clock = Clock()
    backend = backend_at(dynamodb().endpoint, "no-such-table", clock)
    store = SharedStore("dynamodb://no-such-table", backend, "raise", clock, lambda: 0.5)
    answer = refused(store.reserve(KEY, demand()))
    assert (answer.category, answer.retry_after) == ("store_unavailable", 1.0)


class Overtaken(Table):
    """A table whose items another process changes just before each write of this one."""

    def overtake(self, how: Callable[[], object], times: int) -> None:
        self._how = how
        self._times = times

    def write(self, key: str, change: Any) -> Any:
        if self._times:
            self._times -= 1
            self._how()
        return super().write(key, change)


class Race:
    """A process that is overtaken, and the one that overtakes it."""

    def __init__(self) -> None:
        self.clock = Clock()
        name, time_of_tests = new_table(), ServiceClock(self.clock, corrects=False)
        self.table = Overtaken(lambda: client(dynamodb().endpoint), name, time_of_tests)
        self.table.overtake(self.learn, 0)
        self.loser = DynamoDBBackend(self.table, time_of_tests)
        self.winner = backend_at(dynamodb().endpoint, name, self.clock)

    def learn(self) -> None:
        """What changes the version of an item."""
        self.winner.learn(KEY, SendQuota(10.0, 100.0, 0.0), None)

    def accept(self) -> None:
        """What begins a second of the count of what SES accepts."""
        self.clock.advance(1)
        self.winner.hear(KEY, Outcomes(accepted=1))

    def bring_an_answer(self) -> None:
        self.clock.advance(1)
        self.learn()


def test_who_is_overtaken_tries_again() -> None:
    race = Race()
    race.table.overtake(race.learn, ROUNDS)
    assert granted(reserve(race.loser)).wait == 0


def test_who_is_overtaken_again_and_again_gives_up() -> None:
    race = Race()
    race.table.overtake(race.learn, 99)
    with pytest.raises(BackendFailure, match="^contended$"):
        reserve(race.loser)
    race.table.overtake(race.accept, 99)
    with pytest.raises(BackendFailure, match="^contended$"):
        race.loser.hear(KEY, Outcomes(accepted=1))


def test_a_throttle_that_is_overtaken_again_and_again_uncounts_and_does_not_cut() -> None:
    race = Race()
    slot = granted(reserve(race.loser))
    race.table.overtake(race.learn, ROUNDS)
    assert race.loser.throttled(KEY, slot) is None
    standing = race.winner.standing(KEY, 10.0, 100.0)
    assert (standing.rate, standing.remaining_24_hours) == (10.0, 100.0)


def test_who_is_overtaken_at_each_turn_looks_again_soon() -> None:
    race = Race()
    race.table.overtake(race.bring_an_answer, ROUNDS)
    turn = race.loser.turn(KEY, 0.0)
    assert (turn.asks, turn.again) == (False, LOOK_AGAIN)


def test_the_time_is_right_where_the_hosts_clock_is_not(caplog: pytest.LogCaptureFixture) -> None:
    """A host whose clock is an hour ahead does not keep the others waiting for an hour."""
    table = new_table()
    clocks = [ServiceClock(), ServiceClock(lambda: wall_us() + HOUR)]
    right, wrong = (
        DynamoDBBackend(Table(lambda: client(dynamodb().endpoint), table, clock), clock)
        for clock in clocks
    )
    granted(reserve(wrong))
    assert granted(reserve(right)).wait < 60
    assert abs(clocks[1]() - wall_us()) < 60 * SECOND
    (told,) = [record.getMessage() for record in caplog.records]
    assert re.fullmatch(r"this host's clock is (3599|3600) s ahead of DynamoDB's", told)


@pytest.mark.parametrize(
    ("host", "offset", "says"),
    [
        (1_800_000_000_000_000, 0, ""),
        (1_800_000_000_900_000, 0, ""),
        (1_799_999_999_100_000, 0, ""),
        (1_800_000_001_900_000, 0, ""),
        (1_800_000_002_500_000, 0, "2 s ahead of"),
        (1_799_999_998_600_000, 0, "1 s behind"),
        (1_800_000_003_000_000, -2, "2 s ahead of"),
        (1_799_999_998_000_000, 2, "2 s behind"),
        (1_799_999_000_500_000, 999, "1000 s behind"),
        (1_800_003_600_000_000, -3599, "3599 s ahead of"),
    ],
)
def test_the_date_of_an_answer_tells_how_far_a_clock_is_off(
    caplog: pytest.LogCaptureFixture, host: int, offset: int, says: str
) -> None:
    """Date has whole seconds: what it says is true for a second (RFC 9110 section 5.6.7)."""
    clock = ServiceClock(lambda: host)
    for _ in range(3):
        clock.hear("Fri, 15 Jan 2027 08:00:00 GMT", clock())
    assert clock.offset == offset * SECOND
    assert len(caplog.records) == bool(says)
    assert f" {says}" in caplog.text + " "


@pytest.mark.parametrize("date", [None, "", "yesterday", "Fri, 99 Jan 2027 08:00:00 GMT"])
def test_an_answer_without_a_date_says_nothing(date: str | None) -> None:
    clock = ServiceClock(lambda: 0)
    clock.hear(date, 0)
    assert clock.offset == 0


FORK = """
import os, sys, warnings
warnings.simplefilter("ignore", DeprecationWarning)
from botoses_guard.pacing.dynamodb import open_dynamodb_store
from botoses_guard.pacing.budget import Demand

store = open_dynamodb_store(sys.argv[1], "raise")
one = Demand(1, 1, 1.0, 100.0, 60.0)
first = store.reserve("key", one)
sys.stdout.flush()
child = os.fork()
slot = store.reserve("key", one)
print((slot.start - first.start) // 1_000_000, flush=True)
if child == 0:
    os._exit(0)
os.waitpid(child, 0)
print((store.reserve("key", one).start - first.start) // 1_000_000)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_and_its_parent_share_the_budget_and_no_connection() -> None:
    url = f"dynamodb://{new_table()}?region={REGION}&endpoint={dynamodb().endpoint}"
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    ran = subprocess.run(
        [sys.executable, "-c", FORK, url],
        env={**os.environ, **keys},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ran.stderr, sorted(ran.stdout.split())) == ("", ["1", "2", "3"])
