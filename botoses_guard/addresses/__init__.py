"""Mailboxes as SES reads them: RFC 5322 addresses, RFC 2047 names, RFC 5890 domains.

``characters`` and ``domain`` know single characters and domain names, ``unfolding`` and
``tokenizer`` the lines and the lexical tokens, ``addr_spec``, ``phrase`` and ``encoded_word`` the
parts of a mailbox, ``mailbox`` and ``mailbox_list`` one and many of them, ``suggestion`` what may
have been meant. Nothing here does I/O.
"""

from __future__ import annotations

from .mailbox import Mailbox, is_wire_ready, normalize
from .mailbox_list import MailboxList, normalize_list, read_list
from .refusal import Refused, refusal, shown
from .simulator_domain import SIMULATOR, is_simulator
from .unfolding import unfold

__all__ = [
    "SIMULATOR",
    "Mailbox",
    "MailboxList",
    "Refused",
    "is_simulator",
    "is_wire_ready",
    "normalize",
    "normalize_list",
    "read_list",
    "refusal",
    "shown",
    "unfold",
]
