"""The tests mirror tracker/. stories/: one file a promise; browser/: Chromium; architecture/: the code itself."""
