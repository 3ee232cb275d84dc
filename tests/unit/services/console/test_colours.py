"""Every pair of colours that meets on a page can be read (WCAG 1.4.3, 1.4.11), light and dark."""

from __future__ import annotations

import re

import pytest

from services.console.config import HERE

TEXT = (
    ("ink", "ground"), ("ink", "card"), ("ink2", "ground"), ("ink2", "card"), ("link", "ground"),
    ("link", "card"), ("on-brand", "brand"), ("bad", "bad-bg"), ("warn", "warn-bg"),
    ("good", "good-bg"), ("bad", "card"),
)  # fmt: skip
EDGES = (("edge", "card"), ("ring", "ground"), ("ring", "card"))


def _tokens(dark: bool) -> dict[str, str]:
    css = (HERE / "static" / "console.css").read_text("utf-8")
    blocks = re.findall(r":root(\[[^\]]*\])? \{([^}]*)\}", css)
    light = dict(re.findall(r"--([\w-]+): (#\w+)", blocks[0][1]))
    return light | dict(re.findall(r"--([\w-]+): (#\w+)", blocks[1][1])) if dark else light


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
    parts = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_text_stands_out_from_its_ground(dark: bool) -> None:
    tokens = _tokens(dark)
    weak = {p: c for p in TEXT if (c := _contrast(tokens[p[0]], tokens[p[1]])) < 4.5}
    assert weak == {}


@pytest.mark.parametrize("dark", [False, True])
def test_borders_of_inputs_and_the_focus_stand_out(dark: bool) -> None:
    tokens = _tokens(dark)
    weak = {p: c for p in EDGES if (c := _contrast(tokens[p[0]], tokens[p[1]])) < 3}
    assert weak == {}


def test_the_dark_colours_are_the_same_by_button_and_by_system() -> None:
    css = (HERE / "static" / "console.css").read_text("utf-8")
    button = re.search(r':root\[data-theme="dark"\] \{([^}]*)\}', css)
    system = re.search(r':root:not\(\[data-theme="light"\]\) \{([^}]*)\}', css)
    assert button is not None
    assert system is not None
    assert button[1].split() == system[1].split()
