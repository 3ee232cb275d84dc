"""The read side: every table here can be dropped and rebuilt from the log."""
