"""When the account is asked for its quota, and what a send waits for."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from botoses_guard.pacing import Account, SendQuota
from botoses_guard.pacing.account import LONGEST_PAUSE

from .clock import Clock

QUOTA = SendQuota(max_send_rate=14.0, max_24_hour_send=50_000.0, sent_last_24_hours=0.0)
PATIENCE = 10.0
"""Seconds; only a test that fails waits for it."""


def new_account(clock: Clock) -> Account:
    return Account(clock=clock.seconds, uniform=lambda: 0.5)


@pytest.fixture(autouse=True)
def no_asker_stays() -> Iterator[None]:
    yield
    join_askers()


def join_askers() -> None:
    for thread in threading.enumerate():
        if thread.name == "botoses-guard-quota":
            thread.join(PATIENCE)


def ask(account: Account, answers: list[SendQuota | Exception]) -> SendQuota | None:
    """Ask once, with the next of ``answers``, and let the asker end."""

    def answer() -> None:
        found = answers.pop(0)
        if isinstance(found, Exception):
            raise found
        account.learn(found)

    account.quota(answer, 60.0, 0.0)
    join_askers()
    return account.known


def test_the_first_sends_wait_for_the_first_answer() -> None:
    account = new_account(Clock())
    asked = threading.Event()

    def answer() -> None:
        assert asked.wait(PATIENCE)
        account.learn(QUOTA)

    found: list[SendQuota | None] = []
    senders = [
        threading.Thread(target=lambda: found.append(account.quota(answer, 60.0, PATIENCE)))
        for _ in range(8)
    ]
    for sender in senders:
        sender.start()
    asked.set()
    for sender in senders:
        sender.join()
    assert found == [QUOTA] * 8


def test_without_patience_no_send_waits() -> None:
    account = new_account(Clock())
    hold = threading.Event()
    assert account.quota(hold.wait, 60.0, 0.0) is None
    hold.set()


def test_patience_ends_once(caplog: pytest.LogCaptureFixture) -> None:
    """Who comes later does not wait for an account that does not answer."""
    account = new_account(Clock())
    hold = threading.Event()
    assert account.quota(hold.wait, 60.0, 0.001) is None
    assert account.quota(hold.wait, 60.0, PATIENCE) is None
    hold.set()
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_senders_that_lose_patience_together_say_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    account = new_account(Clock())
    hold = threading.Event()
    begin = threading.Barrier(16)

    def send() -> None:
        begin.wait()
        account.quota(hold.wait, 60.0, 0.005)

    senders = [threading.Thread(target=send) for _ in range(16)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    account._go_on_without(0.005)  # the last of them
    hold.set()
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_one_asker_at_a_time() -> None:
    account = new_account(Clock())
    hold, asked = threading.Event(), []

    def answer() -> None:
        asked.append(threading.current_thread())
        hold.wait(PATIENCE)
        account.learn(QUOTA)

    senders = [threading.Thread(target=account.quota, args=(answer, 60.0, 0.0)) for _ in range(16)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    hold.set()
    join_askers()
    assert len(asked) == 1


def test_an_answer_is_fresh_for_the_interval() -> None:
    clock = Clock()
    account = new_account(clock)
    answers: list[SendQuota | Exception] = [QUOTA, QUOTA]
    ask(account, answers)
    clock.advance(59)
    ask(account, answers)
    assert len(answers) == 1
    clock.advance(2)
    ask(account, answers)
    assert not answers


@pytest.mark.parametrize(("draw", "due"), [(0.0, 54), (0.5, 60), (1.0, 66)])
def test_questions_are_spread_by_a_tenth(draw: float, due: int) -> None:
    """So that many processes do not ask in step."""
    clock = Clock()
    account = Account(clock=clock.seconds, uniform=lambda: draw)
    ask(account, [QUOTA])
    clock.advance(due - 1)
    ask(account, [])
    clock.advance(2)
    answers: list[SendQuota | Exception] = [QUOTA]
    ask(account, answers)
    assert not answers


def test_no_send_waits_while_a_value_is_held() -> None:
    clock = Clock()
    account = new_account(clock)
    ask(account, [QUOTA])
    clock.advance(61)
    hold = threading.Event()
    assert account.quota(hold.wait, 60.0, PATIENCE) is QUOTA
    hold.set()


def test_an_answer_that_the_user_asked_for_ends_the_waiting() -> None:
    account = new_account(Clock())
    account.learn(QUOTA)
    hold = threading.Event()
    assert account.quota(hold.wait, 60.0, PATIENCE) is QUOTA
    hold.set()


def test_who_waits_already_goes_on_with_an_answer_that_the_user_asked_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    account = new_account(Clock())
    hold, asked = threading.Event(), threading.Event()

    def answer() -> None:
        asked.set()
        hold.wait(PATIENCE)

    sender = threading.Thread(target=account.quota, args=(answer, 60.0, PATIENCE / 2))
    sender.start()
    assert asked.wait(PATIENCE)
    account.learn(QUOTA)
    sender.join()
    hold.set()
    assert caplog.records == []


def test_a_question_that_fails_ends_the_waiting(caplog: pytest.LogCaptureFixture) -> None:
    """The only warning is that the quota cannot be read, not that no answer came."""

    def fail() -> None:
        raise NotImplementedError

    assert new_account(Clock()).quota(fail, 60.0, PATIENCE / 2) is None
    assert [record.msg.split(" (")[0] for record in caplog.records] == [
        "the account's send quota cannot be read"
    ]


def test_a_stale_value_is_kept_when_a_question_fails() -> None:
    clock = Clock()
    account = new_account(clock)
    ask(account, [QUOTA])
    clock.advance(61)
    assert ask(account, [OSError("no network")]) is QUOTA


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (OSError("secret text"), "OSError"),
        (NotImplementedError(), "NotImplementedError"),
        (ClientError({"Error": {"Code": "AccessDenied"}}, "GetSendQuota"), "AccessDenied"),
    ],
)
def test_a_failure_is_warned_of_once_and_by_its_name(
    error: Exception, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    account = new_account(clock)
    with caplog.at_level(logging.DEBUG):
        for _ in range(3):
            ask(account, [error])
            clock.advance(100_000)
    assert [record.levelname for record in caplog.records] == ["WARNING", "DEBUG", "DEBUG"]
    assert name in caplog.text
    assert "secret" not in caplog.text


def test_questions_that_fail_become_rare() -> None:
    """The pause doubles up to 64 intervals, and is one interval again after an answer."""
    clock = Clock()
    account = new_account(clock)
    for failures in range(1, 9):
        pause = 60 * min(2**failures, LONGEST_PAUSE)
        answers: list[SendQuota | Exception] = [OSError()]
        ask(account, answers)
        clock.advance(pause - 1)
        ask(account, answers)
        clock.advance(1)
        assert not answers
    ask(account, [QUOTA])
    clock.advance(60)
    assert ask(account, [SendQuota(28.0, -1.0, 0.0)]) == SendQuota(28.0, -1.0, 0.0)


def test_no_more_threads_is_a_failure_like_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """CPython raises RuntimeError, "can't start new thread"; the send goes on at once."""

    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    clock = Clock()
    account = new_account(clock)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", start)
        assert account.quota(lambda: None, 60.0, PATIENCE / 2) is None
    assert len(caplog.records) == 1
    assert "RuntimeError" in caplog.text
    clock.advance(120)
    assert ask(account, [QUOTA]) is QUOTA


def test_a_change_of_the_rate_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    account = new_account(Clock())
    with caplog.at_level(logging.INFO):
        account.learn(QUOTA)
        account.learn(QUOTA)
        account.learn(SendQuota(28.0, 50_000.0, 1.0))
    assert [record.getMessage() for record in caplog.records] == [
        "the account's maximum send rate is 14/s",
        "the account's maximum send rate is 28/s",
    ]
