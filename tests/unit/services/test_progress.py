"""A progress bar shows numbers only where it knows how many there are."""

from __future__ import annotations

from rich.console import Console

from services.commandline import progress_bar, ticking


def shown(total: int | None) -> str:
    console = Console(width=120, force_terminal=True)
    bar = progress_bar()
    tell = ticking(bar, "回放 / replay")
    if total is not None:
        tell(1, total)
    with console.capture() as said:
        console.print(bar.get_renderable())
    return said.get()


def test_a_task_of_unknown_length_shows_no_numbers_that_never_fill() -> None:
    told = shown(None)
    assert "回放 / replay" in told
    assert "?" not in told
    assert "-:--" not in told


def test_a_task_of_known_length_shows_how_far_it_is() -> None:
    assert "1/16" in shown(16)
