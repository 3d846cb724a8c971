"""The register of communications."""
