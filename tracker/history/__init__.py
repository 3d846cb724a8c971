"""The chain of deeds: lines are written, worded and verified here."""
