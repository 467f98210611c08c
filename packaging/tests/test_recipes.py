"""The recipes for other hooks and for GitLab, as they are written."""

import json
import os
import re

import pytest
import yaml
from conftest import BAD, BAD_TERRAFORM, GOOD, ROOT, RULE, python_of, run, version

RECIPES = (ROOT / "packaging/README.md").read_text(encoding="utf-8")


def recipe(language, mark):
    (text,) = [text for text in re.findall(rf"```{language}\n(.*?)```", RECIPES, re.DOTALL) if mark in text]
    return text


def holds(project):
    """Asserts that a hook lets good files pass and no bad ones, of whatever name."""
    project.write_file("infra/good one.yaml", GOOD)
    project.write_file("README.md", "no document\n")
    project.write_file("gluelint.yaml", "exclude: [vendor/]\n")
    project.write_file("vendor/bad.yaml", BAD)
    project.commit()
    for name, text in (("infra/bäd one.yaml", BAD), ("main.tf", BAD_TERRAFORM), ("$(exit 0).template", BAD)):
        project.write_file(name, text)
        refused = project.commit(check=False)
        assert refused.returncode != 0 and RULE in refused.stdout, (name, refused.stdout)
        assert name in refused.stdout
        project.git("reset", "--hard", "--quiet")
    # A commit without documents is none of gluelint's business.
    project.write_file("README.md", "still none\n")
    project.commit()


def test_lefthook(on_path, project):
    project.write_file("lefthook.yml", recipe("yaml", "staged_files"))
    run("lefthook", "install", cwd=project.path)
    holds(project)


@pytest.fixture
def node_project(project, tmp_path, monkeypatch):
    """A project of Node.js, which needs no account and no other settings."""
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    monkeypatch.setenv("HOME", str(tmp_path))

    def install(package, *dependencies):
        project.write_file("package.json", json.dumps(package))
        project.write_file(".gitignore", "node_modules\n")
        run("npm", "install", "--save-dev", "--no-audit", "--no-fund", *dependencies, cwd=project.path)
        run("npx", "husky", cwd=project.path)
        return project

    return install


def test_husky(on_path, node_project):
    project = node_project({"private": True}, "husky@9.1.7")
    project.write_file(".husky/pre-commit", recipe("sh", "files-from"))
    holds(project)


def test_husky_with_lint_staged(on_path, node_project):
    package = json.loads(recipe("json", "lint-staged"))
    project = node_project({"private": True, **package}, "husky@9.1.7", "lint-staged@16.2.7")
    project.write_file(".husky/pre-commit", "npx lint-staged\n")
    holds(project)


@pytest.fixture
def gitlab(project, wheels, tmp_path, monkeypatch):
    """Runs the script of the job in the template as a runner of GitLab does, with a Python of its own."""
    template = yaml.safe_load((ROOT / "packaging/gitlab/gluelint.gitlab-ci.yml").read_text())
    job = template["gluelint"]
    # Those of a job would win over what a project that includes the template sets.
    assert "variables" not in job
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    python = python_of(tmp_path / "image")
    monkeypatch.setenv("PATH", f"{python.parent}{os.pathsep}{os.environ['PATH']}")

    def start(**variables):
        script = "set -eo pipefail\n" + "\n".join(job["script"])
        env = {**template["variables"], **variables, "CI_PROJECT_DIR": str(project.path)}
        done = run("bash", "-c", script, cwd=project.path, env=env, check=False)
        reports = {kind: project.path / name for kind, name in job["artifacts"]["reports"].items()}
        assert {str(path.name) for path in reports.values()} <= set(job["artifacts"]["paths"])
        return done, reports

    return start


def test_the_gitlab_template_reports_to_merge_requests(gitlab, project):
    project.write_file("infra/bad.yaml", BAD)
    done, reports = gitlab(GLUELINT_PATHS="infra /nowhere/*")
    assert done.returncode == 3 and RULE in done.stdout, done.stdout
    found = json.loads(reports["codequality"].read_text())
    assert {entry["check_name"] for entry in found} == {RULE, "unreadable-file"}
    assert "infra/bad.yaml" in {entry["location"]["path"] for entry in found}
    assert RULE in reports["junit"].read_text()
    # A name with an asterisk is a name.
    assert "/nowhere/*: " in done.stdout


def test_the_gitlab_template_passes_what_is_good(gitlab, project):
    project.write_file("good.yaml", GOOD)
    done, reports = gitlab(GLUELINT_ARGS="--fail-on warning --statistics")
    assert done.returncode == 0, done.stdout
    assert json.loads(reports["codequality"].read_text()) == []


def test_the_gitlab_template_is_valid():
    template = ROOT / "packaging/gitlab/gluelint.gitlab-ci.yml"
    run("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", template)
    assert f"gluelint=={version()}" in template.read_text()
