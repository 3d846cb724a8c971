"""The UPR follow-up tracker. Start reading at `app.py`; the map of the rooms is in ARCHITECTURE.md."""
