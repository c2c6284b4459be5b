"""Reading PDF back: content streams, fonts and annotations in, what a reader sees out."""
