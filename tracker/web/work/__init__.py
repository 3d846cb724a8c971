"""What waits for the actor."""
