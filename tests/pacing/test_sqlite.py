"""Budgets in a file: shared by processes, and whatever becomes of them or of the file.

Whatever needs processes of its own is a program, because a process that has run threads should
not fork, and so that what is killed, stopped or mounted is nobody else's.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from botoses_guard.errors import SettingError
from botoses_guard.pacing import SendQuota, Slot
from botoses_guard.pacing.backend import BackendFailure, Presence
from botoses_guard.pacing.budget import NO_OUTCOMES, Demand
from botoses_guard.pacing.shared import SharedStore
from botoses_guard.pacing.sqlite import SqliteBackend, open_sqlite_store
from botoses_guard.pacing.sqlite.file import fault_of
from botoses_guard.pacing.sqlite.host_clock import HostClock, host_clock
from botoses_guard.pacing.sqlite.mounts import network_type_of
from botoses_guard.pacing.sqlite.url import check_sqlite_url, path_of

from .clock import DAY, HOUR, Clock
from .demands import demand, granted

KEY = "111122223333:us-east-1"
INTERVAL = 100_000
"""Microseconds between two recipients of :func:`demand`."""

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells and mounts so")

BEGIN = """
import os, random, signal, sqlite3, sys, threading, time, warnings
warnings.simplefilter("ignore", DeprecationWarning)  # forking with threads is what is tested
from botoses_guard.pacing.backend import BackendFailure, Presence
from botoses_guard.pacing.budget import NO_OUTCOMES, Demand
from botoses_guard.pacing.sqlite import SqliteBackend

path = sys.argv[1]
backend = SqliteBackend(path, patience=20.0)
me = Presence("me", False)

def start(recipients=1):
    demand = Demand(recipients, 1, 1000.0, 1e6, 1e6)
    return backend.reserve("key", [demand], NO_OUTCOMES, -(10**9), me).answers[0].start

def fill():
    "Begin a queue that is not empty before the test is over, however slow the machine."
    print(start(600_000) + 599_999_000, flush=True)

def in_child(work):
    child = os.fork()
    if child:
        return child
    try:
        work()
    except BaseException as error:
        print(type(error).__name__, error)
    sys.stdout.flush()
    os._exit(0)
