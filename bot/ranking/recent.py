"""The values that were asked for last: what is dear to make, and many could ask for."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Recent(Generic[_Key, _Value]):
    """Keeps so many values; safe to use from several threads.

    Args:
        most: How many are kept; the one not asked for the longest goes first.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[_Key, _Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: _Key, make: Callable[[], _Value]) -> _Value:
        """Give a key's value, made now if it is not held."""
        with self._lock:
            value = self._held.pop(key) if key in self._held else make()
            self._held[key] = value
            if len(self._held) > self._most:
                self._held.popitem(last=False)
        return value
