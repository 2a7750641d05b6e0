"""How fast plans are read: importing the reader, and characters a second of CPU time on one core."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

IMPORT = "import time; t = time.process_time(); import nianlun.plans.reading; print(time.process_time() - t)"
SIZES = (1_000, 100_000, 500_000)
CORPUS = Path(__file__).resolve().parents[1] / "scripts" / "corpus"


def main() -> None:
    seconds = min(float(subprocess.check_output([sys.executable, "-c", IMPORT], text=True)) for _ in range(3))
    print(f"import of nianlun.plans.reading: {seconds:.2f} s")
    from nianlun.plans.reading import read_plan  # imported after its own import was timed

    plans = "\n".join(path.read_text(encoding="utf-8") for path in sorted(CORPUS.glob("*.txt")))
    prose = plans.replace("【", "").replace("】", "")
    read_plan(prose[:2_000])
    for size in SIZES:
        text = (prose * (size // len(prose) + 1))[:size]
        start = time.process_time()
        reading = read_plan(text)
        spent = time.process_time() - start
        print(f"{size:>8,} characters, {len(reading.items):>6,} items: {spent:.2f} s, {size / spent:,.0f} a second")


if __name__ == "__main__":
    main()
