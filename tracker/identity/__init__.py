"""Who somebody is: accounts, sign-ins, passphrases, second factors, invitations, throttles. Never commits."""
