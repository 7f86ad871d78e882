"""Makes product pictures that look like photographs: soft shapes, grain, a label with hard edges.

Arguments: folder, count, shrink (1 = sides of 800 to 2,400 pixels). Six in ten are JPEG (some progressive, CMYK or
grey), two or three PNG (some with alpha or a palette), the rest WebP. The same arguments give the same pictures.
"""

import os
import random
import sys

from PIL import Image, ImageDraw, ImageFilter

SIZES = [(800, 800), (1200, 900), (1600, 1600), (1500, 2000), (2400, 1800)]


def picture(number, size):
    dice = random.Random(number)
    width, height = size
    base = Image.new("RGB", size, tuple(dice.randrange(200, 256) for _ in range(3)))
    draw = ImageDraw.Draw(base)
    for _ in range(40):
        x, y = dice.randrange(width), dice.randrange(height)
        r = dice.randrange(width // 40 + 1, width // 5 + 2)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=tuple(dice.randrange(256) for _ in range(3)))
    base = base.filter(ImageFilter.GaussianBlur(width / 200))
    grain = Image.frombytes("L", (width, height), dice.randbytes(width * height)).filter(ImageFilter.GaussianBlur(1))
    base = Image.blend(base, Image.merge("RGB", (grain, grain, grain)), 0.12)
    draw = ImageDraw.Draw(base)
    draw.rectangle((width // 3, height // 3, width * 2 // 3, height // 2), fill="white", outline="red", width=6)
    for line in range(6):
        y = height // 3 + (line + 1) * height // 45
        draw.line((width // 3 + 20, y, width * 2 // 3 - dice.randrange(20, width // 5), y), fill="black", width=3)
    return base


def write(folder, number, shrink):
    width, height = SIZES[number // 20 % len(SIZES)]
    base = picture(number, (width // shrink, height // shrink))
    kind = number % 20
    name = os.path.join(folder, f"{number:04}-{width // shrink}x{height // shrink}")
    if kind < 12:
        mode = {10: "CMYK", 11: "L"}.get(kind, "RGB")
        base.convert(mode).save(f"{name}.jpg", quality=90, progressive=kind in (8, 9))
    elif kind < 17:
        if kind == 15:
            base.putalpha(Image.linear_gradient("L").resize(base.size))
        elif kind == 16:
            base = base.quantize(200)
        base.save(f"{name}.png", compress_level=6)
    else:
        base.save(f"{name}.webp", quality=85, method=2)


def main():
    folder, count, shrink = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.makedirs(folder, exist_ok=True)
    for number in range(count):
        write(folder, number, shrink)


main()
