"""What the coordinator enters and corrects of a recommendation by hand."""
