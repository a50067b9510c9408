"""When the next send of one guard to one account may go."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Literal

from ..settings import Settings
from .account import PATIENCE, Account
from .budget import Demand, Refused, Slot, Standing
from .inquiry import LOOK_AGAIN, SendQuota
from .store import Store

logger = logging.getLogger(__name__)

Outcome = Literal["given_back", "accepted", "rejected", "throttled", "exhausted"]
"""What became of a slot: its send never left; SES accepted it, or may have; refused it for a reason
of its own; for its rate; or for the 24-hour quota."""


class Pacer:
    """One budget of a store, asked for in the words of one guard's settings."""

    def __init__(
        self,
        key: str,
        store: Store,
        account: Account,
        settings: Settings,
        ask: Callable[[], object],
        own_rate: float | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """
        Args:
            key: name of the budget in the store.
            store: where the budget lives.
            account: what the account says of its quota.
            settings: rates, quota and waits that the user set.
            ask: makes the account tell its quota, which leads to :meth:`learn`.
            own_rate: requests per second of an operation that has a rate of its own.
            sleep: waits for another's answer, in the thread that asks.
        """
        self.key = key
        self._store = store
        self._account = account
        self._settings = settings
        self._ask = ask
        self._sleep = sleep
        self._own_rate = own_rate
        self._discovers = own_rate is None and (
            settings.max_send_rate is None or settings.max_24_hour_send is None
        )
        # A rate that is set needs no waiting for the account's.
        self._patience = PATIENCE if settings.max_send_rate is None else 0.0
        self._interval = settings.quota_ttl
        self._never_waits = settings.on_limit == "raise"
        # SES documents bursts for the account's sending rate only.
        self._bursts = own_rate is None
        self._mark: int | None = None
        self._known: SendQuota | None = None
        self._abandoned: deque[tuple[Slot, Outcome]] = deque()
        self._take(account.known)

    @property
    def quota(self) -> float | None:
        """Recipients in 24 hours; ``None`` when unknown, negative when there is none."""
        return self._quota

    def reserve(self, recipients: int, quota_recipients: int, max_wait: float) -> Slot | Refused:
        """Reserve a slot for all recipients of a message, or nothing.

        Args:
            recipients: how many the message has.
            quota_recipients: those of them that count to the 24-hour quota.
            max_wait: longest wait in seconds that the sender takes.
        """
        while self._abandoned:
            self._settle_abandoned()
        if self._discovers:
            known = self._account.quota(self._ask_in_turn, self._interval, self._patience)
            if known is not self._known:
                self._take(known)
        if self._never_waits:
            max_wait = 0.0
        demand = Demand(
            recipients, quota_recipients, self._rate, self._bound, max_wait, self._bursts
        )
        return self._store.reserve(self.key, demand)

    def _take(self, known: SendQuota | None) -> None:
        """Work out rate and quota; what the user set goes before what the account says."""
        settings = self._settings
        rate, quota = settings.max_send_rate, settings.max_24_hour_send
        if known is not None:
            rate = known.max_send_rate if rate is None else rate
            quota = known.max_24_hour_send if quota is None else quota
        self._rate = rate * settings.rate_share if rate and rate > 0 else None
        self._quota = quota
        if self._own_rate is not None:
            self._rate, self._quota = self._own_rate * settings.rate_share, None
        self._bound = None if self._quota is None or self._quota < 0 else self._quota
        # Last, because a thread that finds it set goes by the rate and quota beside it.
        self._known = known

    def learn(self, quota: SendQuota) -> None:
        """Take what the account answered."""
        self._account.learn(quota)
        self._store.learn(self.key, quota, self._mark)

    def _ask_in_turn(self) -> float:
        """Ask the account, unless another who shares the store has just done so, or does now.

        Returns:
            Seconds after which to come back.
        """
        patience = self._patience
        while True:
            turn = self._store.turn(self.key, self._interval)
            if turn.quota is not None:
                self._account.learn(turn.quota)
            if turn.asks or turn.quota is not None or patience <= 0:
                break
            patience -= LOOK_AGAIN
            self._sleep(LOOK_AGAIN)
        if turn.asks:
            # What is confirmed while the question is under way may or may not be in the answer's
            # SentLast24Hours: it counts on top, so that the quota is never overrun.
            self._mark = turn.mark
            try:
                self._ask()
            finally:
                self._mark = None
        return turn.again

    def settle(self, slot: Slot, outcome: Outcome) -> float | None:
        """Tell what became of a slot, once.

        Returns:
            The rate in recipients per second, where it was cut for a throttle.
        """
        store = self._store
        if outcome == "accepted":
            store.accepted(self.key, slot)
        elif outcome == "throttled":
            rate = store.throttled(self.key, slot)
            if rate is not None:
                logger.info("SES throttles: going on at %.4g recipients/s", rate)
            return rate
        elif outcome == "rejected":
            store.rejected(self.key, slot)
        elif outcome == "exhausted":
            store.exhausted(self.key, slot)
        else:
            store.give_back(self.key, slot)
        return None

    def abandon(self, slot: Slot, outcome: Outcome) -> None:
        """Settle a slot whose send was dropped, with the next reservation.

        The garbage collector calls this, at any time and in any thread: it may take no lock.
        """
        self._abandoned.append((slot, outcome))

    def _settle_abandoned(self) -> None:
        try:
            slot, outcome = self._abandoned.popleft()
        except IndexError:  # another thread settles it
            return
        self.settle(slot, outcome)

    def standing(self) -> Standing:
        """What the budget looks like now."""
        return self._store.standing(self.key, self._rate, self._quota)


_accounts: dict[str, Account] = {}


def account_at(key: str) -> Account:
    """The one :class:`Account` of this process for ``key``, so that it is asked once."""
    # One step of the interpreter and no lock, for which a forked child could wait for ever.
    return _accounts.get(key) or _accounts.setdefault(key, Account())
