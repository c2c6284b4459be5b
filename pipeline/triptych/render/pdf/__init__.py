"""The PDF editions: pages are set once, and a PDF for each purpose is made of them."""
