"""What pip and cargo install."""

from conftest import BAD, QUICK, ROOT, RULE, TARGET, python_of, run, version


def judges(*command, folder):
    """Asserts that a command is gluelint, and works."""
    assert run(*command, "--version").stdout.startswith(f"gluelint {version()} ")
    (folder / "bad.yaml").write_text(BAD)
    found = run(*command, "check", "bad.yaml", cwd=folder, check=False)
    assert found.returncode == 1, found.stdout
    assert RULE in found.stdout


def test_the_wheel_brings_the_command(wheels, tmp_path):
    python = python_of(tmp_path / "venv")
    run(python, "-m", "pip", "install", "--no-index", "--find-links", wheels, "gluelint")
    judges(python.parent / "gluelint", folder=tmp_path)
    judges(python, "-m", "gluelint", folder=tmp_path)
    shown = run(python, "-m", "pip", "show", "--verbose", "gluelint").stdout
    assert f"Version: {version()}" in shown
    assert "https://github.com/gluelint/gluelint" in shown
    run(python, "-m", "pip", "uninstall", "--yes", "gluelint")
    assert not (python.parent / "gluelint").exists()


def test_a_wheel_in_a_folder_of_its_own_is_found_by_the_module(wheels, tmp_path):
    python = python_of(tmp_path / "venv")
    folder = tmp_path / "elsewhere"
    run(python, "-m", "pip", "install", "--no-index", "--find-links", wheels, "--target", folder, "gluelint")
    found = run(python, "-m", "gluelint", "--version", cwd=tmp_path, env={"PYTHONPATH": str(folder)})
    assert found.stdout.startswith("gluelint ")


def test_the_sdist_builds(wheels, tmp_path):
    python = python_of(tmp_path / "venv")
    (sdist,) = wheels.glob("*.tar.gz")
    run(python, "-m", "pip", "install", "--no-binary", "gluelint", sdist, env={**QUICK, "MATURIN_PEP517_ARGS": "--locked --profile dev"})
    judges(python.parent / "gluelint", folder=tmp_path)


def test_the_crate_builds_from_its_package_alone(tmp_path):
    env = {"CARGO_TARGET_DIR": str(TARGET)}
    listed = run("cargo", "package", "--list", "--allow-dirty", cwd=ROOT, env=env).stdout.split()
    assert "README.md" in listed and "rules/port-out-of-range.md" in listed
    assert not [name for name in listed if name.startswith(("packaging/", "testdata/", ".github/"))]
    # To install what was packaged proves more than cargo's own verification, and costs as much.
    run("cargo", "package", "--locked", "--allow-dirty", "--no-verify", cwd=ROOT, env=env)
    crate = TARGET / f"package/gluelint-{version()}.crate"
    run("tar", "--extract", "--file", crate, "--directory", tmp_path)
    package = tmp_path / f"gluelint-{version()}"
    run("cargo", "install", "--locked", "--debug", "--path", package, "--root", tmp_path / "installed", env=env)
    judges(tmp_path / "installed/bin/gluelint", folder=tmp_path)
