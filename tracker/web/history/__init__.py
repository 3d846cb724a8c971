"""The history of changes: everybody reads its public lines, the coordinator all of them."""
