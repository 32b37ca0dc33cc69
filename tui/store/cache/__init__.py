"""What can be had again: lists of models, sums of what was used."""
