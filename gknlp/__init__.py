"""Reads Chinese government-disclosure annual reports; finds themes, topics, copied text and table errors.

Importing this module loads nothing heavy: the rooms are imported where they are used.
"""

__version__ = "0.1.0"
