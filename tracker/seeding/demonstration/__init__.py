"""The demonstration: an invented country at work, loaded through the same services that people use."""
