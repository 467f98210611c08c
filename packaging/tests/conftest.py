"""What the tests share: the program, the wheel, a copy of this repository, and projects to check."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()

# A release is built for speed, a test is not: without this, each build takes minutes.
QUICK = {
    "CARGO_TARGET_DIR": str(TARGET),
    "CARGO_PROFILE_RELEASE_LTO": "off",
    "CARGO_PROFILE_RELEASE_OPT_LEVEL": "0",
    "CARGO_PROFILE_RELEASE_CODEGEN_UNITS": "16",
}

BAD = """\
Resources:
  Orders:
    Type: AWS::Glue::Connection
    Properties:
      CatalogId: !Ref AWS::AccountId
      ConnectionInput:
        Name: orders
        ConnectionType: JDBC
        ConnectionProperties:
          JDBC_CONNECTION_URL: jdbc:postgres://db.example.org:5432/orders
          SECRET_ID: orders/etl
"""
GOOD = BAD.replace("jdbc:postgres:", "jdbc:postgresql:")
RULE = "unknown-jdbc-subprotocol"
BAD_TERRAFORM = """\
resource "aws_glue_connection" "orders" {
  name = "orders"
  connection_properties = {
    JDBC_CONNECTION_URL = "jdbc:postgres://db.example.org:5432/orders"
    SECRET_ID           = "orders/etl"
  }
}
"""


def run(*command, cwd=None, env=None, check=True):
    """Runs a command; its output, both streams together, is in `stdout`."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    if check:
        assert done.returncode == 0, f"{command}: exit code {done.returncode}\n{done.stdout}"
    return done


def version():
    return run(ROOT / "packaging/version").stdout.strip()


class Repository:
    """A Git repository that a test fills."""

    def __init__(self, path):
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments, **options):
        return run("git", *arguments, cwd=self.path, **options)

    def write(self, **files):
        """Writes files; what is no letter in a name is given by `write_file`."""
        for name, text in files.items():
            self.write_file(name, text)

    def write_file(self, name, text):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def commit(self, message="x", **options):
        self.git("add", "--all")
        return self.git("commit", "--message", message, **options)


@pytest.fixture(scope="session", autouse=True)
def surroundings(tmp_path_factory):
    """Keeps Git, pre-commit and the action away from what this machine has set."""
    home = tmp_path_factory.mktemp("home")
    config = home / "gitconfig"
    config.write_text("[user]\nname = Test\nemail = test@example.org\n[commit]\ngpgsign = false\n")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("GIT_", "GITHUB_", "GLUELINT_"))]:
            patch.delenv(name)
        patch.setenv("GIT_CONFIG_GLOBAL", str(config))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.setenv("PRE_COMMIT_HOME", str(home / "pre-commit"))
        patch.setenv("NO_COLOR", "1")
        patch.delenv("FORCE_COLOR", raising=False)
        yield


@pytest.fixture(scope="session")
def gluelint():
    """The program, as `cargo test` has built it."""
    run("cargo", "build", "--locked", "--quiet", cwd=ROOT, env={"CARGO_TARGET_DIR": str(TARGET)})
    return TARGET / "debug/gluelint"


@pytest.fixture
def on_path(gluelint, monkeypatch):
    """Puts the program on the PATH."""
    monkeypatch.setenv("PATH", f"{gluelint.parent}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture(scope="session")
def wheels(tmp_path_factory):
    """A folder with the wheel and the sdist of what is here, and what pip builds the mirror's package with."""
    folder = tmp_path_factory.mktemp("wheels")
    env = {"CARGO_TARGET_DIR": str(TARGET)}
    run("maturin", "build", "--locked", "--profile", "dev", "--out", folder, cwd=ROOT, env=env)
    run("maturin", "sdist", "--out", folder, cwd=ROOT, env=env)
    run(sys.executable, "-m", "pip", "download", "--quiet", "--dest", folder, "setuptools")
    return folder


@pytest.fixture(scope="session")
def this_repository(tmp_path_factory):
    """A repository with one commit: the files of this one as they are now."""
    repository = Repository(tmp_path_factory.mktemp("gluelint"))
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (repository.path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, repository.path / name)
    repository.commit()
    repository.git("tag", f"v{version()}")
    return repository


@pytest.fixture
def project(tmp_path):
    """An empty repository of a user."""
    return Repository(tmp_path / "project")


def python_of(folder):
    """Makes a virtual environment, and returns its interpreter."""
    run(sys.executable, "-m", "venv", folder)
    return folder / "bin/python"
