"""Rules of the house that the compiler does not check. Standard library only.

Usage: check.py RULE [root]      prints each fault as `file:line: text`; exit code 1 when there are any.
"""
import pathlib
import re
import shutil
import subprocess
import sys

FOLDERS = {"assets", "docs", "gis", "render", "scenarios", "sim", "tests", "tools"}
FILES = {"run", "README.md", "LICENSE", "CONTRIBUTING.md", "CMakeLists.txt", "CMakePresets.json"}
IGNORED = {"build", "out", "compile_commands.json", "CMakeUserPresets.json"}

# A room may include only rooms further left (docs/architecture.md); `tests` may include all.
ORDER = ["core", "scenario", "world", "nav", "fields", "record", "agents", "twin", "io", "gis", "render", "report",
         "live", "tools"]
ONLY = {"gis": {"core", "scenario"}, "render": {"core", "scenario", "world", "fields", "record"},
        "report": {"core", "scenario", "world", "fields", "record"}}
# Rooms whose results must be the same bits on every machine.
BIT_STABLE = ("core", "scenario", "world", "nav", "fields", "record", "agents")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
TEXT_SUFFIXES = {"", ".cpp", ".hpp", ".h", ".py", ".md", ".txt", ".cmake", ".in", ".toml", ".json", ".geojson", ".osm",
                 ".csv", ".yml", ".sh", ".svg", ".html"}


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def files(root, *suffixes, folders=tuple(sorted(FOLDERS))):
    """Files of the tree in a fixed order, below the known folders."""
    found = []
    for folder in folders:
        if (root / folder).is_dir():
            found += [f for f in (root / folder).rglob("*")
                      if f.is_file() and f.suffix in suffixes and "__pycache__" not in f.parts]
    return sorted(found)


def room_of(path):
    """Room of a path given from the root: sim/world/x.hpp is world, gis/x.hpp gis, tests/x.cpp tests."""
    parts = pathlib.PurePosixPath(path).parts
    return parts[1] if parts[0] == "sim" and len(parts) > 2 else parts[0]


def includes(file):
    text = file.read_text(encoding="utf-8")
    return [(line_of(text, m.start(2)), m.group(1), m.group(2)) for m in INCLUDE.finditer(text)]


def folders(root):
    for entry in sorted(root.iterdir()):
        name = entry.name
        if name in IGNORED or name.startswith("."):
            continue
        if name not in (FOLDERS if entry.is_dir() else FILES):
            yield f"{name}: not one of the {'folders' if entry.is_dir() else 'files'} that stand at the top"


def may_include(room, other):
    if room in (other, "tests"):
        return True
    if room in ONLY:
        return other in ONLY[room]
    return room in ORDER and other in ORDER and ORDER.index(other) < ORDER.index(room)


def include_direction(root):
    for file in files(root, ".cpp", ".hpp", folders=("sim", "gis", "render", "tools", "tests")):
        name = file.relative_to(root).as_posix()
        room = room_of(name)
        for line, quote, target in includes(file):
            if quote == "<":
                continue
            if pathlib.PurePosixPath(target).parts[0] not in ("sim", "gis", "render", "tools", "tests"):
                yield f'{name}:{line}: "{target}" is not written from the root'
            elif not may_include(room, room_of(target)):
                yield f"{name}:{line}: {room} may not include {room_of(target)} ({target})"
            elif "/detail/" in target and room_of(target) != room and room != "tests":
                yield f"{name}:{line}: {target} is a detail of {room_of(target)}"


def public_headers(root):
    """What other rooms may include brings along the standard library and our headers, nothing else."""
    public = [f for f in files(root, ".hpp", folders=("sim", "gis")) if "detail" not in f.parts]
    for header in public:
        seen, left = set(), [header]
        while left:
            file = left.pop()
            if file in seen or not file.is_file():
                continue
            seen.add(file)
            for line, quote, target in includes(file):
                if quote == '"':
                    left.append(root / target)
                elif not re.fullmatch(r"[a-z_0-9]+", target):
                    yield (f"{file.relative_to(root)}:{line}: <{target}> reaches the public header "
                           f"{header.relative_to(root)}")


def pragma_once(root):
    for file in files(root, ".hpp", folders=("sim", "gis", "render", "tools", "tests")):
        if not re.search(r"^#pragma once$", file.read_text(encoding="utf-8"), re.M):
            yield f"{file.relative_to(root)}: no #pragma once"


def machine_paths(root):
    words = re.compile("|".join("/" + word + "/" for word in ("work", "home", "root")))
    candidates = files(root, *TEXT_SUFFIXES) + [root / name for name in sorted(FILES)] + \
        sorted((root / ".ci").glob("*")) + [root / ".clang-tidy", root / ".clang-format"]
    for file in candidates:
        if not file.is_file():
            continue
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        text = re.sub(r"\bhttps?://\S+", "", text)
        for found in words.finditer(text):
            yield f"{file.relative_to(root)}:{line_of(text, found.start())}: path of one machine: {found.group()}"


def mathematics(root):
    """The C library's functions differ between processors; a run uses sim/core/math.hpp. No hidden random numbers."""
    banned = re.compile(r"\bstd::(exp|exp2|expm1|log|log2|log10|log1p|sin|cos|tan|asin|acos|atan|atan2|pow|cbrt|hypot|"
                        r"random_device|mt19937\w*|\w+_distribution)\b|[^\w:]s?rand\(")
    for room in BIT_STABLE:
        for file in files(root, ".cpp", ".hpp", folders=(f"sim/{room}",)):
            text = re.sub(r"//[^\n]*", "", file.read_text(encoding="utf-8"))
            for found in banned.finditer(text):
                yield f"{file.relative_to(root)}:{line_of(text, found.start())}: {found.group().strip()}"


