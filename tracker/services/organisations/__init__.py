"""Organisations: made and admitted, their names corrected; renamed, merged, split and ended, with successors."""
