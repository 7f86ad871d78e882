"""Opens every picture of a folder as Pillow does; arguments: folder, rounds.

Prints the seconds of each round on one line, then for each picture in the order of names: name, kind, width, height.
"""

import os
import sys
import time

from PIL import Image

Image.MAX_IMAGE_PIXELS = None
folder, rounds = sys.argv[1], int(sys.argv[2])
files = sorted(os.listdir(folder))
times, seen = [], []
for _ in range(rounds):
    seen = []
    start = time.perf_counter()
    for name in files:
        with Image.open(os.path.join(folder, name)) as picture:
            seen.append((name, picture.format, *picture.size))
    times.append(time.perf_counter() - start)
print(*times)
for row in seen:
    print(*row)
