import pikepdf

with pikepdf.open("dist/paper.pdf", allow_overwriting_input=True) as pdf:
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and "/W" in item and "/CIDSystemInfo" in item:
            item.W = pikepdf.Array([0, 2_000_000_000, 500])
    pdf.save()
