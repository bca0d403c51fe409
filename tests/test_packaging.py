"""The wheel and the sdist: what is in them, and that what is in them works."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

_NOT_OURS = shutil.ignore_patterns(".*", "__pycache__", "dist", "build", "__snapshots__")
_MAKERS = ("train_", "build_")
"""Programs that make the models and word lists: what they need is not installed with the reader."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel built from that sdist."""
    # A copy, for nothing may be left behind in the checkout, and nothing that lies there by chance be taken.
    source = tmp_path_factory.mktemp("source") / "warreader"
    shutil.copytree(ROOT, source, ignore=_NOT_OURS)
    out = tmp_path_factory.mktemp("dist")
    ran = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(source)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
    return out


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the wheel as installed, without what it depends on."""
    target = tmp_path_factory.mktemp("installed")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "-q",
            "--no-deps",
            "--no-index",
            "--no-compile",
            "--target",
            str(target),
            str(wheel),
        ],
        check=True,
        capture_output=True,
        timeout=120,
        env=_environment(),
    )
    return target


@pytest.fixture(scope="module")
def unpacked(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist's content."""
    folder = tmp_path_factory.mktemp("unpacked")
    (found,) = built.glob("*.tar.gz")
    with tarfile.open(found) as archive:
        archive.extractall(folder, filter="data")
    (root,) = folder.iterdir()
    return root


def _environment(*path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_"))}
    return kept | {"PYTHONPATH": os.pathsep.join(map(str, path)), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def _data_files() -> set[str]:
    """Everything in the source packages that is not code, by its path in the wheel."""
    found = set()
    for root in (ROOT / "index", ROOT / "tui"):
        for path in root.rglob("*"):
            if path.is_file() and path.suffix not in (".py", ".pyc"):
                found.add(path.relative_to(root).as_posix())
    return found


def test_the_wheel_holds_code_data_themes_and_seeds(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    code = {
        path.relative_to(root).as_posix()
        for root in (ROOT / "index", ROOT / "tui")
        for path in root.rglob("*.py")
        if not path.name.startswith(_MAKERS)
    }
    assert code <= names and "warreader/index/library.py" in code and "warreader/tui/cli.py" in code
    assert {"warreader/index/py.typed", "warreader/tui/py.typed"} <= names
    assert _data_files() <= names
    for part in ("entities", "matching"):
        assert any(name.startswith(f"warreader/index/{part}/") for name in _data_files()), part
    themes = {name for name in names if re.fullmatch(r"warreader/tui/themes/[\w-]+\.yaml", name)}
    assert len(themes) == len(list((ROOT / "themes").glob("*.yaml"))) > 1
    assert len([name for name in names if re.fullmatch(r"warreader/index/seeds/\w+\.txt", name)]) == 5


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {"warreader", names[-1].split("/")[0]}
    assert names[-1].split("/")[0].endswith(".dist-info")
    assert "warreader/__init__.py" not in names
    assert not [name for name in names if name.rpartition("/")[2].startswith(_MAKERS)]
    assert not [name for name in names if "test" in name.lower() or name.endswith((".pyc", ".sqlite"))]
    assert {name.split("/")[1] for name in names if name.startswith("warreader/")} == {"index", "tui"}


def test_the_wheel_offers_the_command_and_its_licence(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (entry,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))
    assert "warreader = warreader.tui.cli:main" in archive.read(entry).decode()
    (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    text = archive.read(metadata).decode()
    assert "\nRequires-Python: <3.14,>=3.11\n" in text and "\nRequires-Dist: textual" in text
    assert "\nLicense-Expression: MIT AND CC-BY-4.0 AND LicenseRef-Press-Texts\n" in text
    for name in ("LICENSE", "NOTICE"):
        assert [path for path in archive.namelist() if path.endswith(f"licenses/{name}")]


def test_the_sdist_holds_what_it_takes_to_build_and_test(unpacked: Path) -> None:
    there = {path.name for path in unpacked.iterdir()}
    assert {
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "NOTICE",
        "CHANGELOG.md",
        "index",
        "tui",
        "themes",
        "seeds",
        "tests",
    } <= there
    assert len(list((unpacked / "seeds").glob("*.txt"))) == 5
    assert (unpacked / "tests" / "conftest.py").is_file()
    assert not [path for path in unpacked.rglob("*") if path.suffix in (".pyc", ".sqlite")]


@pytest.mark.parametrize("kind", ["installed", "unpacked"])
def test_it_works_from_there(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    root: Path = request.getfixturevalue(kind)
    roots = [root] if kind == "installed" else [root / "index", root / "tui"]
    (tmp_path / "story.txt").write_text("The port was shelled on Monday, said Volodymyr Zelensky.\n", "utf-8")

    def warreader(*arguments: str) -> str:
        ran = subprocess.run(
            [sys.executable, "-P", "-m", "warreader.tui.cli", *arguments],
            cwd=tmp_path,
            env=_environment(*roots),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    assert len(warreader("themes").splitlines()) == len(list((ROOT / "themes").glob("*.yaml")))
    assert (
        warreader("--library", "library", "add", "story.txt") == "added 1, updated 0, duplicate 0, failed 0\n"
    )
    assert "Zelensky" in warreader("export", "mentions", "--library", "library")
    where = (
        "import warreader.index.resources as r; print(r.__file__, len(list(r.seeds_folder().glob('*.txt'))))"
    )
    ran = subprocess.run(
        [sys.executable, "-P", "-c", where],
        check=True,
        cwd=tmp_path,
        env=_environment(*roots),
        capture_output=True,
        text=True,
    )
    assert ran.stdout.startswith(str(root)) and ran.stdout.endswith(" 5\n")


def test_nothing_lies_at_the_top_but_what_belongs_there() -> None:
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a checkout")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    folders = {".ci", "docs", "index", "seeds", "tests", "themes", "tui"}
    files = {".gitignore", "CHANGELOG.md", "LICENSE", "NOTICE", "README.md", "pyproject.toml"}
    assert {path.partition("/")[0] for path in listed.splitlines()} == folders | files
