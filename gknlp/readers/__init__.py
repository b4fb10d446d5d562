"""Bytes of one file come in, a RawDocument goes out or an Unreadable with its reason; no meaning is looked for here."""

from gknlp.readers.read import is_container, list_members, read_file
from gknlp.readers.unreadable import Unreadable

__all__ = ["Unreadable", "is_container", "list_members", "read_file"]
