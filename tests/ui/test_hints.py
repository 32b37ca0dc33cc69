from __future__ import annotations

from textual.app import App

from tui.ui.widgets.hints import Hints


class Laid(Hints):
    layouts = 0

    def refresh(self, *regions, repaint=True, layout=False, recompose=False):
        self.layouts += layout
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)


class Prompt(App[None]):
    def compose(self):
        yield Laid()


async def test_nothing_is_laid_out_while_there_is_nothing_to_offer():
    app = Prompt()
    async with app.run_test():
        hints = app.query_one(Laid)
        hints.layouts = 0
        for _ in range(10):
            hints.offer([])
        assert hints.layouts == 0
        shown = []
        for rows in ([("/help", "Show the keys")], []):
            hints.offer(rows)
            shown.append(hints.display)
        assert shown == [True, False]
        assert hints.layouts > 0
