"""The tests of a requirement are found in their text."""

from __future__ import annotations

from pathlib import Path

from events.rules.marked import marked_tests


def test_a_marked_test_is_found_without_running_it(tmp_path: Path) -> None:
    text = '@pytest.mark.requirement("R1", "X2")\nasync def test_it(): ...\ndef test_other(): ...\n'
    (tmp_path / "test_a.py").write_text(text)
    name = f"{tmp_path.as_posix()}/test_a.py::test_it"
    assert marked_tests(tmp_path) == {"R1": [name], "X2": [name]}


def test_a_mark_of_a_whole_file_counts(tmp_path: Path) -> None:
    (tmp_path / "test_b.py").write_text('pytestmark = [pytest.mark.requirement("R16")]\n')
    assert list(marked_tests(tmp_path)) == ["R16"]
