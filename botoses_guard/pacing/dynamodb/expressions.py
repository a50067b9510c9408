"""One UpdateItem, put together: what changes, and what has to hold.

Every name goes by a ``#`` placeholder, because DynamoDB reserves more than 500 words.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

Number = int | float


class Change:
    """A change of one item; conditions are joined by AND."""

    def __init__(self) -> None:
        self._sets: dict[str, str] = {}
        self._adds: Counter[str] = Counter()
        self._removes: list[str] = []
        self._conditions: list[str] = []
        self._names: dict[str, str] = {}
        self._values: dict[str, dict[str, str]] = {}

    def set(self, name: str, value: Number) -> None:
        self._sets[name] = self._value(value)

    def set_if_missing(self, name: str, value: Number) -> None:
        self._sets[name] = f"if_not_exists({self._name(name)}, {self._value(value)})"

    def copy(self, name: str, source: str) -> None:
        """Set an attribute to another's value before the change, 0 when it has none."""
        self._sets[name] = f"if_not_exists({self._name(source)}, {self._value(0)})"

    def add(self, name: str, amount: int) -> None:
        """Count on; amounts for one name add up."""
        self._adds[name] += amount

    def remove(self, name: str) -> None:
        self._removes.append(self._name(name))

    def if_equal(self, name: str, value: Number | None) -> None:
        """``None`` for an attribute that is not there."""
        if value is None:
            self._conditions.append(f"attribute_not_exists({self._name(name)})")
        else:
            self._conditions.append(f"{self._name(name)} = {self._value(value)}")

    def if_within(self, name: str, least: int, most: int) -> None:
        # Not BETWEEN, which DynamoDB refuses when the bounds are the wrong way round.
        self._conditions.append(f"{self._name(name)} >= {self._value(least)}")
        self._conditions.append(f"{self._name(name)} <= {self._value(most)}")

    def if_missing_or_below(self, name: str, value: int) -> None:
        missing = f"attribute_not_exists({self._name(name)})"
        self._conditions.append(f"({missing} OR {self._name(name)} < {self._value(value)})")

    def request(self) -> dict[str, Any]:
        """The parameters of UpdateItem."""
        adds = [(name, amount) for name, amount in self._adds.items() if amount]
        clauses = {
            "SET": [f"{self._name(name)} = {value}" for name, value in self._sets.items()],
            "ADD": [f"{self._name(name)} {self._value(amount)}" for name, amount in adds],
            "REMOVE": self._removes,
        }
        request: dict[str, Any] = {
            "UpdateExpression": " ".join(
                f"{verb} {', '.join(parts)}" for verb, parts in clauses.items() if parts
            ),
            "ExpressionAttributeNames": self._names,
        }
        if self._values:
            request["ExpressionAttributeValues"] = self._values
        if self._conditions:
            request["ConditionExpression"] = " AND ".join(self._conditions)
        return request

    def _name(self, name: str) -> str:
        self._names[f"#{name}"] = name
        return f"#{name}"

    def _value(self, value: Number) -> str:
        placeholder = f":{len(self._values)}"
        self._values[placeholder] = {"N": repr(value)}
        return placeholder
