"""Each rule of check.py finds the fault it is made for, and none in a sound tree."""
import pathlib
import tempfile
import unittest

import check

SOUND = {
    "CMakeLists.txt": "project(x)\n",
    "README.md": "See [docs](docs/a.md), run `throng run x.toml --out y.h5`.\n",
    "docs/a.md": "```\nbuild/release/bin/throng run x.toml \\\n  --out y.h5\n```\n[back](../README.md#top) [out](https://example.org)\n",
    "sim/core/a.hpp": "#pragma once\n#include <vector>\n",
    "sim/world/b.hpp": '#pragma once\n#include "sim/core/a.hpp"\n',
    "sim/world/detail/c.hpp": '#pragma once\n#include <CGAL/x.h>\n',
    "sim/world/c.cpp": '#include "sim/world/detail/c.hpp"\n// std::exp( is only a comment here\n',
    "tools/throng/run.cpp": 'app.add_subcommand("run", "x");\ncommand->add_option("--out", x);\n',
}


class Rules(unittest.TestCase):
    def faults(self, rule, **changes):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in {**SOUND, **changes.get("files", {})}.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text, encoding="utf-8")
            return list(check.RULES[rule](root))

    def test_a_sound_tree_has_no_faults(self):
        for rule in set(check.RULES) - {"formatting"}:
            self.assertEqual(self.faults(rule), [], rule)

    def expect(self, rule, name, text, part):
        faults = self.faults(rule, files={name: text})
        self.assertEqual(len(faults), 1, faults)
        self.assertIn(part, faults[0])

    def test_codes_with_two_meanings(self):
        page = {"docs/formats/import-report.md": "| G301 | x |\n| G302 | x (import and mesh) |\n"}
        good = {"gis/a.cpp": '"G301 text" "G302"', "sim/world/d.cpp": 'f("G302")', **page}
        self.assertEqual(self.faults("codes", files=good), [])
        for name, text, part in [("gis/b.cpp", '"G303"', "no row"), ("sim/world/e.cpp", '"G301"', "two rooms"),
                                 ("gis/a.cpp", '"G302"', "given nowhere"),
                                 ("docs/b.md", "| G301 | again |\n", "explained twice")]:
            faults = self.faults("codes", files={**good, name: text})
            self.assertEqual(len(faults), 1, faults)
            self.assertIn(part, faults[0])

    def test_a_folder_or_a_file_too_many_at_the_top(self):
        self.expect("folders", "notes/x.md", "x", "notes")
        self.expect("folders", "scrap.txt", "x", "scrap.txt")

    def test_includes_against_the_direction(self):
        self.expect("include_direction", "sim/core/a.hpp", '#include "sim/world/b.hpp"\n', "core may not include world")
        self.expect("include_direction", "gis/a.cpp", '#include "sim/world/b.hpp"\n', "gis may not include world")
        self.expect("include_direction", "sim/io/a.cpp", '#include "sim/world/detail/c.hpp"\n', "detail of world")
        self.expect("include_direction", "sim/core/d.cpp", '#include "a.hpp"\n', "not written from the root")
        self.expect("include_direction", "sim/core/d.cpp", '#include "tests/support/plan.hpp"\n', "tests")

    def test_a_heavy_library_in_a_public_header_also_through_a_detail(self):
        self.expect("public_headers", "sim/core/a2.hpp", "#include <nlohmann/json.hpp>\n", "nlohmann")
        self.expect("public_headers", "sim/world/d.hpp", '#include "sim/world/detail/c.hpp"\n', "CGAL/x.h")

    def test_small_rules(self):
        self.expect("pragma_once", "sim/core/e.hpp", "int x;\n", "e.hpp")
        self.expect("machine_paths", "docs/b.md", "cd /" + "home/me\n", "docs/b.md:1")
        self.expect("mathematics", "sim/agents/f.cpp", "double y = std::exp(x);\n", "std::exp")
        self.expect("links", "docs/b.md", "[x](missing.md)\n", "missing.md")
        self.expect("commands", "docs/b.md", "`throng fly`\n", "fly")
        self.expect("commands", "docs/b.md", "```\nthrong run \\\n  --speed 3\n```\n", "--speed")
        self.expect("python_examples", "docs/b.md", "x\n```python\nprint(\n```\n", "docs/b.md:")


if __name__ == "__main__":
    unittest.main()
