"""Commands on messages, branches and versions, and on replies that come at once."""

from __future__ import annotations

from tui.ui.table.command import NO_KEY, Command

COMMANDS = (
    Command("transcript.edit", "e", "Put a message of yours otherwise: a new branch, and a new reply"),
    Command("transcript.revise", "E", "Edit the message in its place, whoever said it"),
    Command("transcript.role", "s", "Change who says the message", slash="role", argument="[system|user|assistant|tool]"),
    Command("transcript.insert", "a", "Put in a message behind this one"),
    Command("transcript.insert_before", "A", "Put in a message in front of this one"),
    Command("transcript.remove", "d", "Remove the message; what follows it stays"),
    Command("transcript.prune", "D", "Remove the message and all that follows it"),
    Command("transcript.undo", "u", "Take back the last change of messages", slash="undo"),
    Command("transcript.redo", "U", "Do it again", slash="redo"),
    Command("transcript.restore", NO_KEY, "Put back a removed message, or what an edited one said before", slash="removed"),
    Command("transcript.exclude", "x", "Send the message no more, or again; it stays to be seen"),
    Command("transcript.version_back", "[", "The version before this one"),
    Command("transcript.version_on", "]", "The next version"),
    Command("transcript.tree", "T", "All branches of the chat as a tree", slash="tree"),
    Command("transcript.fork", "f", "Go on from here in a new chat", slash="fork"),
)  # fmt: skip
"""`[` and `]` reach replies that are still coming, too."""
