//! Real clients against the emulator: the libraries that people use, as their registries have them.

use std::fs;
use std::path::Path;

use crate::process::{built, command, run};
use crate::test::Counts;
use crate::{Outcome, package};

const FOLDER: &str = "tests/clients";
/// Windows has one name for Python and one place in an environment for its programs; all others another.
const PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };
const PROGRAMS: &str = if cfg!(windows) { "Scripts" } else { "bin" };

/// Drives every client through minting, calling and verifying.
pub(crate) fn test(counts: &mut Counts) -> Outcome {
    package::build()?;
    let python = python_with_packages()?;
    package::run_node_tests(FOLDER, 2, &[("PYTHON", Path::new(&python))], counts)
}

/// A Python that has the packages of `requirements.txt`, in the directory that cargo builds into.
pub(crate) fn python_with_packages() -> Outcome<String> {
    let environment = built("clients-python")?;
    let python = format!("{environment}/{PROGRAMS}/python");
    let wanted = fs::read(format!("{FOLDER}/requirements.txt"))?;
    let installed = Path::new(&environment).join("requirements.txt");
    if fs::read(&installed).is_ok_and(|found| found == wanted) {
        return Ok(python);
    }
    make_environment(&environment)?;
    let pip = "-m pip install --quiet --disable-pip-version-check --no-input --requirement requirements.txt";
    run(command(&python, pip).current_dir(FOLDER))?;
    fs::write(installed, wanted)?;
    Ok(python)
}

/// Debian has the module that makes environments in a package of its own.
fn make_environment(folder: &str) -> Outcome {
    let make = || run(command(PYTHON, "-m venv --clear").arg(folder));
    let Err(error) = make() else { return Ok(()) };
    let apt = "apt-get install --yes --no-install-recommends python3-venv";
    if !(Path::new("/etc/debian_version").exists() && is_root()) {
        return Err(format!(
            "{error}: Python 3.10 or newer with its venv module is needed; on Debian, as root: {apt}"
        )
        .into());
    }
    run(&mut command("apt-get", "update --quiet"))?;
    run(&mut command("apt-get", &apt["apt-get ".len()..]))?;
    make()
}

fn is_root() -> bool {
    let id = command("id", "-u").output();
    id.is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}
