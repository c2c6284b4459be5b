import io
from pathlib import Path

from PIL import Image

image = Image.effect_noise((400, 400), 80)
file = io.BytesIO()
image.save(file, "PNG")
Path("a.png").write_bytes(file.getvalue()[:-4000])