"""

THREADS = """
def reserve_all():
    starts = []
    def reserve():
        for _ in range(25):
            starts.append(start())
    threads = [threading.Thread(target=reserve) for _ in range(8)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    os.write(1, "".join(f"{one}\\n" for one in starts).encode())  # whole, beside the others
"""


def program(text: str, path: Path, *before: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*before, sys.executable, "-c", BEGIN + text, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def output_of(ended: subprocess.Popen[str]) -> list[str]:
    try:
        output, errors = ended.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(ended.pid, signal.SIGKILL)  # with its children
        raise
    assert (errors, ended.returncode) == ("", 0)
    return output.splitlines()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "budgets"


def backend_at(path: Path, clock: Clock | None = None, patience: float = 5.0) -> SqliteBackend:
    clocks = HostClock(clock, clock, bytes(8)) if clock else None
    return SqliteBackend(str(path), clocks, patience)


def reserve(backend: SqliteBackend, wanted: Demand | None = None, floor: int = -HOUR) -> Slot:
    wanted = wanted or demand(max_wait=1e6)
    reply = backend.reserve(KEY, [wanted], NO_OUTCOMES, floor, Presence("me", False))
    return granted(reply.answers[0])


def spacings(starts: list[int]) -> set[int]:
    return {after - before for before, after in pairwise(sorted(starts))}


def test_processes_of_threads_get_distinct_slots_without_a_gap(path: Path) -> None:
    starts = [int(line) for line in output_of(program("fill()", path))]
    running = [program(THREADS + "reserve_all()", path) for _ in range(4)]
    starts += [int(line) for one in running for line in output_of(one)]
    assert len(starts) == 1 + 4 * 8 * 25
    assert spacings(starts) == {1000}
    standing = backend_at(path).standing("key", 10.0, 1e6)
    assert standing.remaining_24_hours == 1e6 - len(starts)


@forks
def test_forked_processes_of_threads_do_too(path: Path) -> None:
    """Children of one that sends: each opens the file for itself."""
    forking = """
fill()
children = [in_child(reserve_all) for _ in range(3)]
reserve_all()
for child in children: os.waitpid(child, 0)
"""
    starts = [int(line) for line in output_of(program(THREADS + forking, path))]
    assert len(starts) == 1 + 4 * 8 * 25
    assert spacings(starts) == {1000}


@forks
def test_a_child_keeps_the_file_when_its_parent_lets_go(path: Path) -> None:
    """SQLite's locks are not inherited: were its notes of them, the child would write into a log
    that is deleted under it, and nobody else would see."""
    forking = """
fill()
told, tell = os.pipe()
gone, go = os.pipe()

def work():
    print(start(), flush=True)
    os.write(tell, b"x")
    os.read(gone, 1)
    print(start(), start(), sep="\\n")

child = in_child(work)
os.read(told, 1)
print(start(), flush=True)
backend._drop()
raw = sqlite3.connect(path)
raw.execute("SELECT * FROM budgets").fetchall()
raw.close()
os.write(go, b"x")
os.waitpid(child, 0)
print(start())
"""
    starts = [int(line) for line in output_of(program(forking, path))]
    assert len(starts) == 6
    assert spacings(starts) == {1000}


@forks
def test_a_fork_in_the_middle_of_reservations_waits_for_them(path: Path) -> None:
    forking = """
fill()
over = threading.Event()
starts = []

def reserve():
    while not over.is_set():
        starts.append(start())

threads = [threading.Thread(target=reserve) for _ in range(3)]
for thread in threads: thread.start()
for _ in range(8):
    os.waitpid(in_child(lambda: print(start(), start(), sep="\\n")), 0)
over.set()
for thread in threads: thread.join()
print(*starts, sep="\\n")
"""
    starts = [int(line) for line in output_of(program(forking, path))]
    assert len(starts) > 17
    assert spacings(starts) == {1000}


@forks
def test_a_child_that_inherited_an_open_file_leaves_it_alone(path: Path) -> None:
    """A step that does not end, or a fork that Python does not hear of."""
    forking = """
from botoses_guard.pacing.sqlite import backend as sqlite
backend._patience = 0.05
start()

def work():
    try:
        backend.hear("key", NO_OUTCOMES)
    except BackendFailure as failure:
        print(failure, len(sqlite._inherited))

backend._lock.acquire()
os.waitpid(in_child(work), 0)
backend._lock.release()
sqlite._backends.clear()
os.waitpid(in_child(work), 0)
start()
"""
    refusal = "open when this process was forked 1"
    assert output_of(program(forking, path)) == [refusal, refusal]


@forks
def test_killed_at_any_instant_a_process_takes_nothing_with_it(path: Path) -> None:
    killing = """
random.seed(4)
fill()
last = start()
for _ in range(25):
    children = [in_child(lambda: [start() for _ in range(10**9)]) for _ in range(2)]
    time.sleep(random.uniform(0.002, 0.03))
    granted = []
    for child in children:
        os.kill(child, signal.SIGKILL)
        granted.append(start())
    for child in children: os.waitpid(child, 0)
    for slot in granted:
        assert slot > last and (slot - last) % 1000 == 0, (last, slot)
        last = slot
print(sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone()[0])
"""
    assert output_of(program(killing, path))[1:] == ["ok"]


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="nothing stops a process here")
def test_a_process_that_is_stopped_in_a_transaction_is_waited_for_a_moment(path: Path) -> None:
    backend = backend_at(path, patience=0.1)
    first = reserve(backend)
    stopping = """
raw = sqlite3.connect(path, isolation_level=None)
raw.execute("BEGIN IMMEDIATE")
print("in", flush=True)
os.kill(os.getpid(), signal.SIGSTOP)
"""
    stopped = program(stopping, path)
    try:
        assert stopped.stdout and stopped.stdout.readline() == "in\n"
        for _ in range(2):
            with pytest.raises(BackendFailure, match="^locked$"):
                reserve(backend)
        assert backend.standing(KEY, 10.0, None).rate == 10.0
    finally:
        stopped.kill()
        stopped.communicate()
    assert reserve(backend).start >= first.end


def test_a_thread_waits_for_another_no_longer_than_for_a_process(path: Path) -> None:
    backend = backend_at(path, patience=0.05)
    with backend._lock, pytest.raises(BackendFailure, match="^locked$"):
        reserve(backend)


def test_one_who_is_never_fast_enough_shuts_the_others_out(path: Path) -> None:
    """The record that a process knows is not the one in the file, again and again."""
    clock, outrun = Clock(), list[Slot]()
    other = backend_at(path, clock, patience=0.01)

    def hurry() -> int:
        try:
            outrun.append(reserve(other))
        except BackendFailure as failure:
            assert str(failure) == "locked"
        return clock()

    mine = SqliteBackend(str(path), HostClock(clock, hurry, bytes(8)))
    last = reserve(mine)
    assert len(outrun) == 4
    assert spacings([slot.start for slot in (*outrun, last)]) == {INTERVAL}
    assert last.start == outrun[-1].end


def test_only_its_owner_reads_and_writes_the_files(path: Path) -> None:
    before = os.umask(0)
    try:
        backend = backend_at(path)
        reserve(backend)
        modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(("budgets", "budgets-wal", "budgets-shm"), 0o600)


def test_a_file_that_was_deleted_is_left_after_half_a_second(path: Path) -> None:
    """SQLite goes on with a file that has no name: nobody else would meet us there."""
    clock = Clock()
    mine, other = backend_at(path, clock), backend_at(path, clock)
    reserve(mine, demand(50))
    path.unlink()
    clock.advance(0.25)
    first = reserve(other)
    assert first.wait == 0
    assert reserve(mine).wait > 0
    clock.advance(0.25)
    assert reserve(mine, demand(10)).start == clock()
    assert reserve(other).start == clock() + 10 * INTERVAL
    assert integrity(path) == "ok"


def test_another_file_of_the_name_is_noticed(path: Path) -> None:
    clock = Clock()
    backend = backend_at(path, clock)
    reserve(backend, demand(50))
    replaced = path.with_name("new")
    reserve(backend_at(replaced, clock), demand(20))
    for end in ("-wal", "-shm"):
        path.with_name(f"budgets{end}").unlink()
    replaced.replace(path)
    clock.advance(2)
    assert backend.standing(KEY, 10.0, None).queue == 0.0


def integrity(path: Path) -> str:
    raw = sqlite3.connect(path)
    try:
        (answer,) = raw.execute("PRAGMA integrity_check").fetchone()
    finally:
        raw.close()
    return str(answer)


GARBAGE = b"This is the diary of nobody. " * 400


def test_a_file_of_something_else_is_never_deleted(path: Path) -> None:
    path.write_bytes(GARBAGE)
    for _ in range(2):
        with pytest.raises(BackendFailure, match="^not a database$"):
            reserve(backend_at(path))
    assert path.read_bytes() == GARBAGE


def test_a_database_of_something_else_is_not_touched(path: Path) -> None:
    raw = sqlite3.connect(path)
    raw.execute("CREATE TABLE budgets(year INTEGER)")
    raw.close()
    before = path.read_bytes()
    with pytest.raises(BackendFailure, match="^a database of something else$"):
        reserve(backend_at(path))
    assert path.read_bytes() == before


def test_a_damaged_file_is_a_failure(path: Path) -> None:
    reserve(backend_at(path))
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(BackendFailure, match="^damaged$"):
        reserve(backend_at(path))


@pytest.mark.parametrize("record", [b"", b"\1" * 2504, "text", 1])
def test_a_record_that_is_no_budget_is_a_failure(path: Path, record: object) -> None:
    backend = backend_at(path)
    reserve(backend)
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("UPDATE budgets SET record = ?", (record,))
    raw.close()
    for step in (reserve, lambda backend: backend.standing(KEY, None, None)):
        with pytest.raises(BackendFailure, match="^not a budget$"):
            step(backend)


def test_a_file_without_the_tables_is_a_failure(path: Path) -> None:
    backend = backend_at(path)
    reserve(backend)
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("DROP TABLE budgets")
    raw.close()
    with pytest.raises(BackendFailure, match="^not a store of budgets$"):
        reserve(backend)


def test_a_key_that_is_no_text_is_a_failure(path: Path) -> None:
    with pytest.raises(BackendFailure):
        backend_at(path).hear("\udc80", NO_OUTCOMES)


def test_a_link_a_directory_and_nowhere_are_refused(path: Path) -> None:
    target = path.with_name("target")
    reserve(backend_at(target))
    path.symlink_to(target)
    with pytest.raises(BackendFailure, match="^a symbolic link$"):
        reserve(backend_at(path))
    with pytest.raises(BackendFailure, match="^not a file$"):
        reserve(backend_at(path.parent))
    with pytest.raises(BackendFailure, match="^no such directory$"):
        reserve(backend_at(path / "missing" / "budgets"))


NOBODY = 65534

AS_NOBODY = f"""
if os.geteuid() == 0:
    os.setgid({NOBODY})
    os.setuid({NOBODY})

def attempt():
    try:
        backend.hear("key", NO_OUTCOMES)
        print("ok")
    except BackendFailure as failure:
        print(failure)

attempt()
"""


@linux
def test_whose_directory_and_whose_file_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a user who is not root: permissions do not bind root."""
    for name in ("COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START"):
        monkeypatch.delenv(name, raising=False)  # nobody may write what coverage measures
    if os.geteuid() != 0:
        pytest.skip("needs root, to become somebody else")
    with tempfile.TemporaryDirectory() as folder:  # pytest's own are closed to everybody else
        path = Path(folder) / "budgets"
        path.parent.chmod(0o755)
        assert output_of(program(AS_NOBODY, path)) == ["no permission"]
        reserve(backend_at(path))
        assert output_of(program(AS_NOBODY, path)) == ["a file of another user"]
        for file in path.parent.iterdir():
            os.chown(file, NOBODY, NOBODY)
        path.parent.chmod(0o777)
        assert output_of(program(AS_NOBODY, path)) == ["ok"]
        path.chmod(0o400)
        assert output_of(program(AS_NOBODY, path)) == ["read-only"]


@pytest.fixture
def small_disk(path: Path) -> Iterator[tuple[str, ...]]:
    """What to write before a command so that the directory is on a disk of 256 kB for it alone."""
    mount = f'mount -t tmpfs -o size=256k tmpfs {path.parent} && exec "$@"'
    before = ("unshare", "--mount", "sh", "-c", mount, "sh")
    if (
        not shutil.which("unshare")
        or subprocess.run([*before, "true"], capture_output=True).returncode
    ):
        pytest.skip("mounting needs root, and unshare(1)")
    yield before


ATTEMPT = """
def attempt():
    try:
        print("granted" if start() else "?")
    except BackendFailure as failure:
        print(failure)

attempt()
"""


@linux
def test_a_full_disk_is_a_failure_until_there_is_room(
    path: Path, small_disk: tuple[str, ...]
) -> None:
    filling = """
with open(path + ".filler", "wb", buffering=0) as filler:
    try:
        while filler.write(bytes(4096)): pass
    except OSError as error:
        print(error.strerror)
attempt()
os.unlink(path + ".filler")
attempt()
"""
    assert output_of(program(ATTEMPT + filling, path, *small_disk)) == [
        "granted",
        "No space left on device",
        "disk full",
        "granted",
    ]


@linux
def test_a_disk_that_becomes_read_only_is_a_failure(
    path: Path, small_disk: tuple[str, ...]
) -> None:
    remounting = """
backend._drop()
directory = os.path.dirname(path)
assert os.system(f"mount -o remount,ro {directory}") == 0
attempt()
assert os.system(f"mount -o remount,rw {directory}") == 0
attempt()
"""
    granted_before, failed, granted_after = output_of(
        program(ATTEMPT + remounting, path, *small_disk)
    )
    assert (granted_before, granted_after) == ("granted", "granted")
    assert failed in ("read-only", "cannot be opened")


def test_a_boot_begins_a_new_queue_and_keeps_the_count_of_the_day(path: Path) -> None:
    """CLOCK_MONOTONIC begins anew at each boot."""
    wall, queue = Clock(400 * DAY), Clock(3 * DAY)
    before = SqliteBackend(str(path), HostClock(queue, wall, b"boot one"))
    slot = reserve(before, demand(50, quota=100.0))
    before.throttled(KEY, reserve(before, demand(0)))
    before.learn(KEY, SendQuota(10.0, 100.0, 0.0), None)
    assert before.standing(KEY, 10.0, 100.0).rate == 8.0
    assert slot.start == queue()

    queue, wall = Clock(60 * 1_000_000), Clock(400 * DAY + 2 * HOUR)
    after = SqliteBackend(str(path), HostClock(queue, wall, b"boot two"))
    standing = after.standing(KEY, 10.0, 100.0)
    assert (standing.rate, standing.queue, standing.remaining_24_hours) == (10.0, 0.0, 50.0)
    assert after.turn(KEY, 60.0).asks
    assert reserve(after).start == queue()
    wall.advance(23 * 3600)
    assert after.standing(KEY, 10.0, 100.0).remaining_24_hours == 99.0


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_wall_clock_that_is_set_changes_no_queue(path: Path, hours: int) -> None:
    wall, queue = Clock(400 * DAY), Clock(3 * DAY)
    backend = SqliteBackend(str(path), HostClock(queue, wall, b"boot one"))
    starts = [reserve(backend, demand(quota=100.0)).start for _ in range(5)]
    wall.advance(hours * 3600)
    starts += [reserve(backend, demand(quota=100.0)).start for _ in range(5)]
    assert spacings(starts) == {INTERVAL}
    assert backend.standing(KEY, 10.0, 100.0).remaining_24_hours == 90.0


def test_nothing_starts_before_the_floor(path: Path) -> None:
    clock = Clock()
    backend = backend_at(path, clock)
    assert reserve(backend, floor=3_000_000).start == clock() + 3_000_000
    assert reserve(backend, floor=2_000_000).start == clock() + 3_000_000 + INTERVAL


def test_those_who_beat_within_a_minute_are_counted(path: Path) -> None:
    clock = Clock()
    one, other = backend_at(path, clock), backend_at(path, clock)

    def beat(backend: SqliteBackend, peer: str, beats: bool = True, key: str = KEY) -> int:
        presence = Presence(peer, beats)
        return backend.reserve(key, [demand()], NO_OUTCOMES, -HOUR, presence).peers

    assert [beat(one, "a"), beat(other, "b"), beat(one, "a")] == [1, 2, 2]
    assert beat(one, "a", key="another") == 1
    clock.advance(40)
    assert [beat(one, "a"), beat(one, "a", beats=False)] == [2, 0]
    clock.advance(40)
    assert beat(one, "a") == 1
    clock.advance(-7200)
    assert beat(one, "c") == 1


def test_what_is_left_is_told_for_the_largest_quota(path: Path) -> None:
    backend = backend_at(path, Clock())

    def remaining(*quotas: float | None) -> float | None:
        wanted = [demand(quota=quota) for quota in quotas]
        return backend.reserve(KEY, wanted, NO_OUTCOMES, -HOUR, Presence("me", False)).remaining

    assert remaining(None) is None
    assert remaining(100.0, None, 50.0) == 96.0
    assert remaining(-1.0) is None


def test_a_process_paces_by_itself_until_the_file_is_there(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.write_bytes(GARBAGE)
    clock = Clock()
    store = SharedStore("sqlite:///budgets", backend_at(path), clock=clock, uniform=lambda: 0.5)
    first, second = (granted(store.reserve(KEY, demand())) for _ in range(2))
    assert first.outage is not None
    assert second.start - first.start > INTERVAL
    assert store.state == "out of reach for 0 s: not a database"
    path.unlink()
    clock.advance(1.5)
    assert granted(store.reserve(KEY, demand())).outage is None
    assert store.state == "ok"
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert str(path) not in caplog.text


@linux
def test_the_clocks_of_this_host() -> None:
    one, other = host_clock(), host_clock()
    assert one.boot == other.boot != bytes(8)
    assert one.queue() <= other.queue() < one.queue() + HOUR
    assert other.wall() > 50 * 365 * DAY


def test_a_host_whose_boots_have_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botoses_guard.pacing.sqlite.host_clock._BOOT_ID", "/nowhere")
    clock = host_clock()
    assert (clock.queue, clock.boot) == (clock.wall, bytes(8))


def test_one_store_for_a_process(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_sqlite_store(f"sqlite:///{path}", "local")
    monkeypatch.chdir(path.parent)
    assert open_sqlite_store("sqlite:///budgets", "local") is store
    assert open_sqlite_store("sqlite:///budgets", "raise") is not store
    granted(store.reserve(KEY, demand()))
    assert path.exists()


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:////var/lib/guard.db", "/var/lib/guard.db"),
        ("sqlite:////var/a%20b%3F%23.db", "/var/a b?#.db"),
        ("sqlite:////var/./lib/../guard.db", "/var/guard.db"),
        ("sqlite:///guard.db", os.path.abspath("guard.db")),
    ],
)
def test_paths_of_urls(url: str, path: str) -> None:
    check_sqlite_url(url)
    assert path_of(url) == path


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///",
        "sqlite://guard.db",
        "sqlite://secret@host/guard.db",
        "sqlite:///guard.db?mode=secret",
        "sqlite:///guard.db#secret",
        "sqlite:////var/lib/",
        "sqlite:///a%00b",
        "sqlite:///:memory:",
        "sqlite://[secret/guard.db",
        "redis://secret@host/0",
    ],
)
def test_urls_that_make_no_sense(url: str) -> None:
    with pytest.raises(SettingError) as caught:
        check_sqlite_url(url)
    assert "secret" not in str(caught.value)


