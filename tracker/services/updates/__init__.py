"""The State's updates: the steps of the work flow, their texts, their lines of history."""
