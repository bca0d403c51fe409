"""Work off the event loop: in a thread, and what goes wrong there is told instead of ending the reader."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import weakref
from collections import deque
from collections.abc import Callable, Hashable, Iterable
from contextvars import copy_context
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

if TYPE_CHECKING:
    from textual.app import App
    from textual.dom import DOMNode
    from textual.worker import Worker

_opening: weakref.WeakSet[Worker[Any]] = weakref.WeakSet()
_forgotten: weakref.WeakSet[Worker[Any]] = weakref.WeakSet()

_Node = TypeVar("_Node", bound="DOMNode")
_Arguments = ParamSpec("_Arguments")


class Told(Protocol):
    """What an app has to have: a place where faults are told."""

    def fault(self, error: Exception) -> None:
        """Tell of an error that nobody foresaw."""


def in_thread(
    node: DOMNode,
    work: Callable[[], None],
    *,
    group: str = "default",
    exclusive: bool = False,
    opens: bool = False,
) -> Worker[None]:
    """Run work in a thread, as a worker of a screen or widget.

    Args:
        node: when it is removed, the work is cancelled; its app is told of errors.
        work: what to do; it comes back to the screen with ``app.call_from_thread``.
        exclusive: cancel what runs in the group.
        opens: keys pressed meanwhile are meant for what it brings: an article, a dialogue.
    """
    app = node.app

    def guarded() -> None:
        try:
            work()
        except Forgotten:
            pass
        except Exception as error:
            _tell_fault(app, error)

    worker = node.run_worker(guarded, thread=True, group=group, exclusive=exclusive, exit_on_error=False)
    if opens:
        _opening.add(worker)
    return worker


def opening(workers: Iterable[Worker[Any]]) -> list[Worker[Any]]:
    """Those that keys wait for."""
    return [worker for worker in workers if not worker.is_finished and worker in _opening]


class Forgotten(Exception):
    """What a thread came back with is not wanted any more. No error."""


def forget(worker: Worker[Any]) -> None:
    """Have nothing come of one that is still at work."""
    _forgotten.add(worker)


def forgotten() -> bool:
    """Whether the worker that asks is one of these."""
    from textual.worker import NoActiveWorker, get_current_worker

    try:
        return get_current_worker() in _forgotten
    except NoActiveWorker:
        return False


def _tell_fault(app: App[Any], error: Exception) -> None:
    # While the app ends, what the work comes back to is taken away piece by piece: no fault of its own.
    if not app.is_running:
        return
    # None hears it when the app has ended meanwhile.
    with contextlib.suppress(RuntimeError):
        app.call_from_thread(cast(Told, app).fault, error)


class InTurn:
    """Work that is done in a thread of its own, one piece after the other in the order it was asked for: what is
    written last is what stands, and what waits for another process keeps no thread from those who only read.

    Args:
        node: see :func:`in_thread`. While work waits, a worker of its runs.
    """

    def __init__(self, node: DOMNode) -> None:
        self._node = node
        self._waiting: deque[tuple[Hashable, Callable[[], object]]] = deque()
        self._changed = threading.Condition()
        self._busy = False
        self._closed = False
        self._thread: threading.Thread | None = None
        self._idle = asyncio.Event()

    @property
    def busy(self) -> bool:
        """Whether something is being done, or waits to be."""
        return self._busy

    def do(self, work: Callable[[], object], *, instead: Hashable = None) -> None:
        """Do this after what was asked for before; what goes wrong is told. Call it on the event loop.

        Args:
            instead: names what the work is about; work of that name that still waits is not done any more.
        """
        with self._changed:
            if self._closed:
                return
            if instead is not None:
                self._waiting = deque(one for one in self._waiting if one[0] != instead)
            self._waiting.append((instead, work))
            began, self._busy = not self._busy, True
            self._changed.notify_all()
        if self._thread is None:
            self._app, self._loop = self._node.app, asyncio.get_running_loop()
            # One for good: each thread has a connection to the database of its own.
            work = partial(copy_context().run, self._work)
            self._thread = threading.Thread(target=work, name="in turn", daemon=True)
            self._thread.start()
        if began:
            self._node.run_worker(self._until_done(), group="in turn", exit_on_error=False)

    def finish(self, seconds: float) -> bool:
        """Wait until all is done, at most so many seconds; whether it is. Not to be called on the event loop."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._busy, seconds)

    def close(self) -> None:
        """Begin nothing any more."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()

    async def _until_done(self) -> None:
        while self._busy:
            self._idle.clear()
            await self._idle.wait()

    def _work(self) -> None:
        while (work := self._next()) is not None:
            try:
                work()
            except Exception as error:
                _tell_fault(self._app, error)

    def _next(self) -> Callable[[], object] | None:
        """What is to be done next, waited for; ``None``: nothing any more."""
        with self._changed:
            if not self._waiting:
                self._busy = False
                self._changed.notify_all()
                # The event loop may be closed by now.
                with contextlib.suppress(RuntimeError):
                    self._loop.call_soon_threadsafe(self._idle.set)
                self._changed.wait_for(lambda: self._waiting or self._closed)
            return self._waiting.popleft()[1] if self._waiting else None


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
