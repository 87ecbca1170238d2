"""What may be typed on the pages of messages, a file for each part of them."""
