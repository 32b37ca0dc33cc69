from __future__ import annotations

from textual._compositor import Compositor
from textual.app import App
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.geometry import Region
from textual.widgets import Button, Footer, Input, Label, OptionList, Static

from tui.ui.terminal.compositor import FrugalCompositor, FrugalScreen


class Counted(Static):
    lines = 0

    def render_lines(self, crop):
        Counted.lines += crop.height
        return super().render_lines(crop)


class Compared(FrugalCompositor):
    updates = 0

    def _render_chops(self, crop, is_rendered_line):
        frugal = super()._render_chops(crop, is_rendered_line)
        whole = Compositor._render_chops(self, crop, is_rendered_line)
        for y in crop.line_range:
            if not is_rendered_line(y):
                continue
            assert list(frugal[y]) == list(whole[y])
            for x, end in zip(self.cuts[y], self.cuts[y][1:], strict=False):
                if x < crop.right and end > crop.x:
                    assert frugal[y][x] == whole[y][x]
        Compared.updates += 1
        return frugal


class Main(FrugalScreen[None]):
    def __init__(self) -> None:
        super().__init__()
        self._compositor = Compared()


class Layers(App[None]):
    CSS = """
    Screen { layers: base above; }
    #over { layer: above; width: 20; height: 4; offset: 15 3; border: round red; }
    OptionList { width: 20; }
    Vertical { border: solid blue; padding: 1; }
    VerticalScroll Static { height: 30; }
    """
    ENABLE_COMMAND_PALETTE = False

    def get_default_screen(self):
        return Main()

    def compose(self):
        with Horizontal():
            yield OptionList(*[f"option {n}" for n in range(40)])
            with Vertical():
                yield Label("a label", id="label")
                yield Button("a button")
                with VerticalScroll():
                    yield Static("\n".join(f"line {n} 日本語" for n in range(30)))
        yield Static("over all", id="over")
        yield Input()
        yield Footer()


async def test_what_is_seen_is_what_textual_composes():
    app = Layers()
    async with app.run_test(size=(70, 24), notifications=True) as pilot:
        before = Compared.updates
        app.query_one("#label", Label).update("changed\nand taller")
        await pilot.press("tab", "tab", "x", "down", "end")
        app.query_one("#over").styles.offset = (3, 6)
        await pilot.pause()
        app.query_one(VerticalScroll).scroll_to(y=7, animate=False)
        await pilot.pause()
        app.notify("A toast", markup=False)
        await pilot.pause()
        await pilot.resize_terminal(50, 16)
        await pilot.pause()
        app.theme = "textual-light"
        await pilot.pause()
        assert Compared.updates > before + 5


class Covered(App[None]):
    CSS = "Counted { height: 10; }"

    def get_default_screen(self):
        return FrugalScreen()

    def compose(self):
        yield Counted("\n".join("abcdefghij"))
        yield Static("below")


async def test_only_the_lines_of_an_update_are_rendered():
    app = Covered()
    async with app.run_test(size=(40, 20)) as pilot:
        await pilot.pause()
        Counted.lines = 0
        compositor = app.screen._compositor
        chops = compositor._render_chops(Region(0, 4, 40, 2), {4, 5}.__contains__)
        assert Counted.lines == 2
        assert [strip.text.strip() for strip in chops[4].values() if strip] == ["e"]
