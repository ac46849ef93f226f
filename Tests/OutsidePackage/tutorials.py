#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the tutorials to what they say.

    tutorials.py             each file that a tutorial shows is that of the example it names
    tutorials.py --run DIR   also does what it says: writes its files, runs its commands with the programs of DIR on the
                             PATH, and looks for the output that it shows (… stands for anything)

A block of code after a line that ends with `path`: is a file; a block sh is run; a block text is what comes out."""
import difflib, os, pathlib, re, subprocess, sys, tempfile

root = pathlib.Path(__file__).resolve().parents[2]


def blocks(text):
    """Kind, file name or None, and text of each block."""
    for match in re.finditer(r"(?:^[^\n]*`([^`\n]+)`:\n\n)?^```(\w+)\n(.*?)^```$", text, re.M | re.S):
        yield match[2], match[1], match[3]


def plain(text):
    """Without the line that only files in the tree have."""
    return re.sub(r"^(//|#) SPDX-License-Identifier: Apache-2.0\n", "", text, flags=re.M)


def differences(page, text):
    """Files that differ from the example that the page names."""
    example = root / re.search(r"\((?:\.\./)+(Examples/[\w-]+)\)", text)[1]
    shown = {name: body for _, name, body in blocks(text) if name}
    assert shown, f"{page}: no file in it"
    for name, body in shown.items():
        real = plain((example / name).read_text())
        if body != real:
            yield "".join(difflib.unified_diff(real.splitlines(True), body.splitlines(True), str(example / name), str(page)))


def run(page, text, programs, clone):
    with tempfile.TemporaryDirectory() as work:
        environment = dict(os.environ, PATH=f"{programs}:{os.environ['PATH']}", HYPSOMETER=str(clone))
        printed = ""
        for kind, name, body in blocks(text):
            if name:
                path = pathlib.Path(work, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(body)
            elif kind == "sh":
                done = subprocess.run(
                    ["bash", "-euo", "pipefail", "-c", body], cwd=work, env=environment, text=True, stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=1800)
                printed = done.stdout
                if done.returncode:
                    sys.exit(f"{page}: status {done.returncode} of\n{body}\n{printed[-3000:]}")
            elif kind in ("text", "json"):
                for line in body.splitlines():
                    wanted = re.escape(line).replace("…", ".*")
                    if not re.search(wanted, printed):
                        sys.exit(f"{page}: not in the output of the commands before:\n{line}\nbut\n{printed[-3000:]}")


def cloned(directory):
    """The repository as readers have it: under its own name, with the version that packages ask for."""
    clone = pathlib.Path(directory, "hypsometer")
    subprocess.run(["git", "clone", "--quiet", root, clone], check=True)
    subprocess.run(["git", "-C", clone, "tag", "--force", "0.1.0"], check=True, stdout=subprocess.DEVNULL)
    return clone


pages = sorted((root / "docs/tutorials").glob("*.md"))
assert len(pages) >= 4, "a tutorial is missing"
with tempfile.TemporaryDirectory() as beside:
    clone = cloned(beside) if sys.argv[1:2] == ["--run"] else None
    for page in pages:
        text = page.read_text()
        for difference in differences(page, text):
            sys.exit(difference)
        if clone:
            run(page, text, pathlib.Path(sys.argv[2]).resolve(), clone)
        print(f"{page.relative_to(root)}: as it says")
