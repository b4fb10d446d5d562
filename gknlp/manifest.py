"""What identifies a result: canonical JSON and hashes of it. A result without a manifest is not a result."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical_json(value: Any) -> str:
    """JSON with sorted keys, no spaces lost to taste, Chinese as Chinese: equal values give equal text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=2) + "\n"


def hash_value(value: Any) -> str:
    """SHA-256 (hex) of a JSON value's canonical text."""
    return hashlib.sha256(canonical_json(value).encode("utf-8")).hexdigest()


def hash_text(text: str) -> str:
    """SHA-256 (hex) of a text's UTF-8 bytes (lone surrogates kept as their three bytes)."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def make_doc_id(path: bytes, data: bytes) -> str:
    """BLAKE2b-128 hex of the path inside the SOURCE and the bytes: the same file again is the same document.

    >>> make_doc_id(b"a.txt", b"x") == make_doc_id(b"b.txt", b"x")
    False
    """
    digest = hashlib.blake2b(digest_size=16)
    digest.update(len(path).to_bytes(8, "little"))
    digest.update(path)
    digest.update(data)
    return digest.hexdigest()
