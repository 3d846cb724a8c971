"""Files of recommendations become recommendations: uploaded, read, compared with what stands, applied, undone."""
