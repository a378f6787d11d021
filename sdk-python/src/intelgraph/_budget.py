"""What a client may still spend on retries, so that an outage meets no storm of them.

Where everything fails the purse is soon empty, and every call is sent once; where little fails it
stays full, and nobody notices it.
"""

from __future__ import annotations

from threading import Lock

# What a call that succeeds at once gives back, so that good days end every shortage.
CLEAN_SUCCESS = 1.0


class Budget:
    """The purse that the calls of a client share; safe between threads."""

    def __init__(self, size: float | None = None) -> None:
        self.size = size
        """None is a purse without a bottom."""
        self._spent = 0.0
        self._lock = Lock()

    def holds(self, cost: float) -> bool:
        """Whether a retry could be paid now."""
        return self.size is None or self._spent + cost <= self.size

    def spend(self, cost: float) -> bool:
        """Whether a retry is paid; it is not when other calls were faster to empty the purse."""
        with self._lock:
            if not self.holds(cost):
                return False
            self._spent += cost
            return True

    def refund(self, cost: float) -> None:
        """Gives back what the retries of a call that succeeded have cost, if there were any."""
        if self._spent:
            with self._lock:
                self._spent = max(0.0, self._spent - (cost or CLEAN_SUCCESS))
