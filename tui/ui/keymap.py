"""The keys as the user has moved them: one map for the whole program, which may change while it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping


class Keymap(dict[str, str]):
    """Keys by command id; those that are not in it are at their defaults."""

    def __init__(
        self, keys: Mapping[str, str], *, own: Mapping[str, str], vim_keys: bool = True
    ) -> None:
        super().__init__(keys)
        self.own = dict(own)
        """Those that the user has set."""
        self.vim_keys = vim_keys
        """Whether letters move in lists and texts."""
        self.edition = 0
        """Another one whenever it has changed."""

    def __bool__(self) -> bool:
        """It is a keymap even if nothing is moved."""
        return True

    def put(self, other: Keymap) -> None:
        """Be as another one."""
        self.clear()
        self.update(other)
        self.own, self.vim_keys = other.own, other.vim_keys
        self.edition += 1


class Live(Mapping[str, str]):
    """What is made of a keymap, made anew when that has changed."""

    def __init__(self, keymap: Mapping[str, str], make: Callable[[], dict[str, str]]) -> None:
        self._keymap, self._make = keymap, make
        self._made = make()
        self._edition = self._newest

    @property
    def _newest(self) -> int:
        return self._keymap.edition if isinstance(self._keymap, Keymap) else 0

    @property
    def _now(self) -> dict[str, str]:
        if self._edition != self._newest:
            self._edition, self._made = self._newest, self._make()
        return self._made

    def __getitem__(self, name: str) -> str:
        return self._now[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now)

    def __len__(self) -> int:
        return len(self._now)
