"""Shares of topics and facts about reports in, effects of those facts on the shares with intervals out. Fits no topics."""

from gknlp.topics.effects.config import EffectsConfig
from gknlp.topics.effects.estimate import estimate_effects

__all__ = ["EffectsConfig", "estimate_effects"]
