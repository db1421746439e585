//! Minting, from every source: against an emulator of Google's token services, and against servers that
//! answer as nobody should. Nothing here reaches a network beyond this machine.

mod cloud_build;
mod development;
mod faults;
mod kept;
mod recipes;
mod refusals;
mod secrecy;
mod server;
mod sources;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use callerid_emulator::{Config, Emulator};
use serde_json::Value;

pub(crate) const AUDIENCE: &str = "https://svc.example";

/// What `callerid` printed, and its exit status.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A local Google, and a machine that has nothing but what a test gives it.
pub(crate) struct World {
    emulator: Emulator,
    pub(crate) directory: PathBuf,
    pub(crate) environment: Vec<(String, String)>,
}

/// A new directory under a name that no other test uses.
pub(crate) fn fresh_directory(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mint").join(name);
    drop(fs::remove_dir_all(&directory));
    fs::create_dir_all(&directory).unwrap();
    directory
}

/// `callerid` with nothing in its environment but this.
pub(crate) fn callerid(environment: &[(String, String)], arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callerid"));
    command.args(arguments).env_clear().envs(environment.iter().map(|(name, value)| (name, value)));
    command
}

pub(crate) fn run(mut command: Command) -> Ran {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let ran = Ran { code: status.code().unwrap(), out: text(stdout), err: text(stderr) };
    let is_shown = |character: char| character == '\n' || callerid::is_visible(character);
    assert!(ran.err.chars().all(is_shown), "nothing hostile reaches the terminal: {ran:?}");
    assert!(ran.code == 0 || ran.out.is_empty(), "nothing is handed out in an error: {ran:?}");
    ran
}

/// What every machine has.
pub(crate) fn home(directory: &Path) -> Vec<(String, String)> {
    let directory = directory.display();
    let variables = [
        ("HOME", format!("{directory}/home")),
        ("CALLERID_CACHE_DIR", format!("{directory}/cache")),
        ("LC_ALL", "C.UTF-8".into()),
    ];
    variables.map(|(name, value)| (name.to_owned(), value)).into()
}

impl World {
    pub(crate) fn new(name: &str) -> Self {
        Self::with(name, Config::default())
    }

    pub(crate) fn with(name: &str, config: Config) -> Self {
        let directory = fresh_directory(name);
        let credentials = Some(directory.join("credentials"));
        let emulator = Emulator::start(Config { credentials, seed: Some(7), ..config }).unwrap();
        let mut environment = home(&directory);
        let urls = emulator.urls();
        for (name, value) in [
            ("GCE_METADATA_HOST", &urls.metadata_host),
            ("CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS", &urls.iam_credentials),
        ] {
            environment.push((name.into(), value.clone()));
        }
        Self { emulator, directory, environment }
    }

    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.unset(name);
        self.environment.push((name.into(), value.into()));
    }

    pub(crate) fn unset(&mut self, name: &str) {
        self.environment.retain(|(found, _)| found != name);
    }

    /// The credentials file of that type.
    pub(crate) fn credentials(&self, kind: &str) -> String {
        self.emulator.urls().credentials.get(kind).unwrap().clone()
    }

    /// The same file with some members changed.
    pub(crate) fn changed(&self, kind: &str, changes: &[(&str, Value)]) -> String {
        let text = fs::read_to_string(self.credentials(kind)).unwrap();
        let mut file: Value = serde_json::from_str(&text).unwrap();
        for (name, value) in changes {
            file[*name] = value.clone();
        }
        let path = self.directory.join("changed.json");
        fs::write(&path, file.to_string()).unwrap();
        path.display().to_string()
    }

    pub(crate) fn account(&self) -> &str {
        &self.emulator.urls().service_accounts[0]
    }

    /// The address of a protected backend.
    pub(crate) fn protected(&self, name: &str) -> &str {
        &self.emulator.urls().protected[name]
    }

    /// The HTTPS proxy, and the file with its authority.
    pub(crate) fn proxy(&self) -> (String, String) {
        let proxy = self.emulator.urls().proxy.clone().unwrap();
        (proxy.url, proxy.ca)
    }

    pub(crate) fn url(&self) -> &str {
        &self.emulator.urls().url
    }

    /// Orders something of the emulator.
    pub(crate) fn order(&self, name: &str, body: &Value) {
        let url = format!("{}/{name}", self.emulator.urls().control);
        let reply = ureq::post(&url).send(body.to_string());
        reply.unwrap_or_else(|error| panic!("{name} {body}: {error}"));
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        run(callerid(&self.environment, arguments))
    }

    /// Mints an ID token.
    pub(crate) fn mint(&self, arguments: &[&str]) -> Ran {
        self.run(&[&["mint", "--audience", AUDIENCE], arguments].concat())
    }

    /// The claims of a token, verified with the emulator's keys.
    pub(crate) fn verified(&self, token: &str, audience: &str) -> Value {
        let keys = &self.emulator.urls().jwks.google;
        self.verified_with(token, &["--audience", audience, "--keys", keys])
    }

    /// The claims of a token, verified as the flags say.
    pub(crate) fn verified_with(&self, token: &str, flags: &[&str]) -> Value {
        let arguments = [&["verify", "--json", token.trim()], flags].concat();
        let ran = run(callerid(&self.environment, &arguments));
        assert_eq!(ran.code, 0, "{ran:?}");
        serde_json::from_str::<Value>(&ran.out).unwrap()["claims"].clone()
    }
}

/// A refusal in two lines that say these things, with that exit status.
pub(crate) fn assert_refused(ran: &Ran, code: i32, says: &[&str]) {
    assert_eq!(
        (ran.code, ran.err.lines().filter(|line| !line.starts_with("explain: ")).count()),
        (code, 2),
        "{ran:?}"
    );
    for words in says {
        assert!(ran.err.contains(words), "{words}: {ran:?}");
    }
}
