"""The browser libraries that we ship: what they are, whether they are untouched, and how to take a new version.

Nobody needs Node to run Thaki, so the built files are committed under `static/vendor/` with a manifest.

    python -m thaki.ui.vendor check                  every file is as MANIFEST.json says, or exit 1 names what differs
    python -m thaki.ui.vendor update NODE_MODULES    copies the files again and rewrites the manifest
"""

import hashlib
import json
import re
import shutil
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

VENDOR = Path(__file__).parent / "static" / "vendor"
MANIFEST = VENDOR / "MANIFEST.json"
# The maps are not shipped (4 MB), and a hashed-names storage refuses a reference to a file that is not there.
SOURCE_MAP = re.compile(rb"\n?(//# sourceMappingURL=\S+|/\*# sourceMappingURL=[^*]+\*/)\s*$")


@dataclass(frozen=True, slots=True)
class Library:
    """One package of the npm registry and the files of it that we use."""

    package: str
    licence: str
    files: dict[str, str]  # path in the package -> path in our folder

    @property
    def name(self) -> str:
        """The folder's name without its version."""
        return self.package.lstrip("@").replace("/", "-")


LIBRARIES = (
    Library(
        "@tabler/core",
        "MIT",
        {"dist/css/tabler.min.css": "tabler.min.css", "dist/js/tabler.min.js": "tabler.min.js"},
    ),
    Library("htmx.org", "0BSD", {"LICENSE": "LICENSE", "dist/htmx.min.js": "htmx.min.js"}),
    Library(
        "bpmn-js",
        "bpmn.io licence (MIT with a watermark that must stay visible)",
        {
            "LICENSE": "LICENSE",
            "dist/bpmn-navigated-viewer.production.min.js": "bpmn-navigated-viewer.min.js",
            "dist/assets/bpmn-js.css": "bpmn-js.css",
            "dist/assets/diagram-js.css": "diagram-js.css",
        },
    ),
    Library(
        "leaflet",
        "BSD-2-Clause",
        {"LICENSE": "LICENSE", "dist/leaflet.js": "leaflet.js", "dist/leaflet.css": "leaflet.css"}
        | {
            f"dist/images/{name}": f"images/{name}"
            for name in (
                "layers.png",
                "layers-2x.png",
                "marker-icon.png",
                "marker-icon-2x.png",
                "marker-shadow.png",
            )
        },
    ),
    Library("signature_pad", "MIT", {"LICENSE": "LICENSE", "dist/signature_pad.umd.min.js": "signature_pad.min.js"}),
    Library(
        "@fontsource-variable/inter",
        "OFL-1.1",
        {"LICENSE": "LICENSE", "files/inter-latin-wght-normal.woff2": "inter-latin-wght-normal.woff2"},
    ),
)


@lru_cache(maxsize=1)
def folders() -> dict[str, str]:
    """The folder of each library by its package's name, without a scope: `core`, `leaflet`, `bpmn-js`."""
    libraries = json.loads(MANIFEST.read_text())["libraries"]
    return {entry["name"].rpartition("/")[2]: entry["folder"] for entry in libraries}


def path_of(path: str) -> str:
    """The static path of `leaflet/leaflet.js` with the version that we ship."""
    name, _, rest = path.partition("/")
    return f"vendor/{folders()[name]}/{rest}"


def sha256(path: Path) -> str:
    """Hexadecimal digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def folder_files(folder: Path) -> set[str]:
    """Every file below the vendor folder but the manifest, as paths relative to it."""
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and p.name != "MANIFEST.json"}


def problems() -> list[str]:
    """What differs between the manifest and the folder; empty when all is as committed."""
    listed: dict[str, str] = {
        f"{entry['folder']}/{name}": digest
        for entry in json.loads(MANIFEST.read_text())["libraries"]
        for name, digest in entry["files"].items()
    }
    present = folder_files(VENDOR)
    found = [f"missing: {name}" for name in sorted(listed.keys() - present)]
    found += [f"not in the manifest: {name}" for name in sorted(present - listed.keys())]
    found += [f"changed: {name}" for name in sorted(present & listed.keys()) if sha256(VENDOR / name) != listed[name]]
    return found


def take(library: Library, node_modules: Path) -> dict[str, Any]:
    """Copy a library's files from a node_modules folder and return its entry of the manifest."""
    source = node_modules / library.package
    version = json.loads((source / "package.json").read_text())["version"]
    folder = VENDOR / f"{library.name}-{version}"
    for old in VENDOR.glob(f"{library.name}-*"):
        shutil.rmtree(old)
    for theirs, ours in library.files.items():
        target = folder / ours
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(SOURCE_MAP.sub(b"\n", (source / theirs).read_bytes()))
    return {
        "name": library.package,
        "version": version,
        "licence": library.licence,
        "folder": folder.name,
        "changes": "the sourceMappingURL line is removed",
        "files": {name: sha256(folder / name) for name in sorted(library.files.values())},
    }


def update(node_modules: Path) -> None:
    """Copy every library again and write the manifest."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    entries = [take(library, node_modules) for library in LIBRARIES]
    MANIFEST.write_text(json.dumps({"libraries": entries}, indent=2) + "\n")


def main(arguments: list[str]) -> int:
    """Run the command line; returns the exit code."""
    if arguments[:1] == ["update"] and len(arguments) == 2:
        update(Path(arguments[1]))
    elif arguments != ["check"]:
        print(__doc__)
        return 2
    found = problems()
    print("\n".join(found) or "vendor: every file is as in MANIFEST.json")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
