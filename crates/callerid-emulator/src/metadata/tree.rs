//! What the metadata server knows, as the tree that its paths lead through.

use serde_json::{Map, Value, json};

use crate::config::numeric_id;
use crate::state::State;

pub(crate) const ZONE: &str = "us-central1-a";
const REGION: &str = "us-central1";
/// The licence of the image that the machine was made from.
pub(crate) const LICENSE: &str = "1000201";

/// The one machine that there is.
pub(crate) struct Machine {
    pub(crate) id: String,
    pub(crate) name: &'static str,
    pub(crate) created_at: i64,
}

impl Machine {
    pub(crate) fn of(state: &State) -> Self {
        let id = numeric_id(&format!("machine of {}", state.config.project_id));
        Self {
            // Nineteen digits, as the ids of machines have.
            id: id.get(..19).unwrap_or_default().into(),
            name: "callerid-emulator-vm",
            created_at: 1_759_000_000,
        }
    }
}

/// Entries under their names, in the order in which they are listed.
pub(crate) struct Directory(Vec<(String, Entry)>);

pub(crate) enum Entry {
    Directory(Directory),
    Leaf(Value),
    /// There, but not told together with others.
    Secret,
}

pub(crate) enum Found<'d> {
    Directory(&'d Directory),
    Leaf(Value),
}

/// Where a path leads.
pub(crate) struct Whole(Directory);

impl Whole {
    pub(crate) fn find(&self, path: &str) -> Option<Found<'_>> {
        let mut directory = &self.0;
        let mut names = path.split('/').filter(|name| !name.is_empty()).peekable();
        while let Some(name) = names.next() {
            match directory.0.iter().find(|(found, _)| found == name).map(|(_, entry)| entry)? {
                Entry::Directory(found) => directory = found,
                Entry::Leaf(leaf) if names.peek().is_none() => return Some(Found::Leaf(leaf.clone())),
                Entry::Leaf(_) | Entry::Secret => return None,
            }
        }
        Some(Found::Directory(directory))
    }
}

impl Directory {
    /// The names, one a line; what has something below it ends with a slash.
    pub(crate) fn listing(&self) -> String {
        let lines = self.0.iter().map(|(name, entry)| match entry {
            Entry::Directory(_) => format!("{name}/\n"),
            Entry::Leaf(_) | Entry::Secret => format!("{name}\n"),
        });
        lines.collect()
    }

    /// All that is below it, with the names that JSON has for it.
    pub(crate) fn to_json(&self) -> Value {
        let members = self.0.iter().filter_map(|(name, entry)| match entry {
            Entry::Directory(directory) => Some((camel_case(name), directory.to_json())),
            Entry::Leaf(leaf) => Some((camel_case(name), leaf.clone())),
            Entry::Secret => None,
        });
        Value::Object(members.collect::<Map<_, _>>())
    }

    /// All that is below it, one value a line behind its path.
    pub(crate) fn lines(&self) -> String {
        let mut lines = String::new();
        self.append_lines("", &mut lines);
        lines
    }

    fn append_lines(&self, above: &str, lines: &mut String) {
        for (name, entry) in &self.0 {
            match entry {
                Entry::Directory(directory) => directory.append_lines(&format!("{above}{name}/"), lines),
                Entry::Leaf(leaf) => {
                    for line in plain(leaf).lines() {
                        lines.push_str(&format!("{above}{name} {line}\n"));
                    }
                }
                Entry::Secret => {}
            }
        }
    }
}

/// A value as it stands alone: a list has one line for each of its values.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(|value| plain(value) + "\n").collect(),
        value => value.to_string(),
    }
}

/// `service-accounts` is `serviceAccounts` in JSON; addresses stay as they are.
fn camel_case(name: &str) -> String {
    if name.contains('@') {
        return name.into();
    }
    let mut words = name.split('-');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let mut letters = word.chars();
        let initial = letters.next().map(|letter| letter.to_ascii_uppercase());
        name + &initial.into_iter().chain(letters).collect::<String>()
    })
}

fn directory(entries: impl IntoIterator<Item = (&'static str, Entry)>) -> Entry {
    Entry::Directory(Directory(entries.into_iter().map(|(name, entry)| (name.into(), entry)).collect()))
}

fn leaf(value: impl Into<Value>) -> Entry {
    Entry::Leaf(value.into())
}

/// Everything, as it is now.
pub(crate) fn whole(state: &State) -> Whole {
    let config = &state.config;
    let number = config.project_number;
    let machine = Machine::of(state);
    let account = |email: &str| {
        directory([
            ("aliases", leaf(json!(["default"]))),
            ("email", leaf(email)),
            ("identity", Entry::Secret),
            ("scopes", leaf(json!(super::scopes(state)))),
            ("token", Entry::Secret),
        ])
    };
    let attached = state.attached_account().filter(|account| !account.is_deleted);
    let accounts = attached
        .iter()
        .flat_map(|it| [it.email.as_str(), "default"].map(|name| (name.to_owned(), account(&it.email))));
    let instance = directory([
        ("attributes", directory([])),
        ("description", leaf("")),
        ("hostname", leaf(format!("{}.{ZONE}.c.{}.internal", machine.name, config.project_id))),
        ("id", leaf(json!(machine.id.parse::<u64>().unwrap_or_default()))),
        ("image", leaf("projects/debian-cloud/global/images/debian-13")),
        ("machine-type", leaf(format!("projects/{number}/machineTypes/e2-medium"))),
        ("name", leaf(machine.name)),
        ("region", leaf(format!("projects/{number}/regions/{REGION}"))),
        ("service-accounts", Entry::Directory(Directory(accounts.collect()))),
        ("zone", leaf(format!("projects/{number}/zones/{ZONE}"))),
    ]);
    let project = directory([
        ("attributes", directory([])),
        ("numeric-project-id", leaf(json!(number))),
        ("project-id", leaf(config.project_id.as_str())),
    ]);
    let universe = directory([("universe-domain", leaf("googleapis.com"))]);
    match directory([("instance", instance), ("project", project), ("universe", universe)]) {
        Entry::Directory(directory) => Whole(directory),
        Entry::Leaf(_) | Entry::Secret => Whole(Directory(Vec::new())),
    }
}
