import shutil

import pikepdf

shutil.copy("dist/paper.pdf", "old.pdf")
with pikepdf.open("dist/paper.pdf", allow_overwriting_input=True) as pdf:
    pdf.Root.More = pdf.make_stream(bytes(300_000_000))
    pdf.save(compress_streams=True)
