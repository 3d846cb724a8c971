"""The own account: sign-ins, passphrase, language and mail."""
