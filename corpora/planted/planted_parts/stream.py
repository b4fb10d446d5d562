"""The whole corpus as a stream of documents, one block held at a time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from planted_parts.compose import Block
from planted_parts.model import Document
from planted_parts.places import BLOCK_AGENCIES, BLOCK_DOCUMENTS, YEARS
from planted_parts.wordings import REFERENCE_KINDS, write_reference

SEED = "planted.1"


def write_documents(
    n_documents: int, *, seed: str = SEED, plants: bool = True, tables: bool = False
) -> Iterator[Document]:
    """At least ``n_documents`` documents (whole agencies with their five years), block after block.

    Parameters
    ----------
    n_documents : 0 gives none. Memory does not grow with it.
    seed : names the corpus; another seed gives another corpus of the same kind.
    plants : without them nothing is copied but what the form prescribes: the background alone.
    tables : whether sections two to four are printed with the form's tables.
    """
    for number in range(-(-n_documents // BLOCK_DOCUMENTS)):
        left = n_documents - number * BLOCK_DOCUMENTS
        n_agencies = min(BLOCK_AGENCIES, -(-left // len(YEARS)))
        yield from Block(seed, number, n_agencies, plants=plants, tables=tables).write()


def write_references(seed: str = SEED) -> list[dict[str, str]]:
    """The texts that a user would name as references."""
    return [{"kind": kind, "text": write_reference(seed, kind).replace("\ue001", "本单位")} for kind in REFERENCE_KINDS]


def hash_documents(documents: Iterator[Document]) -> str:
    """sha256 over every document's row and truth as lines of JSON, in order."""
    digest = hashlib.sha256()
    for document in documents:
        for row in (document.row(), *document.truth_rows()):
            digest.update(json.dumps(row, ensure_ascii=False, sort_keys=True).encode() + b"\n")
    return digest.hexdigest()