def formatting(root):
    if shutil.which("clang-format") is None:
        print("ALL SKIPPED: no clang-format here")
        return
    sources = files(root, ".cpp", ".hpp", folders=("sim", "gis", "render", "tools", "tests"))
    for begin in range(0, len(sources), 50):
        done = subprocess.run(["clang-format", "--dry-run", "-Werror", *map(str, sources[begin:begin + 50])],
                              capture_output=True, text=True, cwd=root)
        faulty = sorted(set(re.findall(r"^(.*?):\d+:\d+: error:", done.stderr, re.M)))
        for name in faulty:
            yield f"{pathlib.Path(name).relative_to(root)}: clang-format -i it"
        if done.returncode != 0 and not faulty:
            yield done.stderr.strip()


def pages(root):
    return files(root, ".md") + sorted(root.glob("*.md"))


def links(root):
    for page in pages(root):
        text = page.read_text(encoding="utf-8")
        prose = re.sub(r"```.*?```|`[^`\n]*`", lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S)
        for found in re.finditer(r"\]\(([^)\s]+)\)", prose):
            target = found.group(1).split("#")[0]
            if target and not re.match(r"[a-z]+:", target) and not (page.parent / target).exists():
                yield f"{page.relative_to(root)}:{line_of(text, found.start())}: no such file: {target}"


def program_words(root):
    """Subcommands of throng, each with the options that its source file offers."""
    words = {}
    for source in sorted((root / "tools" / "throng").glob("*.cpp")):
        text = source.read_text(encoding="utf-8")
        options = set(re.findall(r'add_(?:option|flag)\(\s*"(--[a-z-]+)"', text)) | {"--help"}
        for name in re.findall(r'add_subcommand\(\s*"([a-z-]+)"', text):
            words[name] = options
    return words


def commands(root):
    """Every `throng word --option` in the pages exists in the program."""
    words = program_words(root)
    if not words:
        yield "tools/throng: no subcommands found"
    for page in pages(root):
        text = page.read_text(encoding="utf-8")
        for code in re.finditer(r"```.*?```|`[^`\n]+`", text, re.S):
            joined = code.group().strip("`").replace("\\\n", "  ")
            for call in re.finditer(r"(?:^|[\s/`])throng +([a-z][a-z-]*)([^\n|#]*)", joined):
                where = f"{page.relative_to(root)}:{line_of(text, code.start()) + joined.count(chr(10), 0, call.start(1))}"
                if call.group(1) not in words:
                    yield f"{where}: throng has no subcommand {call.group(1)}"
                    continue
                for option in re.findall(r"(?<=\s)--[a-z][a-z-]*", call.group(2)):
                    if option not in words[call.group(1)]:
                        yield f"{where}: throng {call.group(1)} has no option {option}"


def codes(root):
    """Each code of a note has one meaning: one row in the page of the import report, one room that gives it."""
    page = root / "docs" / "formats" / "import-report.md"
    if not page.is_file():
        return
    rows, text = {}, page.read_text(encoding="utf-8")
    for row in re.finditer(r"^\| ([A-Z]\d{3}(?:, [A-Z]\d{3})*) \|.*$", text, re.M):
        for code in row.group(1).split(", "):
            if code in rows:
                yield f"{page.relative_to(root)}:{line_of(text, row.start())}: {code} has a row already"
            rows[code] = row.group()
    used = {}
    for file in files(root, ".cpp", ".hpp", folders=("sim", "gis")):
        for found in re.finditer(r'"([GLOBCXEM]\d{3})\b', file.read_text(encoding="utf-8")):
            used.setdefault(found.group(1), {}).setdefault(room_of(file.relative_to(root).as_posix()), file)
    for code in sorted(used):
        places = ", ".join(file.relative_to(root).as_posix() for file in used[code].values())
        if code not in rows:
            yield f"{places}: {code} has no row in {page.relative_to(root)}"
        elif len(used[code]) > 1 and "(import and mesh)" not in rows[code]:
            yield f"{places}: {code} comes from two rooms: one code, one meaning"
    for code in sorted(set(rows) - set(used)):
        yield f"{page.relative_to(root)}: {code} is given nowhere"
    for other in pages(root):
        text = other.read_text(encoding="utf-8")
        for row in re.finditer(r"^\| ([A-Z]\d{3})\b", text, re.M) if other != page else ():
            if row.group(1) in rows:
                yield f"{other.relative_to(root)}:{line_of(text, row.start())}: {row.group(1)} is explained twice"


def python_examples(root):
    """Python blocks in the pages are sound Python."""
    for page in pages(root):
        text = page.read_text(encoding="utf-8")
        for block in re.finditer(r"^```python\n(.*?)^```", text, re.S | re.M):
            try:
                compile(block.group(1), str(page), "exec")
            except SyntaxError as error:
                yield f"{page.relative_to(root)}:{line_of(text, block.start(1)) + (error.lineno or 1) - 1}: {error.msg}"


RULES = {rule.__name__: rule for rule in (folders, include_direction, public_headers, pragma_once, machine_paths,
                                          mathematics, formatting, links, commands, codes, python_examples)}


def main():
    if len(sys.argv) < 2 or sys.argv[1] not in RULES:
        sys.exit(f"usage: check.py {'|'.join(RULES)} [root]")
    root = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else pathlib.Path(__file__).resolve().parents[2]
    faults = list(RULES[sys.argv[1]](root))
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
