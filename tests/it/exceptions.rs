//! Where we disagree with vectors of others on purpose, each with its reason.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::generate::folder;
use crate::support::{items, read_json, text};

/// The verdicts of one family of outside vectors, held against what upstream says.
pub(crate) struct Comparison {
    family: &'static str,
    exceptions: Vec<Value>,
    used: BTreeSet<String>,
    wrong: Vec<String>,
    agreed: usize,
}

impl Comparison {
    pub(crate) fn new(family: &'static str) -> Self {
        let file = read_json(&folder().join("exceptions.json"));
        let exceptions = items(&file, "exceptions").iter().filter(|entry| entry["family"] == family);
        Self {
            family,
            exceptions: exceptions.cloned().collect(),
            used: BTreeSet::new(),
            wrong: Vec::new(),
            agreed: 0,
        }
    }

    /// One case: what upstream says and what we say, and why, if we refuse.
    pub(crate) fn case(&mut self, id: &str, upstream: bool, ours: bool, why: &str) {
        if upstream == ours {
            self.agreed += 1;
            return;
        }
        let exception = self.exceptions.iter().find(|entry| entry["id"] == id);
        let word = |accepts: bool| if accepts { "accept" } else { "reject" };
        let fits = exception.is_some_and(|entry| {
            text(entry, "upstream") == word(upstream)
                && text(entry, "ours") == word(ours)
                && !text(entry, "reason").is_empty()
        });
        if fits {
            self.used.insert(String::from(id));
        } else {
            self.wrong.push(format!("{id}: upstream {}, ours {} {why}", word(upstream), word(ours)));
        }
    }

    /// Demands that all went as expected, and that no exception has become needless.
    pub(crate) fn finish(self, cases: usize) {
        let Self { family, exceptions, used, wrong, agreed } = self;
        assert!(wrong.is_empty(), "{family}: {} differ\n{}", wrong.len(), wrong.join("\n"));
        for entry in &exceptions {
            assert!(
                used.contains(text(entry, "id")),
                "{family}: the exception {} is not needed",
                entry["id"]
            );
        }
        assert_eq!(agreed + used.len(), cases, "{family}: the number of cases");
        eprintln!("{family}: {agreed} agree, {} exceptions", used.len());
    }
}
