import pikepdf

with pikepdf.new() as pdf:
    page = pdf.add_blank_page()
    page.contents_add(pdf.make_stream(b"0 0 m 9 9 l S " * 22_000_000))
    pdf.save("a.pdf", compress_streams=True)
