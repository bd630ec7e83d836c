"""The next best step: what a rep might do now, ranked, with the reasons and the command that does it."""
