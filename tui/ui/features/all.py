"""Which features there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.ui.features.chats import Chats
from tui.ui.features.loading import Loading
from tui.ui.features.parts import Parts
from tui.ui.features.replies import Replies
from tui.ui.features.slashes import Slashes
from tui.ui.features.widths import Widths

if TYPE_CHECKING:
    from tui.ui.features.feature import Feature

EARLY: tuple[type[Feature], ...] = (Slashes, Chats, Replies, Parts, Widths, Loading)
"""Those that the first frame and the first keys need."""


def late() -> tuple[type[Feature], ...]:
    """The others: imported and built behind the first frame, or when a command needs one."""
    from tui.ui.features.branch_tree import BranchTree
    from tui.ui.features.branches import Branches
    from tui.ui.features.comparing import Comparing
    from tui.ui.features.composing import Composing
    from tui.ui.features.config import Config
    from tui.ui.features.exporting import Exporting
    from tui.ui.features.filing import Filing
    from tui.ui.features.fullness import Fullness
    from tui.ui.features.keymap import Keys
    from tui.ui.features.mentioning import Mentioning
    from tui.ui.features.models import Models
    from tui.ui.features.numbers import NumbersOfReplies
    from tui.ui.features.palette import Palette
    from tui.ui.features.parameters import Parameters
    from tui.ui.features.parameters_sets import StopSets
    from tui.ui.features.parameters_slash import ParameterWords
    from tui.ui.features.passing import Passing
    from tui.ui.features.places import Places
    from tui.ui.features.presets import Presets
    from tui.ui.features.prompts import Prompts
    from tui.ui.features.providers import Providers
    from tui.ui.features.requests import Requests
    from tui.ui.features.ringing import Ringing
    from tui.ui.features.roles import Roles
    from tui.ui.features.running import Running
    from tui.ui.features.searching import Searching
    from tui.ui.features.switching import Switching
    from tui.ui.features.themes import Themes
    from tui.ui.features.titles import Titles
    from tui.ui.features.waiting import WaitingPrompts

    return (
        Places,
        Filing,
        Exporting,
        Switching,
        Searching,
        Palette,
        Passing,
        Themes,
        Keys,
        Config,
        Parameters,
        StopSets,
        ParameterWords,
        Presets,
        Models,
        Requests,
        Providers,
        Prompts,
        Branches,
        Roles,
        BranchTree,
        Comparing,
        Fullness,
        Composing,
        Mentioning,
        NumbersOfReplies,
        Titles,
        WaitingPrompts,
        Running,
        Ringing,
    )
