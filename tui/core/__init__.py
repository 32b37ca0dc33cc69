"""What a conversation is; imports nothing else of ours."""
