//! `callerid verify --lines`: one token per line, one report per line, in the same order.
//!
//! One thread reads, one per core verifies, and the main thread writes. The queue between them is
//! bounded, so that memory stays flat however many lines there are and however slow the reader of the
//! output is.

mod reader;
mod tally;
mod worker;

use std::io::{self, BufWriter, IsTerminal, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;

use callerid::{Policy, UnixTime, Verdict};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use self::reader::Lines;
use self::tally::Tally;
use self::worker::{Verified, Worker};
use crate::error::{Error, Exit, Outcome};
use crate::host::keys::Keys;
use crate::host::terminal;

/// Some lines, and where their reports go.
struct Job {
    lines: Lines,
    reports: SyncSender<Verified>,
}

/// The reports of jobs in the order in which their lines were read.
type Pending = Receiver<io::Result<Receiver<Verified>>>;

pub(crate) fn run(keys: Keys, policy: Policy, now: Option<UnixTime>) -> Outcome {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let worker = Arc::new(Worker::new(keys, policy, now));
    let (jobs, pending) = start_reading(threads.saturating_mul(4));
    for _ in 0..threads {
        let (worker, jobs) = (Arc::clone(&worker), Arc::clone(&jobs));
        thread::spawn(move || work(&worker, &jobs));
    }
    let mut tally = Tally::start();
    let written = write_all(&pending, &mut tally);
    for note in worker.notes() {
        terminal::say(&format!("note: {}", note.message));
    }
    written?;
    if tally.tokens() == 0 {
        return Err(Error::undecided(
            "there is no token: standard input is empty",
            "Check the command that should have brought the tokens, one per line.",
        ));
    }
    terminal::say(&tally.summary());
    Ok(match (tally.has(Verdict::Undecided), tally.has(Verdict::Rejected)) {
        (true, _) => Exit::Undecided,
        (false, true) => Exit::Rejected,
        (false, false) => Exit::Done,
    })
}

/// Starts the reading thread, at most that many jobs ahead of the writer.
fn start_reading(ahead: usize) -> (Arc<Mutex<Receiver<Job>>>, Pending) {
    let (send_job, jobs) = sync_channel(ahead);
    let (send_pending, pending) = sync_channel(ahead);
    thread::spawn(move || {
        let mut reader = reader::Reader::new(io::stdin().lock());
        loop {
            let lines = match reader.next_lines() {
                Ok(Some(lines)) => lines,
                Ok(None) => return,
                Err(error) => {
                    let _ = send_pending.send(Err(error));
                    return;
                }
            };
            let (reports, receiver) = sync_channel(1);
            // An end that is gone means that nobody wants more.
            if send_pending.send(Ok(receiver)).is_err() || send_job.send(Job { lines, reports }).is_err() {
                return;
            }
        }
    });
    (Arc::new(Mutex::new(jobs)), pending)
}

fn work(worker: &Worker, jobs: &Mutex<Receiver<Job>>) {
    loop {
        let job = jobs.lock().map(|jobs| jobs.recv());
        let Ok(Ok(Job { lines, reports })) = job else { return };
        let _ = reports.send(worker.verify(&lines));
    }
}

fn write_all(pending: &Pending, tally: &mut Tally) -> Outcome<()> {
    let progress = progress();
    let mut out = BufWriter::new(io::stdout().lock());
    for reports in pending {
        let reports = reports.map_err(|error| {
            let what = format!("standard input could not be read: {error}");
            Error::undecided(what, "The lines before it were verified; check where the input comes from.")
        })?;
        let verified = reports.recv().map_err(|_| {
            Error::undecided("a thread that verifies has ended", "Please report this: it should not happen.")
        })?;
        let written = out.write_all(verified.json.as_bytes()).and_then(|()| out.flush());
        written.map_err(|error| Error::from_write(&error))?;
        for (verdict, code) in verified.outcomes {
            tally.count(verdict, code);
        }
        progress.set_position(tally.tokens());
    }
    progress.finish_and_clear();
    Ok(())
}

/// A counter on the terminal, unless the reports go there.
fn progress() -> ProgressBar {
    if io::stdout().is_terminal() {
        return ProgressBar::hidden();
    }
    let progress = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{human_pos} tokens, {per_sec}, {elapsed}") {
        progress.set_style(style);
    }
    progress
}
