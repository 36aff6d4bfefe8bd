"""Reads the pages of an index with one extractor: read.py NAME INDEX OUT. The contract stands in crates/contest/src/reader.rs."""

import json
import sys
import time
from pathlib import Path


def trafilatura():
    from trafilatura import extract

    return lambda html, url: extract(html, url=url)


def resiliparse():
    from resiliparse.extract.html2text import extract_plain_text

    return lambda html, url: extract_plain_text(html, main_content=True)


def main():
    name, index, out = sys.argv[1:]
    extract = {"trafilatura": trafilatura, "resiliparse": resiliparse}[name]()
    pages, secs = 0, 0.0
    for line in Path(index).read_text(encoding="utf-8").splitlines():
        page = json.loads(line)
        html = Path(page["path"]).read_bytes().decode("utf-8", "replace")
        started = time.perf_counter()
        try:
            text = extract(html, page["url"])
        except Exception:
            text = None
        secs += time.perf_counter() - started
        pages += 1
        Path(out, page["id"] + ".txt").write_text(text or "", encoding="utf-8", errors="replace")
    print(json.dumps({"pages": pages, "secs": secs}))


main()
