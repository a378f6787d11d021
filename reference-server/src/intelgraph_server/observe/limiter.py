"""Budgets of `objectives.json` into refusals: what each tenant spent in the running window.

Windows are fixed, so that a refusal can say when the budget begins anew. What is counted is
kept in memory: each process counts for itself, and a restart begins anew.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING, Final

from intelgraph_server.engine.cache import LruCache
from intelgraph_server.engine.errors import DomainError
from intelgraph_server.generated.error_codes import ErrorCode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from intelgraph_server.auth import Clock, Principal

REQUESTS: Final = "requestsPerMinute"
_WINDOWS: Final = {"PerMinute": 60, "PerDay": 86_400}  # Seconds, by how a budget's name ends.


class BudgetExceededError(DomainError):
    """A budget is used up; `retry_after` is in seconds."""

    def __init__(self, budget: str, most: int, now: datetime, retry_after: int) -> None:
        anew = now + timedelta(seconds=retry_after)
        used_up = f"The budget {budget} of {most} is used up"
        message = f"{used_up}; it begins anew at {anew:%Y-%m-%dT%H:%M:%SZ}."
        super().__init__(ErrorCode.BUDGET_EXCEEDED, message)
        self.retry_after: Final = retry_after


class Limiter:
    """Counts what is spent; of each kind of spender the latest `most_spenders` are remembered."""

    def __init__(
        self, budgets: Mapping[str, int], clock: Clock, *, most_spenders: int = 10_000
    ) -> None:
        self._budgets: Final = budgets
        self._clock: Final = clock
        # By budget and kind of spender: who spent how much in which window.
        self._spent: Final = defaultdict[tuple[str, str], LruCache[tuple[int, int]]](
            lambda: LruCache(count=most_spenders)
        )
        self._lock: Final = Lock()

    def spend_request(self, principal: Principal | None, address: str) -> None:
        """One request: of the principal's tenant, or without one of the address it came from."""
        if principal is None:
            self.spend(address, REQUESTS, kind="address")
        else:
            self.spend(principal.tenant_id, REQUESTS)

    def spend(self, spender: str, budget: str, amount: int = 1, *, kind: str = "tenant") -> None:
        """Raises BudgetExceededError when the spender has less left; nothing is spent then."""
        most, now = self._budgets[budget], self._clock()
        seconds = next(length for end, length in _WINDOWS.items() if budget.endswith(end))
        window, gone = divmod(int(now.timestamp()), seconds)
        with self._lock:
            spenders = self._spent[budget, kind]
            counted, before = spenders.get(spender) or (window, 0)
            spent = amount + (before if counted == window else 0)
            if spent <= most:
                spenders.put(spender, (window, spent), 1)
                return
        raise BudgetExceededError(budget, most, now, seconds - gone)
