"""SVG figures: mended where the typesetter and browsers would show them unlike.

`mend` is the way in. `css` gives each element its own style, `words` shows words in HTML and on
curves as text, `paint` writes gradients, marks and clips as all draw them. What cannot be mended is
left out of every edition, and told.
"""
