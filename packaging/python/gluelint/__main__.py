"""Lets ``python -m gluelint`` do what the command ``gluelint`` does."""

import os
import subprocess
import sys
import sysconfig


def command() -> str:
    """Path of the command that was installed with this package.

    Raises FileNotFoundError if it is in none of the folders in which installers put commands.
    """
    folders = [sysconfig.get_path("scripts")]
    user = f"{os.name}_user"
    if user in sysconfig.get_scheme_names():
        folders.append(sysconfig.get_path("scripts", user))
    # `pip install --target` puts it beside the package.
    folders.append(os.path.join(os.path.dirname(os.path.dirname(__file__)), "bin"))
    name = "gluelint" + (sysconfig.get_config_var("EXE") or "")
    for folder in folders:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return path
    raise FileNotFoundError(f"{name} is not in {', '.join(folders)}")


if __name__ == "__main__":
    arguments = [command(), *sys.argv[1:]]
    if os.name == "nt":
        # There, `execv` returns to the shell at once.
        sys.exit(subprocess.run(arguments).returncode)
    os.execv(arguments[0], arguments)
