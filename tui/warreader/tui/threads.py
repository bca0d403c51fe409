"""Work off the event loop: in a thread, and what goes wrong there is told instead of ending the reader."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

if TYPE_CHECKING:
    from textual.dom import DOMNode
    from textual.worker import Worker

_Node = TypeVar("_Node", bound="DOMNode")
_Arguments = ParamSpec("_Arguments")


class Told(Protocol):
    """What an app has to have: a place where faults are told."""

    def fault(self, error: Exception) -> None:
        """Tell of an error that nobody foresaw."""


def in_thread(
    node: DOMNode, work: Callable[[], None], *, group: str = "default", exclusive: bool = False
) -> Worker[None]:
    """Run work in a thread, as a worker of a screen or widget.

    Args:
        node: when it is removed, the work is cancelled; its app is told of errors.
        work: what to do; it comes back to the screen with ``app.call_from_thread``.
        exclusive: cancel what runs in the group.
    """
    app = node.app

    def guarded() -> None:
        try:
            work()
        except Exception as error:
            # While the app ends, what the work comes back to is taken away piece by piece: no fault of its own.
            if not app.is_running:
                return
            # None hears it when the app has ended meanwhile.
            with contextlib.suppress(RuntimeError):
                app.call_from_thread(cast(Told, app).fault, error)

    return node.run_worker(guarded, thread=True, group=group, exclusive=exclusive, exit_on_error=False)


class InTurn:
    """Work that is done in a thread, one piece after the other in the order it was asked for: what is written last
    is what stands.

    Args:
        node: see :func:`in_thread`.
    """

    def __init__(self, node: DOMNode) -> None:
        self._node = node
        self._waiting: deque[Callable[[], object]] = deque()
        self._turn = threading.Lock()

    def do(self, work: Callable[[], object], *, group: str = "default") -> None:
        """Do this after what was asked for before; what goes wrong is told."""
        self._waiting.append(work)
        in_thread(self._node, self._next, group=group)

    def _next(self) -> None:
        # Each thread takes what is first then, whichever it was started for.
        with self._turn:
            self._waiting.popleft()()


def threaded(
    group: str = "default", *, exclusive: bool = False
) -> Callable[
    [Callable[Concatenate[_Node, _Arguments], None]], Callable[Concatenate[_Node, _Arguments], Worker[None]]
]:
    """A method of a screen or widget that runs in a thread each time it is called; see :func:`in_thread`."""

    def decorate(
        method: Callable[Concatenate[_Node, _Arguments], None],
    ) -> Callable[Concatenate[_Node, _Arguments], Worker[None]]:
        @wraps(method)
        def call(node: _Node, /, *args: _Arguments.args, **kwargs: _Arguments.kwargs) -> Worker[None]:
            work: Callable[[], Any] = partial(method, node, *args, **kwargs)
            return in_thread(node, work, group=group, exclusive=exclusive)

        return call

    return decorate
