"""Commands of the transcript: reading, finding, selecting, copying."""

from __future__ import annotations

from tui.ui.table.command import MESSAGES, Command


def _moves(id: str, keys: str, sentence: str, action: str) -> Command:
    return Command(id, keys, sentence, MESSAGES, action, listed=False)


COMMANDS = (
    _moves("transcript.next", "j,down", "Next message", "next"),
    _moves("transcript.previous", "k,up", "Previous message", "previous"),
    _moves("transcript.first", "g,home", "First message", "first"),
    _moves("transcript.last", "G,end", "Last message, and follow what comes", "last"),
    _moves("transcript.page_up", "pageup", "A page up", "page_up"),
    _moves("transcript.page_down", "pagedown,space", "A page down", "page_down"),
    Command("transcript.copy", "y", "Copy the message as Markdown", own_action="copy"),
    Command("transcript.copy_code", "c", "Copy the message's code blocks, in turn", own_action="copy_code"),
    Command("transcript.copy_table", "Y", "Copy the message's tables with tabs between cells, in turn", own_action="copy_table"),
    Command("transcript.select", "v", "Select text by keys", own_action="select"),
    Command("transcript.links", "o", "List the message's links, and open one", own_action="links"),
    Command("transcript.find", "/", "Find in this chat", own_action="find"),
    _moves("transcript.find_next", "n", "Next hit", "find_next"),
    _moves("transcript.find_previous", "N", "Previous hit", "find_previous"),
    _moves("transcript.next_code", "}", "Next code block", "next_code"),
    _moves("transcript.previous_code", "{", "Previous code block", "previous_code"),
    _moves("transcript.next_heading", ")", "Next heading", "next_heading"),
    _moves("transcript.previous_heading", "(", "Previous heading", "previous_heading"),
    _moves("transcript.next_mine", "J", "Next message of mine", "next_mine"),
    _moves("transcript.previous_mine", "K", "Previous message of mine", "previous_mine"),
    Command("transcript.thinking", "t", "Unfold or fold the thinking", own_action="thinking"),
    Command("transcript.wrap_code", "w", "Wrap long lines of code, or have them go on sideways", own_action="wrap_code"),
    _moves("transcript.code_left", "h,left", "Back to the left in the message's code", "code_left"),
    _moves("transcript.code_right", "l,right", "On to the right in the message's code", "code_right"),
    Command("transcript.continue", ">", "Have the reply that was cut off continued", slash="continue"),
    Command("transcript.again", "r", "Have the reply made anew", slash="again"),
    _moves("find.keep", "enter", "Close the field and stay; n and N go on", "keep"),
    _moves("find.next", "down", "Next hit", "next"),
    _moves("find.previous", "up", "Previous hit", "previous"),
    _moves("selecting.left", "h,left", "A character to the left", "left"),
    _moves("selecting.down", "j,down", "A line down, into the next message too", "down"),
    _moves("selecting.up", "k,up", "A line up", "up"),
    _moves("selecting.right", "l,right", "A character to the right", "right"),
    _moves("selecting.word_on", "w", "Next word", "word_on"),
    _moves("selecting.word_back", "b", "Previous word", "word_back"),
    _moves("selecting.line_start", "0,home", "Beginning of the line", "line_start"),
    _moves("selecting.line_end", "$,end", "End of the line", "line_end"),
    _moves("selecting.first", "g", "Beginning of the chat", "first"),
    _moves("selecting.last", "G", "End of the chat", "last"),
    _moves("selecting.page_up", "pageup", "A page up", "page_up"),
    _moves("selecting.page_down", "pagedown,space", "A page down", "page_down"),
    _moves("selecting.copy", "y", "Copy the selected text", "copy"),
    _moves("selecting.leave", "v", "Select no more; Esc does so too", "leave"),
)  # fmt: skip
