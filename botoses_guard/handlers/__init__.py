"""The bridge: botocore's events on one side, the policy of a send on the other.

This is the way of one send. Each handler takes what it needs out of botocore's arguments, lets the
policy (``sending``) decide, and turns its answer into what botocore does next: it goes on, sleeps,
or raises.

==========================  =====================================================================
``provide-client-params``   the parameters become the call's own: the caller's are never changed
``before-parameter-build``  they are checked and normalised, the recipients counted
``before-call``             a slot for them is reserved and waited for, before anything is signed
``before-send``             the gate: no attempt passes without a slot
``needs-retry``             the outcome of the attempt is proven: accepted, sent again, or an error
``after-call``              an answer that was left to botocore, or to a Stubber, is explained;
                            entries of a bulk call that may pass now are sent again
``after-call-error``        whatever ends the call otherwise; an answer that botocore could not
                            parse leaves the outcome unknown
==========================  =====================================================================

``bridge`` has the handlers; ``departure`` proves from an exception that a request never left,
``driver`` takes the steps of the policy that take time, and ``older_botocore`` finds the send of a
request that comes without its context.
"""

from __future__ import annotations

import inspect

from botocore.awsrequest import AWSPreparedRequest

from .bridge import Bridge
from .driver import BlockingDriver
from .older_botocore import OlderBridge

__all__ = ["BlockingDriver", "Bridge", "bridge_class"]


def bridge_class() -> type[Bridge]:
    """The bridge for the installed botocore."""
    parameters = inspect.signature(AWSPreparedRequest.__init__).parameters
    return Bridge if "context" in parameters else OlderBridge
