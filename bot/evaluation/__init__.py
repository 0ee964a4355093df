"""How good Grapevine is on a history: what it would have said beside what came.

Reads an export, hides part of it, lets the product learn the rest in a database
that is thrown away, and scores what it then says beside simple baselines.
"""

from bot.evaluation.evaluate import Measure, Plan, Report, evaluate

__all__ = ["Measure", "Plan", "Report", "evaluate"]
