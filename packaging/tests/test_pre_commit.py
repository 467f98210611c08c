"""The hooks, run by the real pre-commit when the real Git commits."""

import os
import re
from pathlib import Path

import pytest
import yaml
from conftest import BAD, BAD_TERRAFORM, GOOD, QUICK, ROOT, RULE, Repository, run, version

README = (ROOT / "README.md").read_text(encoding="utf-8")


def use(project, repository, hook="gluelint", **options):
    """Makes a project use a hook of a repository."""
    config = {"repos": [{"repo": str(repository), "rev": f"v{version()}", "hooks": [{"id": hook, **options}]}]}
    project.write_file(".pre-commit-config.yaml", yaml.safe_dump(config))
    project.commit("Begin")
    run("pre-commit", "install", "--install-hooks", cwd=project.path, env=QUICK)


def holds(project):
    """Asserts that a hook lets good files pass, whatever they are, and no bad ones."""
    project.write_file("infra/good.yaml", GOOD)
    project.write_file(".github/workflows/ci.yml", "on: push\njobs: {}\n")
    project.write_file("broken.py", "jdbc:postgres:")
    passed = project.commit()
    assert "Passed" in passed.stdout and "Failed" not in passed.stdout

    project.write_file("infra/bad.yaml", BAD)
    refused = project.commit(check=False)
    assert refused.returncode != 0
    assert RULE in refused.stdout and "infra/bad.yaml:10:" in refused.stdout
    project.write_file("infra/bad.yaml", GOOD)
    project.commit()


@pytest.fixture(scope="session")
def mirror(tmp_path_factory):
    """The repository gluelint-pre-commit, as a release renders it."""
    repository = Repository(tmp_path_factory.mktemp("gluelint-pre-commit"))
    run(ROOT / "packaging/pre-commit-mirror/render", repository.path)
    repository.commit()
    repository.git("tag", f"v{version()}")
    return repository


def test_the_manifests_are_valid(mirror):
    for folder in (ROOT, mirror.path):
        run("pre-commit", "validate-manifest", folder / ".pre-commit-hooks.yaml")


def test_the_mirror_differs_in_where_the_program_comes_from_alone(mirror):
    here = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    there = yaml.safe_load((mirror.path / ".pre-commit-hooks.yaml").read_text())
    kept = ("id", "name", "entry", "files", "require_serial")
    assert [{key: hook[key] for key in kept} for hook in there] == [
        {key: hook[key] for key in kept} for hook in here if hook["language"] == "rust"
    ]
    assert {hook["language"] for hook in there} == {"python"}
    for file in mirror.path.glob("*"):
        assert "@VERSION@" not in (file.read_text() if file.is_file() else "")


def test_the_hooks_take_the_files_that_a_walk_takes():
    source = (ROOT / "src/cli/walk.rs").read_text()
    (listed,) = re.findall(r"const ENDINGS: &\[&str\] = &\[(.*?)\];", source, re.DOTALL)
    endings = re.findall(r'"(\w+)"', listed)
    assert "yaml" in endings
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text()):
        takes = re.compile(hook["files"]).search
        for ending in endings:
            assert takes(f"infra/a.{ending}") and takes(f"A.{ending.upper()}"), ending
            assert not takes(f"a.{ending}.bak") and not takes(ending), ending
        for name in ("terraform.tfvars", "x/terraform.tfvars", "prod.auto.tfvars", "terraform.tfvars.json"):
            assert takes(name), name
        for name in ("README.md", "main.py", "prod.tfvars", "my-terraform.tfvars"):
            assert not takes(name), name


def test_the_hook_of_the_mirror_installs_the_wheel(mirror, wheels, project, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    use(project, mirror.path)
    assert list(Path(os.environ["PRE_COMMIT_HOME"]).glob("repo*/py_env-*/bin/gluelint"))
    holds(project)


def test_the_hook_of_this_repository_builds_it(this_repository, project):
    use(project, this_repository.path)
    holds(project)


def test_the_system_hook_takes_the_program_on_the_path(on_path, this_repository, project):
    use(project, this_repository.path, "gluelint-system")
    holds(project)


def test_what_is_excluded_is_not_checked_although_it_is_named(on_path, this_repository, project):
    use(project, this_repository.path, "gluelint-system")
    project.write_file("gluelint.yaml", "exclude: [vendor/]\n")
    project.write_file("vendor/bad.yaml", BAD)
    project.commit()
    project.write_file("infra/bad.yaml", BAD)
    refused = project.commit(check=False)
    assert "infra/bad.yaml:10:" in refused.stdout and "vendor/" not in refused.stdout
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text()):
        assert "--force-exclude" in hook["entry"]


def test_the_fixing_hook_leaves_mended_files_to_be_staged(mirror, wheels, project, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    use(project, mirror.path, "gluelint-fix")
    project.write_file("bad.yaml", BAD)
    refused = project.commit(check=False)
    assert refused.returncode != 0 and "files were modified by this hook" in refused.stdout
    assert (project.path / "bad.yaml").read_text() == GOOD
    project.commit()


def test_a_template_a_module_and_its_values_are_taken(on_path, this_repository, project):
    use(project, this_repository.path, "gluelint-system", args=["--format", "concise"])
    project.write_file("orders.template", BAD)
    project.write_file("module/main.tf", BAD_TERRAFORM)
    refused = project.commit(check=False).stdout
    assert "orders.template:10:" in refused and "module/main.tf:4:" in refused
    project.git("reset", "--hard", "--quiet")
    # What is wrong is in a file that is not named.
    variable = 'variable "url" {}\n' + BAD_TERRAFORM.replace(
        '"jdbc:postgres://db.example.org:5432/orders"', "var.url"
    )
    project.write_file("module/main.tf", variable)
    project.commit()
    project.write_file("module/terraform.tfvars", 'url = "jdbc:postgres://db.example.org:5432/orders"\n')
    assert RULE in project.commit(check=False).stdout


def test_the_hook_of_the_readme_works(mirror, project, wheels, monkeypatch):
    text = next(block for block in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL) if "repos:" in block)
    address = "https://github.com/gluelint/gluelint-pre-commit"
    assert address in text and f"rev: v{version()}" in text
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    project.write_file(".pre-commit-config.yaml", text.replace(address, str(mirror.path)))
    project.write_file("bad.yaml", BAD)
    project.git("add", "--all")
    found = run("pre-commit", "run", "--all-files", cwd=project.path, check=False)
    assert found.returncode == 1 and RULE in found.stdout
