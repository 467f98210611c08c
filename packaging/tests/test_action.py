"""The action, in jobs that act runs on this machine as GitHub would on its own.

What GitHub would fetch stands in folders here: this repository, and in place of the upload to code
scanning an action that shows what it was given.
"""

import json
import os
import platform
import re

import pytest
import yaml
from conftest import BAD, GOOD, ROOT, RULE, Repository, run, version

UPLOAD = """\
inputs:
  sarif_file: {required: true}
  category: {required: true}
runs:
  using: composite
  steps:
    - shell: bash
      env:
        FILE: ${{ inputs.sarif_file }}
        CATEGORY: ${{ inputs.category }}
      run: |
        echo "uploaded as $CATEGORY"
        python3 -c 'import json, sys; print("uploaded", json.load(open(sys.argv[1]))["runs"][0]["results"][0]["ruleId"])' "$FILE"
"""


@pytest.fixture(scope="session")
def github(this_repository, tmp_path_factory):
    """Arguments of act that say where actions are."""
    folder = tmp_path_factory.mktemp("codeql-action")
    (folder / "upload-sarif").mkdir()
    (folder / "upload-sarif/action.yml").write_text(UPLOAD)
    (used,) = re.findall(r"github/(codeql-action)/upload-sarif@([0-9a-f]{40})", (ROOT / "action.yml").read_text())
    return [
        f"--local-repository=gluelint/gluelint@v{version()}={this_repository.path}",
        f"--local-repository=github/{'@'.join(used)}={folder}",
    ]


