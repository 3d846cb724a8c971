"""The coordinator sees every mail: sent, waiting, failed."""
