"""Mailboxes built from the grammar of RFC 5322, and text that resembles them."""

from __future__ import annotations

from hypothesis import strategies as st

ATEXT = "abcXYZ019!#$%&'*+/=?^_`{|}~-"

atoms = st.text(ATEXT, min_size=1, max_size=8)

dot_atoms = st.lists(atoms, min_size=1, max_size=3).map(".".join)

_quoted_octets = st.characters(min_codepoint=0x20, max_codepoint=0x7E)


def _quoted(content: str) -> str:
    escaped = content.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'


quoted_strings = st.text(_quoted_octets, max_size=12).map(_quoted)
quoted_local_parts = st.text(_quoted_octets, min_size=1, max_size=12).map(_quoted)

labels = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9-]{0,10}[A-Za-z0-9])?", fullmatch=True)
domains = st.lists(labels, min_size=1, max_size=4).map(".".join)

addr_specs = st.builds(
    lambda local_part, domain: f"{local_part}@{domain}", dot_atoms | quoted_local_parts, domains
)

phrases = st.lists(atoms | quoted_strings, min_size=1, max_size=3).map(" ".join)

comments = st.text("ab ,;:.@<>\"'[]", max_size=8).map(
    lambda content: "(" + content.replace("\\", r"\\") + ")"
)

mailboxes = st.one_of(
    addr_specs,
    st.builds(lambda addr_spec: f"<{addr_spec}>", addr_specs),
    st.builds(lambda name, addr_spec: f"{name} <{addr_spec}>", phrases, addr_specs),
    st.builds(lambda addr_spec, comment: f"{addr_spec} {comment}", addr_specs, comments),
)
"""RFC 5322 §3.4 ``mailbox``, all of it ASCII."""

names = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=40
).map(lambda name: name.strip(" "))
"""Display names as people type them, in any script."""

hostile = st.text(
    st.sampled_from(list('ab@.,;:<>()[]"\\ \t=?-') + ["é", "ü", "＠", "\u200b", "。", "\r", "\n"])
    | st.characters(),
    max_size=40,
)
"""Text made of what an address is made of, in no order."""
