"""The typesetter: WeasyPrint, and all that is mended in it. Nothing outside this room imports it.

In: a page in XHTML and its CSS. Out: a PDF, and what stands on which of its pages.

The way in
    `weasyprint`       sets a page; the functions that other rooms call
    `engine`           loads WeasyPrint, with the fonts of the system out of its sight
    `mends`            the table of the faults of WeasyPrint, and the door that mends them

What is mended: these import WeasyPrint, and only `mends` imports them
    `footnotes`        a note longer than its page runs on at the foot of the next
    `laid_notes`       a note is laid out once, and moved to where it stands
    `all_pages`        only pages on which something does not fit are made anew
    `rebuilt_boxes`    what was changed for them gets new boxes, and nothing else does
    `table_widths`     a table too wide for its place is set smaller before its rows are laid out
    `justification`    lines of Chinese and Japanese, and lines from the right, are as wide as asked
    `line_start`       words are torn only where no line holds them
    `vowel_signs`      Arabic letters with vowel signs are a glyph each, and copied in order
    `kept_heads`       a table begins where there is room for its head and the head's notes
    `trailing_space`   the space at the end of a line from the right is not drawn
    `to_unicode`       what is copied from the PDF is what was written
    `tagging`          the structure tree, as PDF/UA-1 has it
    `drawings`         masks, clips, strokes and patterns of SVG are as the drawing says
    `formula_drawing`  formulas are drawn with the letters of a typeface

What is done to the page for the sake of the layout
    `formulas`         formulas are cut into pieces between which a line may end
    `misfits`          what does not fit its page, found and changed by the three that follow
    `figure_rows`      figures in a row that does not fit stand one below the other
    `tall_figures`     pictures too tall for their page with its caption are set smaller
    `wide_tables`      tables that do not fit are set smaller, turned, or run on
    `table_headers`    which heads each cell of a table has

What is read off the pages
    `laid_out`         their lines and pictures, and the page of each id
"""
