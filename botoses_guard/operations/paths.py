"""Parameter paths: how the table writes them, and the one walk that follows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

EACH = "[]"
"""The step of a :data:`ParameterPath` that stands for every element of a list."""

ParameterPath = tuple[str, ...]
"""Keys from the top of the parameters down, :data:`EACH` for every element of a list."""

Place = tuple[str | int, ...]
"""Keys and indices from the top of the parameters down to one value."""


def path(text: str) -> ParameterPath:
    """``"Destination.ToAddresses[]"`` → ``("Destination", "ToAddresses", "[]")``."""
    return tuple(text.replace(EACH, f".{EACH}").split("."))


def paths(*texts: str) -> tuple[ParameterPath, ...]:
    return tuple(path(text) for text in texts)


def shown(place: Place) -> str:
    """``("Destination", "ToAddresses", 3)`` → ``"Destination.ToAddresses[3]"``."""
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def values_at(parameters: Any, path: ParameterPath) -> Iterator[tuple[Place, Any]]:
    """Find every value at ``path``.

    Args:
        parameters: those of a call, or any part of them: ``values_at(entry, path[2:])`` finds what
            ``path`` leads to below one entry of a bulk call, with places that begin there.
        path: its keys, with :data:`EACH` where it goes through a list.

    Returns:
        Each value with its place, in order. There is none below ``None`` or below a value of
        another shape than the path has there.
    """
    if not path:
        yield (), parameters
    for step, indices, value in walk(_alone(path), parameters, _as_it_is):
        if step.plain is None:
            yield step.place(indices), value


def _as_it_is(step: Step, indices: tuple[int, ...], node: Any) -> Any:
    return node if isinstance(node, Mapping if step.plain is dict else (list, tuple)) else None


@lru_cache(maxsize=256)  # more than the table has paths
def _alone(path: ParameterPath) -> Step:
    return tree([(path, None)])


class Step:
    """A place in a tree of paths."""

    __slots__ = ("path", "tag", "plain", "each", "members")

    def __init__(self, path: ParameterPath) -> None:
        self.path = path
        self.tag: Any = None
        """What :func:`tree` was given for the path that ends here."""
        self.plain: type | None = None
        """``dict`` or ``list`` where a path goes on, ``None`` where it ends."""
        self.each: Step | None = None
        """The step to every element of the list that stands here."""
        self.members: tuple[tuple[str, Step], ...] = ()
        """The steps to the members of the structure that stands here."""

    def place(self, indices: tuple[int, ...]) -> Place:
        """The place of a value here that was found at these indices of the lists above it."""
        numbers = iter(indices)
        return tuple(next(numbers) if name == EACH else name for name in self.path)

    def below(self, name: str) -> Step:
        """The step ``name`` below this one, made when it is missing."""
        if name == EACH:
            self.plain = list
            self.each = self.each or Step((*self.path, EACH))
            return self.each
        self.plain = dict
        for member, step in self.members:
            if member == name:
                return step
        step = Step((*self.path, name))
        self.members += ((name, step),)
        return step


def tree(tags: Iterable[tuple[ParameterPath, Any]]) -> Step:
    """Put paths into one tree, so that one walk follows them all.

    Args:
        tags: paths, none of which is the beginning of another, each with what shall be found as
            :attr:`Step.tag` at its end.
    """
    root = Step(())
    for path, tag in tags:
        step = root
        for name in path:
            step = step.below(name)
        step.tag = tag
    return root


Found = tuple[Step, tuple[int, ...], Any]
"""A step, the indices of the lists on the way to it, and the value that stands there."""

Reader = Callable[[Step, tuple[int, ...], Any], Any]
"""Makes a dictionary or list of what stands where a path goes on; ``None`` ends it there."""


def walk(root: Step, parameters: Any, read: Reader | None = None) -> list[Found]:
    """Find the values at the ends of all paths of a tree, the shorter paths first.

    Args:
        root: the tree.
        parameters: those of a call.
        read: asked about each container whose type is another than ``dict`` or ``list``; without
            it no path goes on there.

    Returns:
        Also each value at which a path had to end because of what stands there:
        its :attr:`Step.plain` is not ``None``.
    """
    found: list[Found] = []
    pending: list[Found] = [(root, (), parameters)]
    for step, indices, node in pending:  # it grows; a function that calls itself is slower
        if step.plain is not type(node):
            plain = read(step, indices, node) if read else None
            if plain is None:
                found.append((step, indices, node))
                continue
            node = plain
        each = step.each
        if each is None:
            for name, below in step.members:
                if name in node:
                    reached = below, indices, node[name]
                    (found if below.plain is None else pending).append(reached)
        else:
            (found if each.plain is None else pending).extend(
                (each, (*indices, index), element) for index, element in enumerate(node)
            )
    return found
