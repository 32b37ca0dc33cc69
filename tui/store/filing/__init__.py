"""Where sessions go: archive, trash and back, and what is cleared away."""