@pytest.fixture
def job(project, github, tmp_path, monkeypatch):
    """Runs a job that uses the action with the inputs that are given, and returns what act printed."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def start(**inputs):
        steps = [
            {"uses": "actions/checkout@v7"},
            {
                "uses": f"gluelint/gluelint@v{version()}",
                "id": "lint",
                "with": {name.replace("_", "-"): value for name, value in inputs.items()},
            },
            {"if": "always()", "run": 'echo "output exit-code is ${{ steps.lint.outputs.exit-code }}"'},
        ]
        workflow = {"on": "push", "jobs": {"lint": {"runs-on": "ubuntu-latest", "steps": steps}}}
        project.write_file(".github/workflows/lint.yml", yaml.safe_dump(workflow))
        project.commit()
        done = run(
            *("act", "push", "--platform", "ubuntu-latest=-self-hosted", "--pull=false", "--no-cache-server"),
            *("--action-offline-mode", *github),
            cwd=project.path,
            check=False,
        )
        # What act prints in front of each line.
        done.stdout = re.sub(r"(?m)^\[[^]]*\] +(\| )?", "", done.stdout)
        return done

    return start


@pytest.fixture
def release(gluelint, tmp_path):
    """A folder with a release, as the workflow packs it."""
    machine = {"x86_64": "x86_64", "aarch64": "aarch64"}[platform.machine()]
    folder = tmp_path / f"releases/v{version()}"
    packed = run(ROOT / "packaging/release/pack", f"{machine}-unknown-linux-musl", gluelint, folder)
    return folder, folder / packed.stdout.strip()


def test_findings_fail_the_job_once_they_are_shown_and_uploaded(on_path, project, job):
    project.write_file("infra/bad.yaml", BAD)
    project.write_file("infra/good.yaml", GOOD)
    done = job(paths="infra/bad.yaml\ninfra/good.yaml\n", upload_sarif=True, category="connections")
    log = done.stdout
    assert done.returncode != 0, log
    assert f"gluelint {version()} is on the PATH already" in log
    assert re.search(rf"::error file=infra/bad.yaml,line=10,.*{RULE}", log), log
    assert "| 10:" in log and "### gluelint: 1 error" in log
    assert "uploaded as connections" in log and f"uploaded {RULE}" in log
    assert "output exit-code is 1" in log
    # The report is printed while the runner takes no commands.
    stopped, said, resumed = (log.index(text) for text in ("::stop-commands::", f"error[{RULE}]", "::error file="))
    assert stopped < said < resumed
    token = re.search(r"::stop-commands::([0-9a-f]{32})\n", log)[1]
    assert said < log.index(f"::{token}::") < resumed


def test_a_good_project_passes_with_no_input(on_path, project, job):
    project.write_file("good.yaml", GOOD)
    done = job()
    assert done.returncode == 0, done.stdout
    assert "No problems in" in done.stdout and "output exit-code is 0" in done.stdout
    assert "uploaded" not in done.stdout


def test_inputs_say_where_what_and_how(on_path, project, job):
    project.write_file("team a/infra/bad.yaml", BAD)
    project.write_file("bad.yaml", BAD)
    done = job(
        working_directory="team a",
        paths="infra",
        fail_on="never",
        args="--severity   error\n--statistics",
        annotations=False,
        summary=False,
    )
    assert done.returncode == 0, done.stdout
    assert f"error[{RULE}]" in done.stdout and "1 error in 1 file" in done.stdout
    assert "::error" not in done.stdout and "### gluelint" not in done.stdout


def test_names_are_those_of_the_repository_wherever_gluelint_runs(on_path, project, job):
    project.write_file("team/infra/bad.yaml", BAD)
    assert "::error file=team/infra/bad.yaml,line=10" in job(working_directory="team").stdout


def test_no_input_is_run(on_path, project, job, tmp_path):
    mark = tmp_path / "pwned"
    hostile = f"$(touch {mark})`touch {mark}`; touch {mark} #\"' & touch {mark}"
    done = job(paths=f"--help\n{hostile}\n*", args=f"--severity info $(touch${{IFS}}{mark})", fail_on="error")
    assert done.returncode != 0
    # A word that is no argument of gluelint is a path, as is everything in `paths`.
    assert "unreadable-file" in done.stdout and "--help: the file could not be read" in done.stdout
    assert "is not a version" in job(version=hostile).stdout
    assert "invalid value" in job(fail_on=hostile).stdout
    job(annotations=hostile, summary=hostile, category=hostile, download_url=hostile, upload_sarif=True)
    assert not mark.exists()


def test_a_wrong_argument_fails_the_step_that_has_it(on_path, project, job):
    project.write_file("good.yaml", GOOD)
    done = job(args="--no-such-argument", upload_sarif=True)
    assert done.returncode != 0
    assert "--no-such-argument" in done.stdout and "uploaded" not in done.stdout


def test_a_release_is_verified_and_installed(project, job, release):
    folder, archive = release
    project.write_file("bad.yaml", BAD)
    done = job(download_url=folder.parent.as_uri(), version=f"v{version()}")
    assert f"{archive.name}: OK" in done.stdout, done.stdout
    assert "on the PATH already" not in done.stdout
    assert f"error[{RULE}]" in done.stdout and "output exit-code is 1" in done.stdout


def install(tmp_path, **env):
    (tmp_path / "runner").mkdir(exist_ok=True)
    return run(
        ROOT / "packaging/github/install",
        env={
            "RUNNER_OS": "Linux",
            "RUNNER_ARCH": {"x86_64": "X64", "aarch64": "ARM64"}[platform.machine()],
            "RUNNER_TEMP": str(tmp_path / "runner"),
            "GITHUB_PATH": str(tmp_path / "path"),
            **env,
        },
        check=False,
    )


def test_what_is_not_as_released_is_refused(release, tmp_path):
    folder, archive = release
    where = {"DOWNLOAD_URL": folder.parent.as_uri()}
    for env, message in (
        ({"VERSION": "9.9.9"}, "could not be downloaded"),
        ({"VERSION": "latest"}, "is not a version"),
        ({"VERSION": "../1.0.0"}, "is not a version"),
        ({"RUNNER_ARCH": "ARM"}, "There is no release for Linux on ARM"),
    ):
        refused = install(tmp_path, **{**where, **env})
        assert refused.returncode == 1 and message in refused.stdout, refused.stdout
    archive.write_bytes(archive.read_bytes()[:-1] + b"x")
    refused = install(tmp_path, **where)
    assert refused.returncode == 1 and "The checksum of" in refused.stdout, refused.stdout
    assert not (tmp_path / "path").exists()


def test_another_version_on_the_path_is_not_taken(release, tmp_path):
    old = tmp_path / "old/gluelint"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\necho 'gluelint 0.0.1 (facts of 2020-01-01)'\n")
    old.chmod(0o755)
    done = install(
        tmp_path,
        DOWNLOAD_URL=release[0].parent.as_uri(),
        PATH=f"{old.parent}{os.pathsep}{os.environ['PATH']}",
    )
    assert done.returncode == 0, done.stdout
    (installed,) = (tmp_path / "path").read_text().splitlines()
    assert run(f"{installed}/gluelint", "--version").stdout.startswith(f"gluelint {version()} ")


def test_the_problem_matcher_reads_what_is_printed(gluelint, tmp_path):
    text = (ROOT / "packaging/github/problem-matcher.json").read_text()
    matchers = [matcher["pattern"][0] | matcher for matcher in json.loads(text)["problemMatcher"]]
    # An error, a warning and advice.
    (tmp_path / "a b.yaml").write_text(BAD + "          USERNAME: etl\n")
    (tmp_path / "a b.yml").write_text(GOOD.replace(":5432", ""))
    printed = run(
        gluelint, "check", "--format", "concise", "--severity", "info", ".", cwd=tmp_path, check=False
    ).stdout.splitlines()
    severities = set()
    for line in printed[:-1]:
        ((matcher, match),) = [
            (matcher, match) for matcher in matchers if (match := re.search(matcher["regexp"], line))
        ]
        assert match[matcher["file"]] in ("a b.yaml", "a b.yml") and int(match[matcher["line"]]) >= 9, line
        assert re.fullmatch("[a-z0-9-]+", match[matcher["code"]])
        severity = match[matcher["severity"]] if isinstance(matcher["severity"], int) else matcher["severity"]
        severities.add(severity)
    assert severities == {"error", "warning", "notice"}, printed
    assert not any(re.search(matcher["regexp"], printed[-1]) for matcher in matchers)
