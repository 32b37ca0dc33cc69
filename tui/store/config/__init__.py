"""What the user sets: settings, keys, themes, presets and prompts, in the config folder."""
