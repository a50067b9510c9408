"""The policy of sends, free of botocore's types and of I/O.

``policy`` is the way of one send: it begins, is admitted by the pacer, each attempt is judged, and
it ends. ``outcome`` proves how an attempt ended, ``retry`` says when it goes again, ``bulk_send``
does the same for the entries of a bulk call, ``explanation`` makes the errors. What takes time is
yielded as a step (``steps``) to whoever drives the policy.
"""

from .bulk_results import bulk_failures
from .explanation import Explanation
from .invocation import SendInvocation
from .outcome import Ending, of_answer, of_failure, of_unreadable
from .policy import Sending
from .remainder import Remainder
from .steps import Call, Look, Plan, Reserve, Settle, Sleep, Step

__all__ = [
    "Call",
    "Ending",
    "Explanation",
    "Look",
    "Plan",
    "Remainder",
    "Reserve",
    "SendInvocation",
    "Sending",
    "Settle",
    "Sleep",
    "Step",
    "bulk_failures",
    "of_answer",
    "of_failure",
    "of_unreadable",
]
