import pikepdf

with pikepdf.open("dist/paper.pdf", allow_overwriting_input=True) as pdf:
    page = pdf.pages[0]
    page.contents_add(pdf.make_stream(b"q Q " * 50_000_000))
    pdf.save(compress_streams=True)
