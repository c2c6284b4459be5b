"""The PDF editions: pages set once, from which screen, archive, print and cover are made."""
