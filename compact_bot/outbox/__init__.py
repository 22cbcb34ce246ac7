"""Answers on their way to a chat: posted at once, or kept until the platform takes them."""
