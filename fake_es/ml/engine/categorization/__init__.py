"""Categories of messages: text is cut into tokens, and messages with like tokens are of one category."""
