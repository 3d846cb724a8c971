"""The history, a chain of lines: writes them, makes their sentences, verifies the chain."""
