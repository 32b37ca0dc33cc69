"""What the list of chats shows: the chats in use, the archive or the trash, narrowed down by what is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.text import one_line
from tui.core.words import Place
from tui.ui.features.feature import Feature
from tui.ui.features.loading import Loading
from tui.ui.listed import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tui.ui.features.feature import Completer, Plain, Suggestion, Taking


class Places(Feature):
    """Goes to the list and has it show something else."""

    def commands(self) -> Mapping[str, Plain]:
        """Narrowing the list down."""
        return {"sidebar.filter": self.filter}

    def taking(self) -> Mapping[str, Taking]:
        """Listing a place."""
        return {"sidebar.place": self.show_place}

    def completions(self) -> Mapping[str, Completer]:
        """Places."""
        return {"sidebar.place": self._complete_place}

    def begin(self) -> None:
        """Let Esc in the list end what was begun there, then go back to the chats in use."""
        self.ctx.home_steps.append(self._step_home)

    def filter(self) -> None:
        """Narrow the list down by what is typed next."""
        self.go_to_list()
        self.ctx.stage.listed.prepare()
        self.ctx.sidebar.begin_filter()

    def show_place(self, name: str) -> None:
        """List a place by its name; without one, the next of them."""
        places, listed = list(NAMES), self.ctx.stage.listed
        found = [place for place in places if name and NAMES[place].startswith(name.lower())]
        if name and not found:
            raise ValueError(f"There are {', '.join(NAMES.values())}, but no {one_line(name, 40)}")
        at = (places.index(listed.place) + 1) % len(places)
        self.go_to_list()
        self._list_place(found[0] if found else places[at])

    def _list_place(self, place: Place) -> None:
        stage, sidebar = self.ctx.stage, self.ctx.sidebar
        sidebar.clear_filter()
        stage.listed.place = place
        sidebar.name_of_place = NAMES[place]
        stage.list_chats()
        sidebar.refresh()
        if place is not Place.OPEN or place not in stage.listed.complete:
            self.ctx.features.one(Loading).list_all(place)

    def go_to_list(self) -> None:
        """Give the list the keys, showing it if it is hidden."""
        screen, sidebar = self.ctx.screen, self.ctx.sidebar
        if not sidebar.display:
            screen.remove_class("-sidebar-off")
            screen.set_class(screen.has_class("-narrow"), "-sidebar-over")
        self.ctx.focus(sidebar)

    def _step_home(self) -> bool:
        sidebar, listed = self.ctx.sidebar, self.ctx.stage.listed
        if self.ctx.screen.focused is not sidebar:
            return False
        if sidebar.leave_title() or sidebar.clear_filter():
            return True
        if listed.place is Place.OPEN:
            return False
        self._list_place(Place.OPEN)
        return True

    def _complete_place(self, typed: str) -> Iterable[Suggestion]:
        return [(name, "") for name in NAMES.values() if name.startswith(typed.lower())]
