"""Put aside for the shell and taken up again."""

from __future__ import annotations

from textual.driver import Driver
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot

from tests.tui.conftest import MakeApp
from tests.tui.screens.test_story import settle


class Recorder(HeadlessDriver):
    """A terminal that keeps what is written to it."""

    written = ""

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        self.written += data


async def test_all_is_painted_when_the_shell_gives_the_terminal_back(make_app: MakeApp) -> None:
    painted: list[bool] = []

    async def go(pilot: Pilot[object]) -> None:
        try:
            await settle(pilot)  # type: ignore[arg-type]
            recorder = app._driver
            assert isinstance(recorder, Recorder)
            painted.append("meatgrinder" in recorder.written)
            recorder.written = ""
            await pilot.pause()
            painted.append("meatgrinder" in recorder.written)
            app.post_message(Driver.SignalResume())
            await settle(pilot)  # type: ignore[arg-type]
            painted.append("meatgrinder" in recorder.written)
        finally:
            app.exit()

    app = make_app()
    app.driver_class = Recorder
    await app.run_async(size=(80, 24), auto_pilot=go)
    assert painted == [True, False, True]
