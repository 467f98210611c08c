"""Workflows, as far as they can be checked without GitHub, and the scripts that they run."""

import re
import shutil
import stat
import zipfile

import pytest
import yaml
from conftest import QUICK, ROOT, RULE, TARGET, run, version

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
SCRIPTS = sorted(
    path
    for path in [*(ROOT / "packaging").rglob("*"), ROOT / ".ci/run"]
    if path.is_file() and path.read_bytes().startswith(b"#!/usr/bin/env bash\n")
)


def test_actionlint_finds_nothing():
    assert WORKFLOWS
    run("actionlint", *WORKFLOWS, cwd=ROOT)


def test_zizmor_finds_nothing():
    run("zizmor", "--offline", "--persona", "pedantic", "--min-severity", "low", ".github", "action.yml", cwd=ROOT)


def test_workflows_and_the_action_fit_their_schemas():
    run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *WORKFLOWS)
    run("check-jsonschema", "--builtin-schema", "vendor.github-actions", ROOT / "action.yml")


def test_actions_of_others_are_pinned():
    for path in [*WORKFLOWS, ROOT / "action.yml"]:
        for used in re.findall(r"uses: (.*)", path.read_text()):
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", used), f"{path.name}: {used}"


def test_shellcheck_finds_nothing():
    assert len(SCRIPTS) > 5
    run("shellcheck", *SCRIPTS)
    for path in SCRIPTS:
        assert path.stat().st_mode & stat.S_IXUSR, path


def test_what_names_a_version_names_this_one():
    named = {
        "README.md": r"(?:rev: |gluelint@|gluelint/)v(\d+\.\d+\.\d+)",
        "packaging/README.md": r"gluelint-(\d+\.\d+\.\d+)-",
        "packaging/gitlab/gluelint.gitlab-ci.yml": r"gluelint(?:==|/v)(\d+\.\d+\.\d+)",
    }
    for name, pattern in named.items():
        found = re.findall(pattern, (ROOT / name).read_text())
        assert found and set(found) == {version()}, (name, found)
    pins = [re.findall(r"maturin==([\d.]+)", (ROOT / "packaging" / name).read_text()) for name in ("release/build", "tests/requirements.txt")]
    assert pins[0] == pins[1] != []


def test_the_release_has_the_targets_that_the_action_installs():
    workflow = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())
    built = {entry["target"] for entry in workflow["jobs"]["build"]["strategy"]["matrix"]["include"]}
    assert built == set(re.findall(r"target=(\S+) ;;", (ROOT / "packaging/github/install").read_text()))
    assert built <= set(re.findall(r"`([a-z0-9_-]+)`", (ROOT / "packaging/README.md").read_text()))


@pytest.fixture
def copy(tmp_path):
    """What the scripts about the version read, to be changed."""
    for name in ("Cargo.toml", "CHANGELOG.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "packaging", tmp_path / "packaging")
    return tmp_path


def test_a_tag_is_held_against_the_version_and_the_changelog(copy):
    def refusal(tag):
        done = run(copy / "packaging/release/check-version", tag, check=False)
        return done.stdout if done.returncode else None

    changelog = copy / "CHANGELOG.md"
    heading = f"## {version()} (2026-12-01)\n"
    text = re.sub(rf"(?m)^## {re.escape(version())} .*\n", heading, changelog.read_text())
    assert heading in text
    changelog.write_text(text)
    assert refusal(f"v{version()}") is None
    assert "but the version" in refusal("v99.0.0")
    assert "but the version" in refusal(version())
    changelog.write_text(text.replace("2026-12-01", "unreleased"))
    assert "no heading" in refusal(f"v{version()}")

    changelog.write_text(f"# Changelog\n\n## 99.0.0 (2027-01-01)\n\nnext\n\n{heading}\nthis\n\n## 0.0.1 (x)\n\nold\n")
    assert run(copy / "packaging/release/notes").stdout.strip() == "this"


def links_nowhere(page):
    """The links of a page that lead nowhere, if only the page is there."""
    home = f"https://github.com/gluelint/gluelint/blob/v{version()}/"
    links = re.findall(r"\]\(([^)]*)\)", page)
    assert f"{home}rules/plaintext-password.md" in links
    ours = [link.removeprefix(home) for link in links if link.startswith(home)]
    return [link for link in ours if not (ROOT / link.partition("#")[0]).is_file()] + [
        link for link in links if not link.startswith(("https://", "#"))
    ]


def test_the_readme_of_a_package_leads_into_the_repository(tmp_path):
    readme = ROOT / "README.md"
    before = readme.read_bytes()
    maturin = tmp_path / "maturin"
    maturin.write_text(f"#!/bin/sh\ncp README.md {tmp_path}/shown\nexit 7\n")
    maturin.chmod(0o755)
    env = {"MATURIN": str(maturin), "DIST": str(tmp_path)}
    assert run(ROOT / "packaging/release/build", "source", env=env, check=False).returncode == 7
    # Whatever becomes of the build, ours is as it was.
    assert readme.read_bytes() == before
    page = (tmp_path / "shown").read_text(encoding="utf-8")
    assert links_nowhere(page) == []
    # Nothing else is another.
    assert re.sub(r"\]\([^)]*\)", "", page) == re.sub(r"\]\([^)]*\)", "", before.decode())


def test_a_release_is_built(tmp_path):
    (host,) = re.findall(r"host: (.*)", run("rustc", "-vV").stdout)
    env = {**QUICK, "MATURIN": "maturin", "DIST": str(tmp_path)}
    log = run(ROOT / "packaging/release/build", host, cwd=ROOT, env=env).stdout
    assert RULE in log
    name = f"gluelint-{version()}-{host}"
    run("sha256sum", "--check", f"{name}.tar.gz.sha256", cwd=tmp_path)
    run("tar", "-xzf", f"{name}.tar.gz", cwd=tmp_path)
    assert {path.name for path in (tmp_path / name).iterdir()} == {
        "gluelint",
        "README.md",
        "CHANGELOG.md",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "man",
        "completions",
    }
    assert (tmp_path / name / "man/gluelint-check.1").read_text().startswith((".", "'"))
    assert "gluelint" in (tmp_path / name / "completions/gluelint.zsh").read_text()
    assert run(tmp_path / name / "gluelint", "--version").stdout.startswith(f"gluelint {version()} ")
    assert links_nowhere((tmp_path / name / "README.md").read_text(encoding="utf-8")) == []
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (it for it in archive.namelist() if it.endswith(".dist-info/METADATA"))
        assert links_nowhere(archive.read(metadata).decode()) == []
    assert wheel.name.startswith(f"gluelint-{version()}-py3-none-")
