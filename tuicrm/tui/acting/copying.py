"""What keys copy to the clipboard: a field of the record at hand, or one field of all that are marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.acting.targets import Targets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.tui.pane import Ref

SHOWN = 60
"""Cells of what was copied that the message names."""


class CopyKeys(Targets):
    """`y` offers what can be copied."""

    def action_record_copy(self) -> None:
        """Choose what to copy from a list; where there is one thing only, copy it."""
        from tuicrm.crm.copyable import copyable
        from tuicrm.tui.safe import short

        refs: Sequence[Ref] = self.targets()
        with self.desk.lock:
            found = copyable(self.desk.session, refs)
        if not found:
            self.main.say("nothing to copy here")
            return
        heading = "Copy" if len(refs) == 1 else f"Copy of {len(refs)} records"
        texts = [short(f"{one.label}  {one.text}", SHOWN) for one in found]
        self.pick(heading, texts, 0, lambda place: self.copy_text(found[place].text))

    def copy_text(self, text: str) -> None:
        """Put a text into the clipboard, and say so."""
        from tuicrm.tui import clipboard
        from tuicrm.tui.safe import short

        text = clipboard.plain(text)
        if clipboard.too_long(text):
            self.main.say("too long to copy: a terminal takes about 55,000 characters", "late")
            return
        env = self.program.env
        _, *wrapped = clipboard.sequences(text, env)
        # The toolkit writes the plain sequence itself, and remembers the text for its own lines of text.
        self.app.copy_to_clipboard(text)
        if self.app._driver is not None:
            self.app._driver.write("".join(wrapped))
        if env.get("TMUX"):
            self.run_worker(lambda: clipboard.hand_to_tmux(text, env), thread=True, group="tmux", exit_on_error=False)
        self.main.say(f"Copied {short(text, SHOWN)}")
