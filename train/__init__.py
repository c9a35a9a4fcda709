"""The MMDiT trainer."""
