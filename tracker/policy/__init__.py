"""Who may do and who may see: True or False, or an SQL condition. Nothing else decides it."""
