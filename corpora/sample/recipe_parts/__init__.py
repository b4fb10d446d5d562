"""Phrase banks and plans in, the fictional county's reports and their truth out; knows nothing of ``gknlp``."""
