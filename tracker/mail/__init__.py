"""The texts of e-mails, the outbox and its delivery. Never decides whether to write to somebody."""
