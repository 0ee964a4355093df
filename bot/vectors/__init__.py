"""Sentence vectors behind one small protocol: text in, unit rows out.

Two messages that mean the same thing lie close together. Nothing here reads
the network; what a vector was made by is named beside it, because vectors of
two models do not mix.
"""

from bot.vectors.engine import Engine, EngineError, load_engine

__all__ = ["Engine", "EngineError", "load_engine"]
