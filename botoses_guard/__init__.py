"""One line makes every boto3 SES send validated, paced to the account and explained.

::

    import boto3, botoses_guard

    session = boto3.Session()
    botoses_guard.register(session)
    session.client("sesv2").send_email(...)

The way of one send: :mod:`botoses_guard.plugin` puts handlers on the client, and
:mod:`botoses_guard.handlers` takes the send through them.
"""

import logging

from . import errors
from .diagnosis import diagnose
from .errors import Diagnosis
from .parameters import normalize_address
from .plugin import Guard, Snapshot, initialize_client_plugin, register
from .sending import bulk_failures

__all__ = [
    "Diagnosis",
    "Guard",
    "Snapshot",
    "bulk_failures",
    "diagnose",
    "errors",
    "initialize_client_plugin",
    "normalize_address",
    "register",
]
__version__ = "0.1.0"

logging.getLogger(__name__).addHandler(logging.NullHandler())
