"""Who knows about X: rank people by what they did, each reason inspectable.

A log-linear model over a few features. Votes for people come from the threads
and messages most like the question, from the channels it belongs to, and from
how much somebody is about. Pure: it reads columns, and an asker's eyes decide
which columns there are.
"""

from bot.ranking.ranker import Ranker
from bot.ranking.values import Query, Ranked
from bot.ranking.weights import Weights, shipped_weights

__all__ = ["Query", "Ranked", "Ranker", "Weights", "shipped_weights"]
