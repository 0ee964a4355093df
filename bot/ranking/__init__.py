"""Who knows about X: rank people by what they did, each reason inspectable.

Votes for people come from the threads and messages most like the question,
from the channel it belongs to, and from how much somebody is about. Pure: it
reads columns, and an asker's eyes decide which columns there are.
"""

from bot.ranking.features import Query
from bot.ranking.ranker import Ranked, Ranker
from bot.ranking.weights import Weights, shipped_weights

__all__ = ["Query", "Ranked", "Ranker", "Weights", "shipped_weights"]
