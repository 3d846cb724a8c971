"""What an operator needs: backup, restore, verification, checks. No page imports this."""
