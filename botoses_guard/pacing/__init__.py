"""When to go: slots, in recipients, in an account's send rate and 24-hour quota.

A :class:`Pacer` asks a :class:`Store` for a slot in a budget. The budget is one state with one
atomic step (``budget``), made of the queue (``schedule``), the learned rate (``congestion``) and
the rolling count (``daily``); none of them reads a clock or sleeps.

The budgets of one process are in ``memory``. What stores of several processes have in common is
``shared``: one trip for all who wait, and how sends go on without the store. Each such store is a
package, ``sqlite``, ``redis`` or ``dynamodb``, with a ``backend`` of short atomic steps.
"""

from .account import Account
from .budget import Refused, Slot, Standing
from .inquiry import SendQuota
from .memory import MemoryStore
from .pacer import Outcome, Pacer, account_at
from .scope import account_of
from .store import Store, open_store

__all__ = [
    "Account",
    "MemoryStore",
    "Outcome",
    "Pacer",
    "Refused",
    "SendQuota",
    "Slot",
    "Standing",
    "Store",
    "account_at",
    "account_of",
    "open_store",
]
