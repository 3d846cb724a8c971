"""Civil society and the NHRI speak: write, preview, publish, withdraw."""
