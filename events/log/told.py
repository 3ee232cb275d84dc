"""What stops a proof, in words for people."""

from __future__ import annotations


class ToldError(Exception):
    """Something that cannot be done; `zh` and `en` say why, and what to do where that helps."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en
