"""What e-mails say, the outbox and its delivery. Never decides whether to write to somebody."""