MOUNTS = r"""
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:30 / /srv/mail rw - nfs4 server:/mail rw
31 30 0:31 / /srv/mail/local rw - ext4 /dev/vdb rw
32 22 0:32 / /srv/two\040words rw - fuse.sshfs host: rw
33 22 0:33 / /srv/hidden rw - cifs //host/share rw
34 22 0:34 / /srv/hidden rw - tmpfs tmpfs rw
a line of another time
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/guard.db", None),
        ("/srv/mail/guard.db", "nfs4"),
        ("/srv/mailbox/guard.db", None),
        ("/srv/mail/local/guard.db", None),
        ("/srv/two words/guard.db", "fuse.sshfs"),
        ("/srv/hidden/guard.db", None),
    ],
)
def test_network_file_systems(tmp_path: Path, path: str, kind: str | None) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(MOUNTS)
    assert network_type_of(path, str(table)) == kind


def test_a_system_that_tells_no_mounts(tmp_path: Path) -> None:
    assert network_type_of("/srv/guard.db", str(tmp_path / "missing")) is None


def test_a_file_that_hosts_may_share_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botoses_guard.pacing.sqlite.url.network_type_of", lambda path: "nfs4")
    with pytest.raises(SettingError, match="nfs4 is a network file system"):
        check_sqlite_url("sqlite:////srv/mail/guard.db")


def test_a_place_where_there_can_be_no_file_is_an_error_before_anything_is_opened(
    tmp_path: Path,
) -> None:
    (tmp_path / "directory").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "file")
    (tmp_path / "locked").mkdir(mode=0o500)
    faults = {
        "missing/budgets": "no such directory",
        "file/budgets": "no such directory",
        "directory": "not a file",
        "link": "a symbolic link",
        "file": "",
        "directory/budgets": "",
        "locked/budgets": "no permission to write in its directory",
    }
    if os.geteuid() == 0:  # who may write everywhere
        del faults["locked/budgets"]
    assert {place: fault_of(str(tmp_path / place)) for place in faults} == faults
    with pytest.raises(SettingError) as caught:
        open_sqlite_store(f"sqlite:///{tmp_path}/missing/budgets", "local")
    assert str(caught.value) == (
        f"the store sqlite:///{tmp_path}/missing/budgets cannot be opened: no such directory"
    )
    assert not (tmp_path / "missing").exists()
