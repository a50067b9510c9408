"""Raw messages: scanned, not parsed, so that nothing moves but the addresses that must.

A parser that writes a message anew changes folding, line ends and charsets, and breaks the
signatures over them. ``header_block`` finds the fields, ``field_names`` says which of them
matter, ``scanner`` reads their addresses and splices, ``folding`` and ``dkim`` serve it, and
``faults`` has the words for what is wrong.
"""

from __future__ import annotations

from .scanner import Mode, Scan, scan

__all__ = ["Mode", "Scan", "scan"]
